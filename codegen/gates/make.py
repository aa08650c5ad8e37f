"""Arrays made anew, most of them without gradient, and limits of a dtype."""

import numpy as np

from codegen.gates import type_rules_make as rules
from codegen.gates.declare import at, elementwise, gate, value
from codegen.gates.points import GRID, ROW
from codegen.gates.words import cast, count, helper, rank, shape, shares


@value("np.zeros(shape, dtype=None)", rule=rules.filled, sizes=("shape",))
def zeros():
    """An array of zeros."""


@value("np.ones(shape, dtype=None)", rule=rules.filled, sizes=("shape",))
def ones():
    """An array of ones."""


@value(
    "np.empty(shape, dtype=None)",
    "np.ndarray(shape, dtype=None)",
    rule=rules.filled,
    sizes=("shape",),
)
def empty():
    """An array of whatever was in memory."""


@value("np.zeros_like(x, dtype=None)", rule=rules.filled_like)
def zeros_like():
    """Zeros in the shape of another array."""


@value("np.ones_like(x, dtype=None)", rule=rules.filled_like)
def ones_like():
    """Ones in the shape of another array."""


@value("np.empty_like(x, dtype=None)", rule=rules.filled_like)
def empty_like():
    """Whatever was in memory, in the shape of another array."""


@elementwise(
    "np.full(shape, fill_value, dtype=None)",
    rule=rules.full,
    sizes=("shape",),
    points=[at((2, 3), 0.3), at(3, 0.3), at((2, 3), ROW), at((0, 3), 0.3)],
)
def full(d, shape, fill_value):
    """An array of one number, which gets the sum of all cotangents."""
    return None, d


@elementwise(
    "np.full_like(y, fill_value, dtype=None)",
    rule=rules.full_like,
    holomorphic=False,
    points=[at(GRID, 0.3), at(GRID, ROW)],
)
def full_like(d, y, fill_value):
    """One number in the shape of another array; it gets the sum of all cotangents."""
    return None, d


@value("np.arange(stop, *, dtype=None)", rule=rules.arange, counts=("stop",), cheap=True)
def arange():
    """The whole numbers below stop."""


@gate(
    "np.arange(start, stop, step=..., dtype=None)",
    rule=rules.arange,
    bounds=("start", "stop", "step"),
    cheap=True,
    holomorphic=False,
    points=[at(0.3, 2.7), at(0.3, 2.7, 0.5), at(2.7, 0.3, -0.7), at(0.3, 0.1)],
)
def arange_from(d, out, start, stop, step):
    """Numbers in a row; the steps have slope 0 in where the row ends."""
    return np.sum(d), None, np.arange(count(out, 0)) @ d


@gate(
    "np.linspace(start, stop, num=..., *, endpoint=True, dtype=None)",
    rule=rules.linspace,
    counts=("num",),
    neutral=("start", "stop"),
    points=[
        at(0.3, 2.7),
        at(0.3, 2.7, 4),
        at(2.7, -0.3, 1),
        at(0.3, 2.7, 4, endpoint=False),
        at(0.3, 2.7, 0),
        at(ROW, 2.7, 4),
        at(ROW, GRID, 3),
    ],
)
def linspace(d, start, stop, num=50, endpoint=True):
    """Numbers at equal distances: each is a mean of the two ends."""
    share = shares(num, endpoint)
    if rank(start) == 0 and rank(stop) == 0:
        return (1 - share) @ d, share @ d, None
    return (
        cast(helper("_linspace_grad", d, 1 - share, shape(start)), start, True),
        cast(helper("_linspace_grad", d, share, shape(stop)), stop, True),
        None,
    )


@value(
    "np.eye(rows, columns=..., k=..., *, dtype=None)",
    rule=rules.eye,
    counts=("rows", "columns", "k"),
)
def eye():
    """The identity matrix, or ones on another diagonal."""


@value("np.identity(n, dtype=None)", rule=rules.eye, counts=("n",))
def identity():
    """The identity matrix."""


@value(
    "np.tri(rows, columns=..., k=..., dtype=None)", rule=rules.eye, counts=("rows", "columns", "k")
)
def tri():
    """Ones on and below a diagonal."""


@value("np.finfo(dtype=None).eps", rule=rules.limit, cheap=True)
def eps():
    """The distance from 1 to the next float."""


@value(
    "np.finfo(dtype=None).tiny",
    "np.finfo(dtype=None).smallest_normal",
    rule=rules.limit,
    cheap=True,
)
def tiny():
    """The smallest positive float that has its full precision."""


@value("np.finfo(dtype=None).max", rule=rules.limit, cheap=True)
def largest_float():
    """The largest float."""


@value("np.finfo(dtype=None).min", rule=rules.limit, cheap=True)
def lowest_float():
    """The most negative float."""


@value("np.iinfo(dtype=None).max", rule=rules.whole_limit, cheap=True)
def largest_int():
    """The largest integer."""


@value("np.iinfo(dtype=None).min", rule=rules.whole_limit, cheap=True)
def lowest_int():
    """The most negative integer."""
