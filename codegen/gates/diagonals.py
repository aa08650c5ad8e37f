"""Gates of triangles and diagonals."""

import numpy as np

from codegen.gates import type_rules_diagonals as rules
from codegen.gates.declare import at, elementwise, gate
from codegen.gates.points import BATCH, GRID, ONE, ROW, SQUARE, WIDE
from codegen.gates.words import diagonal, helper, identity, into, rank, shape

TRIANGLES = [
    at(SQUARE),
    at(WIDE),
    at(WIDE, 1),
    at(WIDE, -1),
    at(SQUARE, 5),
    at(BATCH),
    at(BATCH, 1),
    at(ROW),
    at(ROW, -1),
]


@elementwise("np.tril(x, k=...)", rule=rules.triangle, counts=("k",), points=TRIANGLES)
def tril(d, x, k=0):
    """The lower triangle of the last two axes, zeros above it."""
    return np.tril(d, k), None


@elementwise("np.triu(x, k=...)", rule=rules.triangle, counts=("k",), points=TRIANGLES)
def triu(d, x, k=0):
    """The upper triangle of the last two axes, zeros below it."""
    return np.triu(d, k), None


@gate(
    "np.diag(v, k=...)",
    rule=rules.diag,
    view=True,
    read_only=True,
    counts=("k",),
    points=[
        at(ROW),
        at(ROW, 1),
        at(ROW, -2),
        at(SQUARE),
        at(SQUARE, 1),
        at(WIDE),
        at(WIDE, 2),
        at(WIDE, -1),
        at(GRID, -1),
        at(ONE),
    ],
)
def diag(d, v, k=0):
    """A diagonal matrix of a row, or the diagonal of a matrix."""
    if rank(v) == 1:
        return np.diag(d, k), None
    if rank(v) == 2:
        return into(d, diagonal(v, k)), None
    return helper("_diag_grad", d, shape(v), k), None


@gate(
    "np.diagonal(x, offset=..., axis1=0, axis2=1)",
    "x.diagonal(offset=..., axis1=0, axis2=1)",
    rule=rules.diagonal,
    view=True,
    read_only=True,
    counts=("offset",),
    points=[
        at(SQUARE),
        at(SQUARE, 1),
        at(WIDE),
        at(WIDE, 2),
        at(WIDE, -1),
        at(GRID),
        at(BATCH),
        at(BATCH, 1),
        at(BATCH, axis1=-2, axis2=-1),
        at(BATCH, -1, axis1=2, axis2=0),
        at(WIDE, 1, axis1=1, axis2=0),
    ],
)
def diagonal_of(d, x, offset=0, axis1=0, axis2=1):
    """The entries on a diagonal of two axes, along a new last axis."""
    if rank(x) == 2 and axis1 == 0:
        return into(d, diagonal(x, offset)), None
    return helper("_diagonal_grad", d, shape(x), offset, axis1, axis2), None


@gate(
    "np.diagflat(v, k=...)",
    rule=rules.diagflat,
    counts=("k",),
    points=[
        at(ROW),
        at(ROW, 1),
        at(ROW, -2),
        at(GRID),
        at(GRID, 1),
        at(BATCH),
        at(0.3),
        at(0.3, 1),
    ],
)
def diagflat(d, v, k=0):
    """A diagonal matrix of all entries."""
    if rank(v) == 1:
        return np.diag(d, k), None
    return helper("_diagflat_grad", d, shape(v), k), None


@gate(
    "np.trace(x, offset=..., axis1=0, axis2=1)",
    "x.trace(offset=..., axis1=0, axis2=1)",
    rule=rules.trace,
    counts=("offset",),
    points=[
        at(SQUARE),
        at(SQUARE, 1),
        at(WIDE),
        at(WIDE, 2),
        at(WIDE, -1),
        at(GRID),
        at(BATCH),
        at(BATCH, 1),
        at(BATCH, axis1=-2, axis2=-1),
        at(BATCH, 1, axis1=-2, axis2=-1),
        at(SQUARE, axis1=-2, axis2=-1),
    ],
)
def trace(d, x, offset=0, axis1=0, axis2=1):
    """The sum of a diagonal: each of its entries gets the cotangent."""
    if rank(x) == 2:
        return d * identity(x, offset), None
    if axis1 == 0:
        return into(d, diagonal(x, offset)), None
    return np.expand_dims(d, (-2, -1)) * identity(x, offset), None
