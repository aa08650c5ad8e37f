"""Gates that measure how far entries are from their average along axes."""

import numpy as np

from codegen.gates import type_rules_reduce as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID
from codegen.gates.points_axes import AXES, PRECISE
from codegen.gates.words import cast, centered, count, expand

# without those of a single entry along an axis, which has no spread
CORRECTED = [
    at(GRID, ddof=1),
    at(GRID, axis=1, ddof=1),
    at(GRID, axis=0, ddof=0.5),
    at(BATCH, axis=(0, 2), ddof=1, keepdims=True),
]
CONSTANT = ((0.1, 1.0), (0.1, -1.0), (0.1, 0.0))  # the mean of three 0.1 is not 0.1


@gate(
    "np.var(x, axis=None, dtype=None, *, ddof=0, keepdims=False)",
    "x.var(axis=None, dtype=None, *, ddof=0, keepdims=False)",
    rule=rules.average,
    stem="var_{x}",
    holomorphic=False,
    points=[*AXES, *PRECISE, *CORRECTED, at(CONSTANT, axis=0)],
)
def var(d, x, axis, dtype, ddof, keepdims):
    """Variance: twice the distance from the mean, over how many there are (less ddof)."""
    return (
        2 / (count(x, axis) - ddof) * centered(x, axis) * expand(cast(d, x, dtype), axis, keepdims)
    )


@gate(
    "np.std(x, axis=None, dtype=None, *, ddof=0, keepdims=False)",
    "x.std(axis=None, dtype=None, *, ddof=0, keepdims=False)",
    rule=rules.average,
    stem="std_{x}",
    kink="0 where all entries are equal",
    remark="0 where constant",
    holomorphic=False,
    points=[
        *AXES,
        *PRECISE,
        *CORRECTED,
        at(CONSTANT, axis=0),
        at((0.1, 0.1, 0.1)),
        at(((0.1, 0.1, 0.1), (1.0, -1.0, 0.0)), axis=-1),
    ],
)
def std(d, out, x, axis, dtype, ddof, keepdims):
    """Standard deviation: the distance from the mean over it and the count. 0 if constant.

    Rounding may leave a constant row a deviation that is not quite 0: the range is.
    """
    spread = np.where(np.ptp(x, axis=axis, keepdims=keepdims) > 0, out, np.inf)
    return (
        expand(cast(d / spread, x, dtype), axis, keepdims)
        * centered(x, axis)
        / (count(x, axis) - ddof)
    )
