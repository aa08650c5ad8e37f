"""Gates that sum, average or choose along axes."""

import numpy as np

from codegen.gates import rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ONE, ROW
from codegen.gates.words import count, dtype, expand

AXES = [
    at(GRID),
    at(ROW),
    at(GRID, axis=0),
    at(GRID, axis=1),
    at(GRID, axis=-1),
    at(GRID, axis=-1, keepdims=True),
    at(GRID, axis=0, keepdims=True),
    at(GRID, keepdims=True),
    at(BATCH, axis=(0, 2)),
    at(BATCH, axis=(-1, 1), keepdims=True),
    at(BATCH, axis=1),
    at(BATCH, axis=-2, keepdims=True),
    at(BATCH, axis=(0, 1, 2)),
    at(BATCH, axis=(1,)),
    at(BATCH),
    at(ONE, axis=0),
]


@gate(
    "np.sum(x, axis=None, *, keepdims=False)",
    "x.sum(axis=None, *, keepdims=False)",
    rule=rules.sum_,
    broadcasts=True,
    stem="sum_{x}",
    points=[*AXES, at(0.3, only="np.sum(x, axis=None, *, keepdims=False)")],
)
def sum_(d, axis, keepdims):
    """Sum: every entry gets the cotangent of its sum."""
    return expand(d, axis, keepdims)


@gate(
    "np.mean(x, axis=None, *, keepdims=False)",
    "x.mean(axis=None, *, keepdims=False)",
    rule=rules.mean,
    broadcasts=True,
    stem="mean_{x}",
    points=[*AXES, at(0.3, only="np.mean(x, axis=None, *, keepdims=False)")],
)
def mean(d, x, axis, keepdims):
    """Average: every entry gets its share of the cotangent."""
    return expand(d, axis, keepdims) / count(x, axis)


TIED = ((1.0, 2.0, 2.0), (0.5, 0.5, 0.5))


@gate(
    "np.max(x, axis=None, *, keepdims=False)",
    "np.amax(x, axis=None, *, keepdims=False)",
    "x.max(axis=None, *, keepdims=False)",
    rule=rules.extreme,
    broadcasts=True,
    stem="max_{x}",
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[
        *AXES,
        at(TIED),
        at(TIED, axis=1),
        at(TIED, axis=0, keepdims=True),
        at(TIED, axis=(0, 1), keepdims=True),
    ],
)
def max_(d, out, x, axis, keepdims):
    """Largest entry: it gets the cotangent; ties share it equally."""
    at_max = x == expand(out, axis, keepdims)
    return (
        at_max
        / np.sum(at_max, axis=axis, keepdims=True, dtype=dtype(x))
        * expand(d, axis, keepdims)
    )


@gate(
    "np.min(x, axis=None, *, keepdims=False)",
    "np.amin(x, axis=None, *, keepdims=False)",
    "x.min(axis=None, *, keepdims=False)",
    rule=rules.extreme,
    broadcasts=True,
    stem="min_{x}",
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[
        *AXES,
        at(TIED),
        at(TIED, axis=1),
        at(TIED, axis=0, keepdims=True),
        at(TIED, axis=(0, 1), keepdims=True),
    ],
)
def min_(d, out, x, axis, keepdims):
    """Smallest entry: it gets the cotangent; ties share it equally."""
    at_min = x == expand(out, axis, keepdims)
    return (
        at_min
        / np.sum(at_min, axis=axis, keepdims=True, dtype=dtype(x))
        * expand(d, axis, keepdims)
    )


@gate(
    "sum(x)",
    rule=rules.builtin_sum,
    broadcasts=True,
    stem="sum_{x}",
    points=[at(ROW), at(GRID), at(BATCH)],
)
def builtin_sum(d):
    """The built-in: sums a list, or an array over its first axis."""
    return d
