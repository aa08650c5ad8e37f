"""Gates of curves that are given by their values at some places."""

import numpy as np

from codegen.gates import type_rules_curves as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW, WIDE
from codegen.gates.words import dtype, grad_by, helper, rank, shape

LONG = (0.4, 1.3, -0.9, 0.6, 1.1)
RISING = (0.1, 0.4, 1.2, 1.5, 2.7)


@gate(
    "np.gradient(y, x=..., /, *, axis=None, edge_order=1)",
    rule=rules.gradient,
    holomorphic=False,  # in numpy the result is complex only if y is
    points=[
        at(ROW),
        at(LONG, 0.3),
        at(LONG, RISING),
        at(LONG, RISING, edge_order=2),
        at(LONG, 0.3, edge_order=2),
        at(ROW[:2]),
        at(ROW[:2], 0.3),
        *(at(GRID, axis=axis) for axis in (0, 1, -1)),
        at(WIDE, 0.3, axis=0),
        at(WIDE, RISING[:4], axis=1),
        at(WIDE, RISING[:3], axis=-2, edge_order=2),
        at(BATCH, RISING[:3], axis=2),
        at(BATCH, axis=1),
    ],
)
def gradient(d, out, y, x=None, axis=None, edge_order=1):
    """The slope of values y at places x: between the neighbours, at the ends to the only one."""
    along = 0 if axis is None else axis
    if axis is None and rank(y) is None:
        along = helper("_only_axis", shape(y))
    if x is None:
        return grad_by("_gradient_grad", d, y, shape(y), 1, along, edge_order), None
    if rank(x) == 0:
        return (
            grad_by("_gradient_grad", d, y, shape(y), x, along, edge_order),
            -np.sum(d * out) / x,
        )
    return (
        grad_by("_gradient_grad", d, y, shape(y), x, along, edge_order),
        helper("_gradient_grad_x", d, y, x, along, edge_order),
    )


@gate(
    "np.trapezoid(y, x=..., dx=..., axis=-1)",
    "scipy.integrate.trapezoid(y, x=..., dx=..., axis=-1)",
    rule=rules.trapezoid,
    holomorphic=False,  # scipy takes real places only
    contracts=True,
    stem="area_{y}",
    points=[
        at(ROW),
        at(LONG, RISING),
        at(LONG, RISING, axis=0),
        at(GRID),
        at(GRID, axis=0),
        at(WIDE, RISING[:4]),
        at(WIDE, RISING[:3], axis=0),
        at(GRID, ((0.2, 0.9, 1.3), (0.5, 1.1, 3.0)), axis=1),
        at(BATCH, (RISING[:2], RISING[1:3]), axis=-2),
        at(BATCH, RISING[:2], axis=1),
        at(ROW, None, 0.3),
        at(GRID, None, 0.3, axis=0),
    ],
)
def trapezoid(d, y, x=None, dx=1, axis=-1):
    """The area below a curve: the mean of two neighbours times their distance, summed."""
    if x is None:
        return (
            helper("_trapezoid_grad", d, shape(y), dtype(y), x, dx, axis),
            None,
            np.sum(d * np.trapezoid(y, axis=axis)),
        )
    return (
        helper("_trapezoid_grad", d, shape(y), dtype(y), x, dx, axis),
        helper("_trapezoid_grad_x", d, y, x, axis),
        None,
    )


@gate(
    "np.interp(x, xp, fp, left=None, right=None)",
    rule=rules.interp,
    tuples=("xp", "fp"),
    kink="the slope to the right at a knot; 0 outside of the knots, and at the last",
    remark="at a knot the slope to the right",
    holomorphic=False,
    points=[
        at((0.3, 1.3, 0.2, 2.6), RISING, LONG),
        at((0.3, -0.7, 1.3, 2.9), RISING, LONG),
        at((0.3, -0.7, 1.3, 2.9), RISING, LONG, left=0.5),
        at((0.3, -0.7, 1.3, 2.9), RISING, LONG, right=-0.5),
        at((0.3, -0.7, 1.3, 2.9), RISING, LONG, left=0, right=0),
        at(0.3, RISING, LONG),
        at(3.3, RISING, LONG),
        at(((0.3, 1.3), (0.2, 2.6)), RISING, LONG),
        at((0.3, 1.3), (0.7,), (1.2,)),
    ],
)
def interp(d, x, xp, fp, left, right):
    """A curve through the points (xp, fp), read at x; before and behind it stays as it is."""
    return (
        helper("_interp_grad_x", d, x, xp, fp),
        helper("_interp_grad_xp", d, x, xp, fp),
        helper("_interp_grad_fp", d, x, xp, dtype(fp), left, right),
    )
