"""The helpers that our outputs carry for products: transposes of each other."""

import numpy as np

from codegen.gates import type_rules_own_helpers as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ONE, OTHER, ROW, WIDE
from codegen.gates.words import cast, helper, shape

PAIR = (0.4, -1.1)
PAIRED = (GRID[0], OTHER[0])
SIX = (*ROW, *ROW[::-1])
TWICE = (GRID[0] * 2, GRID[1] * 2)
ROWS = (ROW * 2, ROW * 2)


@gate(
    "_outer_grad_left(dz, y)",
    rule=rules.first_axes,
    contracts=True,
    points=[at(GRID, ROW), at(BATCH, GRID), at(ROW, 0.3), at(ROW, ROW[::-1]), at(BATCH, ROW)],
)
def outer_grad_left(d, dz, y):
    """The gradient of x in np.multiply.outer(x, y): of the cotangent dz, and of y."""
    return cast(np.multiply.outer(d, y), dz, True), cast(
        helper("_outer_grad_right", dz, d), y, True
    )


@gate(
    "_outer_grad_right(dz, x)",
    rule=rules.last_axes,
    contracts=True,
    points=[at(GRID, PAIR), at(BATCH, PAIRED), at(ROW, 0.3), at(ROW, ROW[::-1])],
)
def outer_grad_right(d, dz, x):
    """The gradient of y in np.multiply.outer(x, y): of the cotangent dz, and of x."""
    return cast(np.multiply.outer(x, d), dz, True), cast(helper("_outer_grad_left", dz, d), x, True)


INNER = [
    at(0.4, ROW, ROW[::-1]),
    at(PAIR, GRID, ROW),
    at(PAIR, ROW, GRID),
    at(((0.4, 1.3), (-0.9, 0.2)), GRID, OTHER),
    at(GRID, 0.3, GRID),
    at(GRID, GRID, 0.3),
    at(((PAIR, PAIR), (PAIR, PAIR)), BATCH, GRID),
]


@gate("_inner_grad_left(dz, x, y)", rule=rules.like(1, 0, 2), contracts=True, points=INNER)
def inner_grad_left(d, dz, x, y):
    """The gradient of x in np.inner(x, y): of the cotangent dz, and of y."""
    return cast(np.inner(d, y), dz, True), None, helper("_inner_grad_right", dz, d, y)


@gate("_inner_grad_right(dz, x, y)", rule=rules.like(2, 0, 1), contracts=True, points=INNER)
def inner_grad_right(d, dz, x, y):
    """The gradient of y in np.inner(x, y): of the cotangent dz, and of x."""
    return cast(np.inner(x, d), dz, True), helper("_inner_grad_left", dz, x, d), None


TENSORS = [
    at(((0.4, 1.3, -0.9, 0.2), (-1.1, 0.6, 0.8, 1.7)), GRID, WIDE, axes=1),
    at(PAIR, GRID, ROW, axes=1),
    at(0.4, GRID, OTHER, axes=2),
    at((GRID, OTHER, GRID), ROW, GRID, axes=0),
    at(((0.4, 1.3), (-1.1, 0.6)), GRID, OTHER, axes=(1, 1)),
    at(PAIR, BATCH, GRID, axes=((1, 2), (0, 1))),
    at((0.4, -1.1, 0.6), BATCH, ((0.4, 1.3), (-1.1, 0.6)), axes=((0, 1), (1, 0))),
]


@gate(
    "_tensordot_grad_left(dz, x, y, axes=2)",
    rule=rules.like(1, 0, 2),
    contracts=True,
    points=TENSORS,
)
def tensordot_grad_left(d, dz, x, y, axes):
    """The gradient of x in np.tensordot(x, y, axes): of the cotangent dz, and of y."""
    return np.tensordot(d, y, axes=axes), None, helper("_tensordot_grad_right", dz, d, y, axes)


@gate(
    "_tensordot_grad_right(dz, x, y, axes=2)",
    rule=rules.like(2, 0, 1),
    contracts=True,
    points=TENSORS,
)
def tensordot_grad_right(d, dz, x, y, axes):
    """The gradient of y in np.tensordot(x, y, axes): of the cotangent dz, and of x."""
    return np.tensordot(x, d, axes=axes), helper("_tensordot_grad_left", dz, x, d, axes), None


@gate(
    "_kron_grad_left(dz, shape, y)",
    rule=rules.of_shape(1, 0, 2),
    sizes=("shape",),
    contracts=True,
    points=[
        at(SIX, (2,), ROW),
        at(TWICE, (1, 2), GRID),
        at(ROWS, (2, 3), PAIR),
        at(ROW, (), ROW),
        at(GRID, (2, 3), ONE),
    ],
)
def kron_grad_left(d, dz, y):
    """The gradient of x in np.kron(x, y): of the cotangent dz, and of y."""
    return np.kron(d, y), None, helper("_kron_grad_right", dz, d, shape(y))


@gate(
    "_kron_grad_right(dz, x, shape)",
    rule=rules.of_shape(2, 0, 1),
    sizes=("shape",),
    contracts=True,
    points=[
        at(SIX, PAIR, (3,)),
        at(TWICE, (PAIR,), (2, 3)),
        at(ROWS, GRID, (2,)),
        at(ROW, 0.3, (3,)),
        at(GRID, GRID, ()),
    ],
)
def kron_grad_right(d, dz, x):
    """The gradient of y in np.kron(x, y): of the cotangent dz, and of x."""
    return np.kron(x, d), helper("_kron_grad_left", dz, shape(x), d), None
