"""Upper and lower bounds: of two, the one that is a number, and clipping."""

import numpy as np

from codegen.gates.compare import KINKED, PAIRS
from codegen.gates.declare import at, elementwise
from codegen.gates.points import COLUMN, GRID, ROW
from codegen.gates.rules import clipped, same, same_as_literal


@elementwise(
    "np.fmax(x, y)",
    rule=same,
    stem="max_{x}",
    kink="ties share equally; what is beside a NaN gets all",
    remark="ties share",
    holomorphic=False,
    points=[*PAIRS, at(0.3, 1.2)],
)
def fmax(d, out, x, y):
    """The larger one, or the one that is a number, gets the cotangent; at a tie each gets half."""
    return np.where(x == y, 0.5 * d, (x == out) * d), np.where(x == y, 0.5 * d, (y == out) * d)


@elementwise(
    "np.fmin(x, y)",
    rule=same,
    stem="min_{x}",
    kink="ties share equally; what is beside a NaN gets all",
    remark="ties share",
    holomorphic=False,
    points=[*PAIRS, at(0.3, 1.2)],
)
def fmin(d, out, x, y):
    """The smaller one, or the one that is a number, gets the cotangent; at a tie each gets half."""
    return np.where(x == y, 0.5 * d, (x == out) * d), np.where(x == y, 0.5 * d, (y == out) * d)


@elementwise(
    "np.fmax(C, x)",
    "np.fmax(x, C)",
    rule=same_as_literal,
    stem="max_{x}",
    kink="0 at the literal, and where x is NaN",
    holomorphic=False,
    points=KINKED,
)
def fmax_literal(out, x, C):
    """A floor at a literal: the cotangent passes where x is above it."""
    return out > C


@elementwise(
    "np.fmin(C, x)",
    "np.fmin(x, C)",
    rule=same_as_literal,
    stem="min_{x}",
    kink="0 at the literal, and where x is NaN",
    holomorphic=False,
    points=KINKED,
)
def fmin_literal(out, x, C):
    """A ceiling at a literal: the cotangent passes where x is below it."""
    return out < C


@elementwise(
    "np.clip(x, min=..., max=...)",
    "x.clip(min=..., max=...)",
    also={"a_min": "min", "a_max": "max"},
    rule=clipped,
    stem="clip_{x}",
    kink="at a bound the bound gets it all",
    holomorphic=False,
    points=[
        at(GRID, -0.5, 0.5),
        at(GRID, 0.5, -0.5),
        at(0.3, -0.5, 0.5, only="np.clip(x, min=..., max=...)"),
        at(2.0, -0.5, 0.5, only="np.clip(x, min=..., max=...)"),
        at(GRID, ROW, 1.5),
        at(GRID, COLUMN, ROW),
        at(((-0.5, 0.5),), ((-0.5, -0.6),), ((0.6, 0.5),)),
        at(((0.5, 1.0, 0.2),), ((0.5, 0.5, 0.5),), ((0.5, 0.5, 0.5),)),
        at(GRID, -0.5, only="x.clip(min=..., max=...)"),
        at(GRID, None, 0.5),
        at(GRID, None, None),
        at(GRID, ROW, None),
    ],
)
def clip(out, x, min=None, max=None):
    """Kept between two bounds; the upper one wins. What is outside gives its cotangent to them."""
    if min is None and max is None:
        return 1, None, None
    if min is None:
        return out < max, None, out == max
    if max is None:
        return out > min, out == min, None
    return (out > min) & (out < max), (out == min) & (out < max), out == max
