"""Gates that run along an axis."""

import numpy as np

from codegen.gates import type_rules_running as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW
from codegen.gates.words import cast, count, differences_back, grad_by, rank, shape, sums_from_end

LONG = (0.4, 1.3, -0.9, 0.6, 1.1)
ALONG = [
    at(ROW),
    at(GRID),
    at(GRID, axis=0),
    at(GRID, axis=1),
    at(GRID, axis=-1),
    at(BATCH, axis=1),
    at(BATCH, axis=-2),
    at(ROW, axis=0),
]


@gate(
    "np.cumsum(x, axis=None, dtype=None)",
    "x.cumsum(axis=None, dtype=None)",
    "np.add.accumulate(x, axis=0, dtype=None)",
    rule=rules.running,
    stem="cum_{x}",
    points=[*ALONG, at(GRID, axis=1, dtype="np.float64")],
)
def cumsum(d, x, axis, dtype):
    """Running sum: an entry is in every sum from its own on."""
    return cast(sums_from_end(d, x, axis), x, dtype)


@gate(
    "np.cumprod(x, axis=None, dtype=None)",
    "x.cumprod(axis=None, dtype=None)",
    "np.multiply.accumulate(x, axis=0, dtype=None)",
    rule=rules.running,
    points=[
        *ALONG,
        at((1.3, 0.0, -0.7, 0.6)),
        at((0.0, 0.0, -0.7)),
        at(((0.0, 2.0, -0.5), (1.5, 0.0, 0.7)), axis=0),
        at(GRID, axis=1, dtype="np.float64"),
    ],
)
def cumprod(d, x, axis, dtype):
    """Running product: exact also where entries are 0."""
    return grad_by("_cumprod_grad", cast(d, x, dtype), x, x, axis)


@gate(
    "np.diff(x, n=1, axis=-1)",
    rule=rules.difference,
    points=[at(ROW), at(GRID), at(GRID, axis=0), at(GRID, axis=1), at(BATCH, axis=1), at(BATCH)],
)
def diff(d, x, axis):
    """Each entry less the one before: the cotangent goes to one, with a minus to the other."""
    if rank(x) is None:
        return grad_by("_diff_grad", d, x, shape(x), axis)
    return differences_back(d, x, axis)


@gate("np.ediff1d(x)", rule=rules.flat_difference, points=[at(ROW), at(GRID), at(BATCH)])
def ediff1d(d, x):
    """Each entry less the one before, of all entries in a row."""
    if rank(x) == 1:
        return differences_back(d, x, 0)
    return grad_by("_ediff1d_grad", d, x, shape(x))


RECORDS = ((0.4, 1.3, -0.9, 1.1, 1.6, 0.2), (1.5, -0.3, 0.7, 1.7, -2.2, 2.4))


@gate(
    "np.maximum.accumulate(x, axis=0)",
    rule=rules.ordered,
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[*ALONG, at(RECORDS), at(RECORDS, axis=1), at(RECORDS[0])],
)
def maximum_accumulate(d, out, x, axis):
    """The largest entry so far: an entry gets the cotangents of all places where it is."""
    return grad_by("_running_extreme_grad", d, x, x, out, axis)


@gate(
    "np.minimum.accumulate(x, axis=0)",
    rule=rules.ordered,
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[*ALONG, at(RECORDS), at(RECORDS, axis=1), at(RECORDS[0])],
)
def minimum_accumulate(d, out, x, axis):
    """The smallest entry so far: an entry gets the cotangents of all places where it is."""
    return grad_by("_running_extreme_grad", d, x, x, out, axis)


@gate(
    "np.convolve(x, v, mode='full')",
    rule=rules.convolved,
    points=[
        at(ROW, LONG),
        at(LONG, ROW),
        at(LONG, (0.4, -0.3)),
        at(ROW, (0.5,)),
        *(
            at(*operands, mode=mode)
            for mode in ("'same'", "'valid'")
            for operands in ((LONG, ROW), (ROW, LONG), (LONG, (0.4, -0.3)), ((0.4, -0.3), LONG))
        ),
    ],
)
def convolve(d, x, v, mode):
    """Sums of products of one row with the other back to front; the cotangent is correlated."""
    if mode == "full":
        return np.correlate(d, v, "valid"), np.correlate(d, x, "valid")
    return (
        grad_by("_convolve_grad", d, x, v, count(x, 0), mode),
        grad_by("_convolve_grad", d, v, x, count(v, 0), mode),
    )


@gate(
    "np.correlate(x, v, mode='valid')",
    rule=rules.convolved,
    holomorphic=False,  # it conjugates
    points=[
        at(*operands, mode=mode)
        for mode in ("'full'", "'same'", "'valid'")
        for operands in (
            (LONG, ROW),
            (ROW, LONG),
            (LONG, (0.4, -0.3)),
            ((0.4, -0.3), LONG),
            (ROW, (0.5,)),
        )
    ],
)
def correlate(d, x, v, mode):
    """Sums of products of one row with the other, moved along it; the cotangent is convolved."""
    return (
        grad_by("_correlate_grad_left", d, x, count(x, 0), v, mode),
        grad_by("_correlate_grad_right", d, v, x, count(v, 0), mode),
    )
