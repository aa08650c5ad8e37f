"""Type rules of gates that pick entries."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.type_rules_axes import size
from codegen.gates.type_rules_shape import as_index
from codegen.shapes import Known, Type

Statics = dict[str, Any]


def take(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.take(x, indices, axis)`."""
    x, axis = types[0], statics.get("axis")
    indices = as_index(types[1], symbol)
    if indices.dtype == "bool":
        raise ValueError("np.take reads a mask as the numbers 0 and 1; write x[mask]")
    result = x.with_(array=True, fresh=True, dimension=None)
    if axis is None:
        return result.with_(shape=indices.shape)
    if not isinstance(x.shape, Known) or not isinstance(indices.shape, Known):
        return result.with_(shape=shapes.unknown(symbol))
    (place,) = shapes.normalized(axis, x.shape.rank)
    dims = x.shape.dimensions
    taken = (*dims[:place], *indices.shape.dimensions, *dims[place + 1 :])
    return result.with_(shape=Known(taken))


def argsort(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.argsort(x, axis)`: of the same shape, or along one axis."""
    shape = types[0].shape
    if statics.get("axis", -1) is None:
        shape = Known((size(shape, f"{symbol}.0"),))
    return Type("number", shape, "int", array=True, fresh=True)
