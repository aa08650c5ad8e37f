"""The helpers that our outputs carry, as gates: an output is input too.

They are recognised by their text (codegen/helpers.py).
"""

import numpy as np

from codegen.gates import type_rules_own_helpers as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, COLUMN, GRID, ONE, OTHER, ROW, SQUARE, WIDE
from codegen.gates.words import cast, helper, shape

LONG = ((0.4, 1.3, -0.9, 0.2), (-1.1, 0.6, 0.8, 1.7))  # a cotangent of GRID @ WIDE
LAST = (0.4, -1.1)  # of GRID @ ROW
LINE = (0.4, 1.3, -0.9, 0.6, 1.1)
PLACES = (0, 1, 3, 4, 6)
PRODUCTS = [
    at(LONG, GRID, WIDE),
    at(LAST, GRID, ROW),
    at(LONG[0], ROW, WIDE),
    at(0.4, ROW, SQUARE[0]),
    at((LONG, LONG), BATCH, WIDE),
    at((LAST, LAST), BATCH, ROW),
    at((LONG, LONG), GRID, (WIDE, WIDE)),
    at((LONG, LONG), BATCH, (WIDE,)),
    at((LONG[0], LONG[1]), ROW, (WIDE, WIDE)),
]
DOTS = [
    *PRODUCTS[:4],
    at(GRID, 0.3, OTHER),
    at(GRID, OTHER, 0.3),
    at(0.4, 0.3, -1.4),
    at((LONG, LONG), BATCH, WIDE),
    at((LONG, LONG), GRID, (WIDE, WIDE)),
]


@gate(
    "_unbroadcast(x, shape)",
    rule=rules.unbroadcast,
    sizes=("shape",),
    points=[
        at(GRID, (3,)),
        at(GRID, (2, 1)),
        at(GRID, (2, 3)),
        at(BATCH, (1, 3)),
        at(BATCH, (1, 1, 3)),
        at(ROW, (2, 3)),
        at(COLUMN, (1, 3)),
        at(GRID, (1,)),
        at(0.3, (2,)),
        at(ONE, (2, 1)),
    ],
)
def unbroadcast(d, x):
    """A gradient summed to the shape of an operand that was broadcast. Its own adjoint."""
    return helper("_unbroadcast", d, shape(x)), None


@gate("_matmul_grad_left(dz, x, y)", rule=rules.like(1, 0, 2), points=PRODUCTS, contracts=True)
def matmul_grad_left(d, dz, x, y):
    """The gradient of x in x @ y: of the cotangent dz, and of y."""
    return helper("_unbroadcast", d @ y, shape(dz)), None, helper("_matmul_grad_right", dz, d, y)


@gate("_matmul_grad_right(dz, x, y)", rule=rules.like(2, 0, 1), points=PRODUCTS, contracts=True)
def matmul_grad_right(d, dz, x, y):
    """The gradient of y in x @ y: of the cotangent dz, and of x."""
    return helper("_unbroadcast", x @ d, shape(dz)), helper("_matmul_grad_left", dz, x, d), None


@gate("_dot_grad_left(dz, x, y)", rule=rules.like(1, 0, 2), points=DOTS, contracts=True)
def dot_grad_left(d, dz, x, y):
    """The gradient of x in np.dot(x, y): of the cotangent dz, and of y.

    np.dot with a number of Python's forgets a float32.
    """
    return (
        cast(helper("_unbroadcast", np.dot(d, y), shape(dz)), dz, True),
        None,
        helper("_dot_grad_right", dz, d, y),
    )


@gate("_dot_grad_right(dz, x, y)", rule=rules.like(2, 0, 1), points=DOTS, contracts=True)
def dot_grad_right(d, dz, x, y):
    """The gradient of y in np.dot(x, y): of the cotangent dz, and of x."""
    return (
        cast(helper("_unbroadcast", np.dot(x, d), shape(dz)), dz, True),
        helper("_dot_grad_left", dz, x, d),
        None,
    )


@gate(
    "_gradient_grad(dz, shape, x, axis=0, edge_order=1)",
    rule=rules.of_shape(1),
    sizes=("shape",),
    no_rule=("x",),
    tuples=("x",),
    points=[
        at(ROW, (3,), 1, axis=0, edge_order=1),
        at(LINE, (5,), 2, axis=0, edge_order=1),
        at(LINE, (5,), PLACES, axis=0, edge_order=1),
        at(LINE, (5,), PLACES, edge_order=2, axis=0),
        at(LINE, (5,), 2, edge_order=2, axis=0),
        at(GRID, (2, 3), 1, axis=0, edge_order=1),
        at(GRID, (2, 3), 1, axis=1, edge_order=1),
        at(WIDE, (3, 4), PLACES[:4], axis=1, edge_order=2),
    ],
)
def gradient_grad(d, dz, x, axis, edge_order):
    """The gradient of y in np.gradient(y, x): linear in the cotangent dz, which gets the slopes."""
    return np.gradient(d, x, axis=axis, edge_order=edge_order), None, None
