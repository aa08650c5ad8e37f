"""The helpers that our outputs carry for gates of curves."""

import numpy as np

from codegen.gates import type_rules_own_helpers as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW, WIDE
from codegen.gates.words import cast, dtype, helper, shape

LINE = (0.4, 1.3, -0.9, 0.6, 1.1)
RISING = (0.1, 0.4, 1.2, 1.5, 2.7)
ROWS = ((0.2, 0.9, 1.3), (0.5, 1.1, 3.0))


@gate(
    "_trapezoid_grad(dz, shape, dtype=None, x=..., dx=..., axis=-1)",
    rule=rules.of_shape(1),
    sizes=("shape",),
    contracts=True,
    holomorphic=False,  # it adds to an array of a float dtype
    points=[
        at(0.7, (5,), RISING, 1, dtype="np.float64", axis=-1),
        at(0.7, (5,), None, 0.3, dtype="np.float64", axis=0),
        at(ROW, (3, 4), RISING[:4], 1, dtype="np.float64", axis=1),
        at(WIDE[0], (3, 4), RISING[:3], 1, dtype="np.float64", axis=-2),
        at(ROW, (2, 3), ROWS, 1, dtype="np.float64", axis=0),
        at(ROW[:2], (2, 3), ROWS, 1, dtype="np.float64", axis=1),
        at(ROW, (2, 3), None, 0.3, dtype="np.float64", axis=0),
        at(GRID, (2, 2, 3), None, 1, dtype="np.float64", axis=1),
    ],
)
def trapezoid_grad(d, dz, dtype, x, dx, axis):
    """The gradient of y in np.trapezoid(y, x, dx, axis)."""
    if x is None:
        return (
            cast(np.trapezoid(d, dx=dx, axis=axis), dz, dtype),
            None,
            None,
            np.sum(dz * np.trapezoid(d, axis=axis)),
        )
    return (
        cast(np.trapezoid(d, x, axis=axis), dz, dtype),
        None,
        helper("_trapezoid_grad_x", dz, d, x, axis),
        None,
    )


@gate(
    "_trapezoid_grad_x(dz, y, x, axis=-1)",
    rule=rules.like_float(2),
    contracts=True,
    holomorphic=False,  # it adds to an array of a float dtype
    points=[
        at(0.7, LINE, RISING, axis=-1),
        at(ROW, WIDE, RISING[:4], axis=1),
        at(WIDE[0], WIDE, RISING[:3], axis=0),
        at(ROW[:2], GRID, ROWS, axis=1),
        at(ROW, GRID, ROWS, axis=0),
        at(GRID, BATCH, RISING[:2], axis=0),
    ],
)
def trapezoid_grad_x(d, dz, y, x, axis):
    """The gradient of x in np.trapezoid(y, x, axis=axis), which is linear in x."""
    return (
        np.trapezoid(y, d, axis=axis),
        helper("_trapezoid_grad", dz, shape(y), dtype(y), d, 1, axis),
        None,
    )
