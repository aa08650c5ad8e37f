"""Type rules of gates that pick entries."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.type_rules_axes import size
from codegen.gates.type_rules_running import shorter
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


def take_along_axis(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.take_along_axis(x, indices, axis)`: of the shape of the indices, but for broadcasting."""
    x, axis = types[0], statics.get("axis", -1)
    indices = as_index(types[1], symbol)
    result = x.with_(array=True, fresh=True, dimension=None)
    if axis is None:
        return result.with_(shape=indices.shape)
    if not isinstance(x.shape, Known) or not isinstance(indices.shape, Known):
        return result.with_(shape=shapes.unknown(symbol))
    if x.shape.rank != indices.shape.rank:
        raise shapes.Misfit(
            f"an array of {x.shape.rank} dimensions and indices of {indices.shape.rank}",
            "np.take_along_axis needs as many: write i[:, None], or np.argmax(..., keepdims=True)",
        )
    (place,) = shapes.normalized(axis, x.shape.rank)
    own = tuple(1 if n == place else d for n, d in enumerate(x.shape.dimensions))
    other = tuple(1 if n == place else d for n, d in enumerate(indices.shape.dimensions))
    met = shapes.broadcast(Known(own), Known(other))
    assert isinstance(met, Known)
    dims = list(met.dimensions)
    dims[place] = indices.shape.dimensions[place]
    return result.with_(shape=Known(tuple(dims)))


def delete(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.delete(x, obj, axis)`: shorter along an axis."""
    x, obj = types
    result = x.with_(array=True, fresh=True, dimension=None)
    one = obj.kind == "number" and obj.scalar and obj.dtype != "bool"
    if statics.get("axis") is None:
        total = size(x.shape, "")
        left = shorter(total, f"{symbol}.0") if one and total else f"{symbol}.0"
        return result.with_(shape=Known((left,)))
    if not isinstance(x.shape, Known):
        return result.with_(shape=shapes.unknown(symbol))
    (place,) = shapes.normalized(statics["axis"], x.shape.rank)
    dims = list(x.shape.dimensions)
    dims[place] = shorter(dims[place], f"{symbol}.{place}") if one else f"{symbol}.{place}"
    return result.with_(shape=Known(tuple(dims)))


def insert(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.insert(x, obj, values)`: one row, in x's dtype."""
    x, axis = types[0], statics.get("axis")
    if axis is not None and x.shape != shapes.SCALAR:
        if not isinstance(x.shape, Known) or x.shape.rank != 1:
            raise shapes.Misfit(
                "np.insert along an axis has no gradient rule",
                "put the parts together: np.concatenate([x[:i], rows, x[i:]])",
            )
        shapes.normalized(axis, 1)
    return x.with_(shape=Known((f"{symbol}.0",)), array=True, fresh=True, dimension=None)


def argsort(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.argsort(x, axis)`: of the same shape, or along one axis."""
    shape = types[0].shape
    if statics.get("axis", -1) is None:
        shape = Known((size(shape, f"{symbol}.0"),))
    return Type("number", shape, "int", array=True, fresh=True)
