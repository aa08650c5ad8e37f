"""Gates that are recognised as a whole in the author's text, which stays as it is."""

import numpy as np

from codegen.gates import rules
from codegen.gates.declare import at, elementwise, gate
from codegen.gates.points import BATCH, GRID, ROW, ZEROS
from codegen.gates.type_rules_reduce import average
from codegen.gates.words import expand, mean_along

SQUASHED = [at(GRID), at(0.3), at(-2.0), at(ZEROS), at(-40.0)]


@elementwise(
    spellings=[
        "1 / (1 + np.exp(-x))",
        "np.exp(x) / (1 + np.exp(x))",
        "(1 + np.exp(-x)) ** -1",
    ],
    rule=rules.floating,
    stem="sig{x}",
    points=SQUASHED,
)
def sigmoid(out):
    """Squash to (0, 1). The slope is (1 - out) * out, so the forward value is reused."""
    return (1 - out) * out


@elementwise(
    spellings=["1 / (1 + np.exp(x))", "(1 + np.exp(x)) ** -1"],
    rule=rules.floating,
    stem="sig_{x}",
    points=SQUASHED,
)
def sigmoid_falling(out):
    """The sigmoid of -x: `1 / (1 + np.exp(-X @ w))` has no x apart from its sign."""
    return (out - 1) * out


@elementwise(
    spellings=["np.log(1 + np.exp(x))", "np.log1p(np.exp(x))"],
    rule=rules.floating,
    stem="softplus_{x}",
    points=[*SQUASHED, at(30.0)],
)
def softplus(out):
    """Smooth ReLU. The slope is the sigmoid, which is 1 - exp(-out): it never overflows."""
    return -np.expm1(-out)


@elementwise(
    rule=rules.same_as_literal,
    stem="max_{x}",
    holomorphic=False,
    points=[at(GRID), at(0.3), at(-2.0), at(0.0), at(ZEROS)],
)
def maximum_half(d, out, x, C):
    """np.maximum(x, 0) beside np.log1p(np.exp(-np.abs(x))): slope 0.5 at 0, where kinks cancel."""
    return np.where(x == C, 0.5 * d, (out > C) * d)


AXES = [
    at(GRID),
    at(ROW),
    at(GRID, keepdims=True),
    at(GRID, axis=0),
    at(GRID, axis=1, keepdims=True),
    at(GRID, axis=-1, keepdims=True),
    at(BATCH, axis=(0, 2), keepdims=True),
    at(BATCH, axis=-2, keepdims=True),
]


@gate(
    spellings=[
        "np.log(np.sum(np.exp(x), axis=None, keepdims=False))",
        "np.log(np.exp(x).sum(axis=None, keepdims=False))",
        "MAX + np.log(np.sum(np.exp(x - MAX), axis=None, keepdims=False))",
        "MAX + np.log(np.exp(x - MAX).sum(axis=None, keepdims=False))",
    ],
    rule=average,
    stem="lse_{x}",
    points=[*AXES, at(GRID, axis=1), at(BATCH, axis=(0, 2)), at(BATCH, axis=-2)],
)
def logsumexp(d, out, x, axis, keepdims):
    """Smooth maximum, with the maximum taken out or not. The slopes are a softmax, at most 1."""
    return np.exp(x - expand(out, axis, keepdims)) * expand(d, axis, keepdims)


def _broadcasts(statics):
    """What is divided by the sums must be of the row that was summed."""
    return statics["keepdims"] or statics["axis"] in (None, 0, (0,))


@gate(
    spellings=[
        "np.exp(x) / np.sum(np.exp(x), axis=None, keepdims=False)",
        "np.exp(x) / np.exp(x).sum(axis=None, keepdims=False)",
        "np.exp(x - MAX) / np.sum(np.exp(x - MAX), axis=None, keepdims=False)",
        "np.exp(x - MAX) / np.exp(x - MAX).sum(axis=None, keepdims=False)",
    ],
    needs=_broadcasts,
    rule=rules.softmax,
    stem="softmax_{x}",
    points=AXES,
)
def softmax(d, out, axis):
    """Probabilities that sum to 1 along an axis, with the maximum taken out or not."""
    return out * (d - np.sum(out * d, axis=axis, keepdims=True))


@gate(
    takes=("x", "mean", "std"),
    remark="mean and std included",
    holomorphic=False,
    rule=rules.softmax,
    stem="{x}_hat",
    singular=True,
    points=[
        at(GRID, axis=0),
        at(GRID, axis=1, keepdims=True),
        at(GRID),
        at(BATCH, axis=(1, 2), keepdims=True),
    ],
)
def normalized(d, out, std, axis):
    """(x - mean) / sqrt(var + eps) with mean and variance of x, whose terms are put together."""
    return (d - mean_along(d, axis) - out * mean_along(out * d, axis)) / std, None, None


@gate(
    takes=("x", "largest"),
    rule=rules.same,
    stem="{x}_shifted",
    remark="the maximum cancels",
    points=[at(GRID, axis=1, keepdims=True), at(GRID), at(ROW), at(BATCH, axis=-1, keepdims=True)],
)
def shifted(d):
    """x - np.max(x) where what is computed from it is the same whatever is taken out."""
    return d, None


@gate(
    takes=("x", "exps", "total"),
    remark="the sum of exponentials included",
    rule=rules.softmax,
    stem="logsoftmax_{x}",
    points=[at(GRID, axis=1, keepdims=True), at(GRID), at(ROW), at(BATCH, axis=-1, keepdims=True)],
)
def log_shares(d, exps, total, axis):
    """x - np.log(total), where total is the sum of the exponentials of x."""
    return d - np.sum(d, axis=axis, keepdims=True) / total * exps, None, None


@gate(
    takes=("x", "lse"),
    remark="the sum of exponentials included",
    rule=rules.softmax,
    stem="logsoftmax_{x}",
    points=[at(GRID, axis=1, keepdims=True), at(GRID), at(ROW), at(BATCH, axis=-1, keepdims=True)],
)
def log_shares_of(d, out, axis):
    """x - np.log(np.sum(np.exp(x))), where the logarithm has a line of its own."""
    return d - np.sum(d, axis=axis, keepdims=True) * np.exp(out), None
