"""Gates that put axes in another order."""

import numpy as np

from codegen.gates import type_rules_axes as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW, SQUARE
from codegen.gates.words import inverse, rank


@gate(
    "x.T",
    "np.transpose(x, axes=None)",
    "x.transpose(*axes: int)",
    "np.permute_dims(x, axes=None)",
    rule=rules.transpose,
    stem="{x}T",
    view=True,
    points=[
        at(GRID),
        at(BATCH),
        at(ROW),
        at(SQUARE),
        *(
            at(*operands, axes=axes, only=pattern)
            for pattern in ("np.transpose(x, axes=None)", "x.transpose(*axes: int)")
            for operands, axes in (
                ((BATCH,), (1, 2, 0)),
                ((BATCH,), (-1, 0, -2)),
                ((GRID,), (1, 0)),
                ((BATCH,), (0, 2, 1)),
                ((ROW,), (0,)),
            )
        ),
        at(0.3, only="np.transpose(x, axes=None)"),
    ],
)
def transpose(d, x, axes=None):
    """The axes in another order, by default reversed."""
    if axes:
        return np.transpose(d, inverse(axes))
    return d if rank(x) == 0 or rank(x) == 1 else d.T


@gate(
    "x.mT",
    "np.matrix_transpose(x)",
    rule=rules.matrix_transpose,
    stem="{x}T",
    view=True,
    points=[at(GRID), at(BATCH), at(SQUARE)],
)
def matrix_transpose(d, x):
    """The last two axes swapped."""
    return d.T if rank(x) == 2 else np.swapaxes(d, -1, -2)


@gate(
    "np.swapaxes(x, axis1=None, axis2=None)",
    "x.swapaxes(axis1=None, axis2=None, /)",
    rule=rules.swapaxes,
    view=True,
    points=[
        at(BATCH, axis1=0, axis2=1),
        at(BATCH, axis1=-1, axis2=0),
        at(BATCH, axis1=1, axis2=1),
        at(GRID, axis1=0, axis2=-1),
    ],
)
def swapaxes(d, axis1, axis2):
    """Two axes swapped."""
    return np.swapaxes(d, axis1, axis2)


@gate(
    "np.moveaxis(x, source=None, destination=None)",
    rule=rules.moveaxis,
    view=True,
    points=[
        at(BATCH, source=0, destination=-1),
        at(BATCH, source=-1, destination=0),
        at(BATCH, source=1, destination=1),
        at(BATCH, source=(0, 1), destination=(-1, -2)),
        at(BATCH, source=(2, 0), destination=(0, 1)),
        at(GRID, source=0, destination=1),
    ],
)
def moveaxis(d, source, destination):
    """Axes moved to other places."""
    return np.moveaxis(d, destination, source)
