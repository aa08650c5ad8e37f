"""The helpers that our outputs carry and that move entries: their adjoints are in numpy."""

import numpy as np

from codegen.gates import type_rules_own_helpers as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW, SQUARE, WIDE

LINE = (0.4, 1.3, -0.9, 0.6, 1.1)
moved = rules.of_shape(1, 0)


@gate(
    "_diff_grad(dz, shape, axis=-1)",
    rule=moved,
    sizes=("shape",),
    points=[
        at(ROW, (4,), axis=0),
        at(GRID, (2, 4), axis=-1),
        at(GRID, (3, 3), axis=0),
        at(BATCH, (2, 3, 3), axis=1),
    ],
)
def diff_grad(d, axis):
    """The gradient of x in np.diff(x, axis=axis)."""
    return np.diff(d, axis=axis), None


@gate(
    "_ediff1d_grad(dz, shape)",
    rule=moved,
    sizes=("shape",),
    points=[at(LINE, (2, 3)), at(ROW, (4,)), at(LINE, (3, 1, 2))],
)
def ediff1d_grad(d):
    """The gradient of x in np.ediff1d(x)."""
    return np.ediff1d(d), None


@gate(
    "_repeat_grad(dz, shape, repeats=None, axis=None)",
    rule=moved,
    sizes=("shape",),
    points=[
        at(WIDE, (3, 2), repeats=2, axis=1),
        at(WIDE, (1, 4), repeats=3, axis=0),
        at(GRID, (2, 3), repeats=1, axis=-1),
    ],
)
def repeat_grad(d, repeats, axis):
    """The gradient of x in np.repeat(x, repeats, axis)."""
    return np.repeat(d, repeats=repeats, axis=axis), None


@gate(
    "_tile_grad(dz, shape, reps=None)",
    rule=moved,
    sizes=("shape",),
    points=[
        at(WIDE[0], (2,), reps=2),
        at(WIDE, (3, 2), reps=2),
        at(WIDE, (4,), reps=(3, 1)),
        at(WIDE[0], (), reps=4),
    ],
)
def tile_grad(d, reps):
    """The gradient of x in np.tile(x, reps)."""
    return np.tile(d, reps=reps), None


@gate(
    "_diag_grad(dz, shape, k)",
    rule=moved,
    sizes=("shape",),
    counts=("k",),
    points=[
        at(SQUARE, (3,), 0),
        at(SQUARE, (2,), -1),
        at(ROW, (3, 4), 0),
        at(ROW, (3, 4), 1),
        at(ROW[:2], (3, 4), -1),
    ],
)
def diag_grad(d, k):
    """The gradient of v in np.diag(v, k)."""
    return np.diag(d, k), None, None


@gate(
    "_diagonal_grad(dz, shape, offset, axis1=0, axis2=1)",
    rule=moved,
    sizes=("shape",),
    counts=("offset",),
    points=[
        at(ROW, (3, 4), 0, axis1=0, axis2=1),
        at(ROW, (4, 3), 1, axis1=1, axis2=0),
        at(GRID, (4, 2, 3), -1, axis1=0, axis2=2),
    ],
)
def diagonal_grad(d, offset, axis1, axis2):
    """The gradient of x in np.diagonal(x, offset, axis1, axis2)."""
    return np.diagonal(d, offset, axis1, axis2), None, None


@gate(
    "_take_along_axis_grad(dz, shape, indices, axis=-1)",
    rule=moved,
    sizes=("shape",),
    indices=("indices",),
    points=[
        at(GRID, (2, 4), ((2, 0, 0), (1, 1, -1)), axis=1),
        at(GRID, (4, 3), ((2, 0, 0), (1, 0, -1)), axis=0),
        at(WIDE[0], (2, 3), (4, -1, 0, 4), axis=None),
    ],
)
def take_along_axis_grad(d, indices, axis):
    """The gradient of x in np.take_along_axis(x, indices, axis)."""
    if axis is None:
        return np.take_along_axis(np.ravel(d), indices, axis=0), None, None
    return np.take_along_axis(d, indices, axis=axis), None, None


@gate(
    "_taken_once_grad(dz, shape, indices, axis=-1)",
    rule=moved,
    sizes=("shape",),
    indices=("indices",),
    points=[
        at(GRID, (2, 4), ((2, 0, 1), (1, 3, -4)), axis=1),
        at(GRID, (4, 3), ((2, 0, 0), (1, 2, -1)), axis=0),
    ],
)
def taken_once_grad(d, indices, axis):
    """The gradient of x in np.take_along_axis(x, indices, axis), which takes no entry twice."""
    return np.take_along_axis(d, indices, axis=axis), None, None
