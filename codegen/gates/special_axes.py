"""Gates of scipy.special that take entries together along an axis, and multigammaln."""

import numpy as np

from codegen.gates import rules
from codegen.gates.composite import AXES as ROWS
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW
from codegen.gates.type_rules_reduce import average
from codegen.gates.words import expand

ALONG = [at(GRID), at(ROW), at(GRID, axis=0), at(GRID, axis=-1), at(BATCH, axis=1)]


@gate(
    "scipy.special.logsumexp(x, axis=None, *, keepdims=False)",
    "np.logaddexp.reduce(x, axis=0, *, keepdims=False)",
    rule=average,
    stem="lse_{x}",
    holomorphic=False,
    points=[*ROWS, at(GRID, axis=1), at(BATCH, axis=(0, 2)), at((700.0, 699.5, -800.0))],
)
def log_sum_exp(d, out, x, axis, keepdims):
    """Smooth maximum, for entries of any size. The slopes are a softmax, at most 1."""
    return np.exp(x - expand(out, axis, keepdims)) * expand(d, axis, keepdims)


@gate(
    "scipy.special.softmax(x, axis=None)",
    rule=rules.softmax,
    stem="softmax_{x}",
    holomorphic=False,
    points=[*ALONG, at(BATCH, axis=(0, 2))],
)
def soft_max(d, out, axis):
    """Probabilities that sum to 1 along an axis, for entries of any size."""
    return out * (d - np.sum(out * d, axis=axis, keepdims=True))


@gate(
    "scipy.special.log_softmax(x, axis=None)",
    rule=rules.softmax,
    stem="logsoftmax_{x}",
    holomorphic=False,
    points=[*ALONG, at(BATCH, axis=(0, 2))],
)
def log_softmax(d, out, axis):
    """The logarithm of softmax, finite for entries of any size."""
    return d - np.exp(out) * np.sum(d, axis=axis, keepdims=True)
