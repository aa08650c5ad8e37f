"""Type rules of the helpers that our outputs carry."""

from __future__ import annotations

from typing import Any

from codegen.gates.declare import TypeRule
from codegen.gates.type_rules_shape import sizes
from codegen.shapes import Type, common_dtype

Statics = dict[str, Any]


def unbroadcast(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`_unbroadcast(x, shape)`: the sum of at least nothing, which numpy copies."""
    shape = sizes(types[1:], symbol)
    return Type("number", shape, common_dtype(types[0].dtype, "int"), array=True, fresh=True)


def of_shape(place: int) -> TypeRule:
    """Return the rule of a gradient whose shape is handed over."""

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        shape = sizes(types[place : place + 1], symbol)
        return Type("number", shape, "float", array=True, fresh=True)

    return rule


def like(place: int, *others: int) -> TypeRule:
    """Return the rule of a gradient of an operand: its shape, in the dtype of some of them."""

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        dtype = common_dtype(*(types[i].dtype for i in others or (place,)))
        return Type("number", types[place].shape, dtype, array=True, fresh=True)

    return rule
