"""Type rules of gates of curves that are given by their values at some places."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.type_rules_reduce import average
from codegen.shapes import Known, Type

Statics = dict[str, Any]
ONE_AXIS = "give each axis a name, gy, gx = np.gradient(y), or one call: np.gradient(y, axis=0)"


def gradient(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.gradient(y, x, axis=0)`: an array as y is; of several axes it would be a list."""
    y, axis = types[0], statics.get("axis")
    if isinstance(axis, tuple):
        raise shapes.Misfit("np.gradient along several axes gives a list", ONE_AXIS)
    if isinstance(y.shape, Known):
        if axis is None and y.shape.rank != 1:
            raise shapes.Misfit("np.gradient along all axes gives a list of arrays", ONE_AXIS)
        shapes.normalized(axis or 0, y.shape.rank)
    if statics.get("edge_order", 1) not in (1, 2):
        raise ValueError("edge_order is 1 or 2")
    return Type("number", y.shape, "float", array=True, fresh=True)


def trapezoid(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.trapezoid(y, x, axis=-1)`: the axis is summed away."""
    return average(types[:1], {"axis": statics.get("axis", -1)}, symbol)


def interp(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.interp(x, xp, fp)`: a float64 for each entry of x."""
    x, *knots = types
    for row in knots:
        if row.kind == "number" and isinstance(row.shape, Known) and row.shape.rank != 1:
            raise ValueError("the knots of np.interp are rows: arrays of one axis")
    return Type("number", x.shape, "float", array=True, fresh=True)
