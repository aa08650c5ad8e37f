"""The helpers that our outputs carry for gates that put entries in order."""

import numpy as np

from codegen.gates import type_rules_own_helpers as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW, WIDE
from codegen.gates.type_rules_running import quantile
from codegen.gates.words import helper, rank, shape

LINE = (0.4, 1.3, -0.9, 0.6, 1.1)
TIED = (0.5, 0.2, 0.5, 0.5)


@gate(
    "_partition_grad(dz, x, parts, axis=-1)",
    rule=rules.like(1, 0),
    points=[
        at(LINE, LINE, (-0.9, 0.4, 0.6, 1.3, 1.1), axis=-1),
        at(LINE[:4], TIED, (0.2, 0.5, 0.5, 0.5), axis=-1),
        at(GRID, GRID, ((0.7, -1.4, 0.3), (-0.6, 1.2, 2.1)), axis=1),
        at(WIDE, WIDE, WIDE, axis=0),
        at((0.7, -1.4, 0.3, -0.6, 1.2, 2.1), GRID, (-1.2, -0.7, 0.3, 2.1, 1.6, 0.45), axis=None),
    ],
)
def partition_grad(d, x, parts, axis):
    """The gradient of x in parts = np.partition(x, kth, axis): there and back in stable order."""
    if axis is None:
        return helper("_partition_grad", np.ravel(d), parts, np.ravel(x), -1), None, None
    return helper("_partition_grad", d, parts, x, axis), None, None


QUANTILES = [
    (0.3, ROW, 0.3, None),
    (0.3, LINE, 0.5, 0),
    (0.3, TIED, 0.5, None),
    (0.3, GRID, 1.0, None),
    (LINE[:4], WIDE, 0.55, 0),
    (ROW, WIDE, 0.0, -1),
    (BATCH[0], BATCH, 0.25, 0),
    (((0.4, 1.3, -0.9, 0.2),), WIDE, 0.9, 0),
    (((0.4,),), GRID, 0.5, None),
    (0.4, 0.3, 0.5, None),
]


@gate(
    "_quantile_grad(dz, x, q=0.5, axis=None)",
    rule=rules.like_float(1),
    holomorphic=False,
    points=[at(dz, x, q=q, axis=axis) for dz, x, q, axis in QUANTILES],
)
def quantile_grad(d, dz, x, q, axis):
    """The gradient of x in np.quantile(x, q, axis), which reads d where it reads x."""
    if rank(dz) == 0:
        return helper("_quantile_of", d, x, q, axis), None
    return np.reshape(helper("_quantile_of", d, x, q, axis), shape(dz)), None


@gate(
    "_quantile_of(y, x, q=0.5, axis=None)",
    rule=quantile,
    points=[
        *(at(x, x, q=q, axis=axis) for _, x, q, axis in QUANTILES),
        at(WIDE[::-1], WIDE, q=0.3, axis=0),
    ],
)
def quantile_of(d, x, q, axis):
    """The entries of y where np.quantile(x, q, axis) reads x, in the same shares."""
    return helper("_quantile_grad", d, x, q, axis), None


RECORDS = ((0.4, 1.3, 1.3, -0.9, 1.6, 1.6), (1.5, -0.3, 1.5, 0.7, 1.5, 2.4))
HIGHEST = ((0.4, 1.3, 1.3, 1.3, 1.6, 1.6), (1.5, 1.5, 1.5, 1.5, 1.5, 2.4))
LOWEST = ((0.4, 0.4, 0.4, -0.9, -0.9, -0.9), (1.5, -0.3, -0.3, -0.3, -0.3, -0.3))
RUNS = [
    at(((0.3, 0.1, -0.4, 0.8, 1.1, 0.6), RECORDS[0]), RECORDS, out, axis=1)
    for out in (HIGHEST, LOWEST)
] + [
    at(RECORDS[1], RECORDS[0], HIGHEST[0], axis=0),
    at(GRID, GRID, ((0.3, -1.2, 2.1), (0.3, 1.6, 2.1)), axis=0),
    at(GRID, GRID, ((0.3, 0.3, 2.1), (-0.7, 1.6, 1.6)), axis=-1),
]


@gate("_running_extreme_grad(dz, x, ends, axis=0)", rule=rules.like(0), points=RUNS)
def running_extreme_grad(d, x, ends, axis):
    """The gradient of x in ends = np.maximum.accumulate(x, axis): its adjoint reads d there."""
    return helper("_running_extreme_of", d, x, ends, axis), None, None


@gate("_running_extreme_of(y, x, ends, axis=0)", rule=rules.like_float(0), points=RUNS)
def running_extreme_of(d, x, ends, axis):
    """The entries of y where ends = np.maximum.accumulate(x, axis) reads x; the mean where tied."""
    return helper("_running_extreme_grad", d, x, ends, axis), None, None
