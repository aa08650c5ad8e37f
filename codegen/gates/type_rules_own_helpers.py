"""Type rules of the helpers that our outputs carry."""

from __future__ import annotations

from typing import Any

from codegen.gates.declare import TypeRule
from codegen.gates.type_rules_shape import sizes
from codegen.shapes import Known, Type, Unknown, common_dtype, unknown

Statics = dict[str, Any]


def unbroadcast(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`_unbroadcast(x, shape)`: the sum of at least nothing, which numpy copies."""
    shape = sizes(types[1:], symbol)
    return Type("number", shape, common_dtype(types[0].dtype, "int"), array=True, fresh=True)


def of_shape(place: int, *others: int) -> TypeRule:
    """Return the rule of a gradient whose shape is handed over: float, or as some operands."""

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        shape = sizes(types[place : place + 1], symbol)
        dtype = common_dtype(*(types[i].dtype for i in others)) if others else "float"
        return Type("number", shape, dtype, array=True, fresh=True)

    return rule


def like(place: int, *others: int) -> TypeRule:
    """Return the rule of a gradient of an operand: its shape, in the dtype of some of them."""

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        dtype = common_dtype(*(types[i].dtype for i in others or (place,)))
        return Type("number", types[place].shape, dtype, array=True, fresh=True)

    return rule


def like_float(place: int) -> TypeRule:
    """Return the rule of a gradient of an operand: its shape, in a float dtype."""

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        return Type("number", types[place].shape, "float", array=True, fresh=True)

    return rule


def first_axes(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`_outer_grad_left(dz, y)`: the axes of dz before those of y."""
    return _without_axes(types, True, symbol)


def last_axes(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`_outer_grad_right(dz, x)`: the axes of dz behind those of x."""
    return _without_axes(types, False, symbol)


def _without_axes(types: list[Type], from_end: bool, symbol: str) -> Type:
    whole, other = (one.shape for one in types)
    shape: Known | Unknown = unknown(symbol)
    if isinstance(whole, Known) and isinstance(other, Known):
        left = whole.rank - other.rank
        dims = whole.dimensions[:left] if from_end else whole.dimensions[other.rank :]
        shape = Known(dims)
    dtype = common_dtype(*(one.dtype for one in types))
    return Type("number", shape, dtype, array=True, fresh=True)
