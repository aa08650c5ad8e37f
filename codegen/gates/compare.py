"""Comparisons, the larger and the smaller of two, and choices."""

import numpy as np

from codegen.gates.declare import at, elementwise, value
from codegen.gates.points import BATCH, COLUMN, GRID, OTHER, ROW
from codegen.gates.rules import (
    builtin_extreme,
    choice,
    comparison,
    replaced,
    same,
    same_as_literal,
)

TIED = at(((1.0, 2.0),), ((1.0, 0.5),))
PAIRS = [
    at(GRID, OTHER),
    at(GRID, ROW),
    at(COLUMN, ROW),
    at(0.35, GRID),
    at(GRID, 0.35),
    at(BATCH, ROW),
    TIED,
]


@value("x < y", "np.less(x, y)", rule=comparison, cheap=True, entrywise=True)
def less():
    """Mask: smaller."""


@value("x <= y", "np.less_equal(x, y)", rule=comparison, cheap=True, entrywise=True)
def less_equal():
    """Mask: smaller or equal."""


@value("x > y", "np.greater(x, y)", rule=comparison, cheap=True, entrywise=True)
def greater():
    """Mask: larger."""


@value("x >= y", "np.greater_equal(x, y)", rule=comparison, cheap=True, entrywise=True)
def greater_equal():
    """Mask: larger or equal."""


@value("x == y", "np.equal(x, y)", rule=comparison, cheap=True, entrywise=True)
def equal():
    """Mask: equal."""


@value("x != y", "np.not_equal(x, y)", rule=comparison, cheap=True, entrywise=True)
def not_equal():
    """Mask: different."""


@value("not x", rule=comparison, cheap=True)
def not_():
    """Truth value, inverted."""


@value("x & y", "np.logical_and(x, y)", rule=comparison, cheap=True)
def and_():
    """Mask: both."""


@value("x | y", "np.logical_or(x, y)", rule=comparison, cheap=True)
def or_():
    """Mask: either."""


@value("~x", "np.logical_not(x)", rule=comparison, cheap=True)
def invert():
    """Mask, inverted."""


@value("np.logical_xor(x, y)", rule=comparison, cheap=True)
def xor():
    """Mask: one of the two, not both."""


@value("np.isnan(x)", "math.isnan(x)", rule=comparison, cheap=True, entrywise=True)
def isnan():
    """Mask: not a number."""


@value("np.isinf(x)", "math.isinf(x)", rule=comparison, cheap=True, entrywise=True)
def isinf():
    """Mask: infinite."""


@value("np.isfinite(x)", "math.isfinite(x)", rule=comparison, cheap=True, entrywise=True)
def isfinite():
    """Mask: neither infinite nor NaN."""


@value("np.signbit(x)", rule=comparison, cheap=True, entrywise=True)
def signbit():
    """Mask: with a minus sign, as -0.0 has one."""


@value("np.isclose(x, y, rtol=1e-05, atol=1e-08)", rule=comparison, entrywise=True)
def isclose():
    """Mask: equal up to rounding."""


@value("math.isclose(x, y, *, rel_tol=1e-09, abs_tol=0.0)", rule=comparison, entrywise=True)
def is_close():
    """Whether two numbers are equal up to rounding."""


@elementwise(
    "np.maximum(x, y)",
    rule=same,
    stem="max_{x}",
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[*PAIRS, at(0.3, 1.2)],
)
def maximum(d, x, y):
    """The larger one gets the cotangent; at a tie each gets half."""
    return np.where(x == y, 0.5 * d, (x > y) * d), np.where(x == y, 0.5 * d, (x < y) * d)


@elementwise(
    "np.minimum(x, y)",
    rule=same,
    stem="min_{x}",
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[*PAIRS, at(0.3, 1.2)],
)
def minimum(d, x, y):
    """The smaller one gets the cotangent; at a tie each gets half."""
    return np.where(x == y, 0.5 * d, (x < y) * d), np.where(x == y, 0.5 * d, (x > y) * d)


@elementwise(
    "max(x, y)",
    rule=builtin_extreme,
    stem="max_{x}",
    kink="ties share equally",
    holomorphic=False,
    points=[at(0.3, 1.2), at(1.2, 0.3), at(0.7, 0.7)],
)
def larger(x, y):
    """The built-in: the larger one gets the cotangent; at a tie each gets half."""
    return (x > y) + 0.5 * (x == y), (x < y) + 0.5 * (x == y)


@elementwise(
    "min(x, y)",
    rule=builtin_extreme,
    stem="min_{x}",
    kink="ties share equally",
    holomorphic=False,
    points=[at(0.3, 1.2), at(1.2, 0.3), at(0.7, 0.7)],
)
def smaller(x, y):
    """The built-in: the smaller one gets the cotangent; at a tie each gets half."""
    return (x < y) + 0.5 * (x == y), (x > y) + 0.5 * (x == y)


KINKED = [at(GRID), at(0.3), at(-0.3), at(((0.0, 1.0, -1.0),)), at(0.0)]


@elementwise(
    "np.maximum(C, x)",
    "np.maximum(x, C)",
    rule=same_as_literal,
    stem="max_{x}",
    kink="0 at the literal: the ReLU gate",
    holomorphic=False,
    points=KINKED,
)
def maximum_literal(out, x, C):
    """ReLU, or a floor at another literal: the cotangent passes where x is above it."""
    return x > C if handed_out(out, x) else out > C


@elementwise(
    "np.minimum(C, x)",
    "np.minimum(x, C)",
    rule=same_as_literal,
    stem="min_{x}",
    kink="0 at the literal",
    holomorphic=False,
    points=KINKED,
)
def minimum_literal(out, x, C):
    """A ceiling at a literal: the cotangent passes where x is below it."""
    return out < C


@elementwise(
    "max(C, x)",
    "max(x, C)",
    rule=builtin_extreme,
    stem="max_{x}",
    kink="0 at the literal: the ReLU gate",
    holomorphic=False,
    points=[at(0.3), at(-0.3), at(0.0), at(1.0)],
)
def larger_literal(x, C):
    """The built-in with a literal: the cotangent passes where x is above it."""
    return x > C


@elementwise(
    "min(C, x)",
    "min(x, C)",
    rule=builtin_extreme,
    stem="min_{x}",
    kink="0 at the literal",
    holomorphic=False,
    points=[at(0.3), at(-0.3), at(0.0), at(1.0)],
)
def smaller_literal(x, C):
    """The built-in with a literal: the cotangent passes where x is below it."""
    return x < C


@elementwise(
    "np.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)",
    rule=replaced,
    stem="{x}_finite",
    kink="0 where x is no finite number",
    holomorphic=False,
    points=[
        at(GRID),
        at(0.3),
        at(GRID, nan=1.5, posinf=2.0, neginf=-3.0),
    ],
)
def nan_to_num(d, x):
    """Other numbers in place of what is not finite, which gets 0. The mask travels on with it."""
    return under(np.isfinite(x), d)


@elementwise(
    "np.where(condition, x, y)",
    rule=choice,
    stem="{x}_or_{y}",
    points=[
        at(((True, False, True), (False, True, False)), GRID, OTHER),
        at(((True, False, True), (False, True, False)), 0.3, OTHER),
        at((True, False, True), GRID, 0.3),
        at((True, False, True), COLUMN, ROW),
        at(((True,), (False,)), 0.3, -1.4),
        at(False, GRID, ROW),
        at(True, 0.3, -1.4),
    ],
)
def where(d, condition, x, y):
    """Each side gets the cotangent where it was chosen; the mask then travels with it."""
    return None, under(condition, d), under_not(condition, d)
