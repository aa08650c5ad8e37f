"""Upper and lower bounds: of two, the one that is a number, and clipping."""

import numpy as np

from codegen.gates.compare import KINKED, PAIRS
from codegen.gates.declare import at, elementwise
from codegen.gates.rules import same, same_as_literal


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
