"""Type rules of gates that keep the entries and change, add, remove or reorder axes."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.declare import TypeRule
from codegen.gates.type_rules_shape import sizes
from codegen.shapes import Dimension, Known, Shape, Type

Statics = dict[str, Any]


def moved(x: Type, shape: Shape, *, fresh: bool = False) -> Type:
    """Return the type of x's entries in another shape."""
    return x.with_(shape=shape, array=True, fresh=fresh, dimension=None)


def size(shape: Shape, symbol: str) -> Dimension:
    """Return the number of entries as a dimension."""
    if not isinstance(shape, Known):
        return symbol
    if shape.rank == 1:
        return shape.dimensions[0]
    total = 1
    for dimension in shape.dimensions:
        if not isinstance(dimension, int):
            return symbol
        total *= dimension
    return total


def ravel(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.ravel()`: one axis."""
    if statics.get("order", "C") != "C":
        raise ValueError("only order='C' has a gradient here; transpose the array first")
    return moved(types[0], Known((size(types[0].shape, f"{symbol}.0"),)))


def flatten(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.flatten()`: one axis, in memory of its own."""
    return ravel(types, statics, symbol).with_(fresh=True)


def squeeze(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.squeeze(axis)`: axes of length 1 left out."""
    x, axis = types[0], statics.get("axis")
    if not isinstance(x.shape, Known):
        return moved(x, shapes.unknown(symbol))
    dims = x.shape.dimensions
    if axis is None:
        if not all(isinstance(d, int) for d in dims):
            return moved(x, shapes.unknown(symbol))  # a symbol may be 1
        return moved(x, Known(tuple(d for d in dims if d != 1)))
    out = shapes.normalized(axis, x.shape.rank)
    for place in out:
        if isinstance(dims[place], int) and dims[place] != 1:
            raise ValueError(f"axis {place} has {dims[place]} entries, so it cannot be squeezed")
    return moved(x, Known(tuple(d for i, d in enumerate(dims) if i not in out)))


def expand_dims(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.expand_dims(x, axis)`: axes of length 1 more."""
    x, axis = types[0], statics["axis"]
    if not isinstance(x.shape, Known):
        return moved(x, shapes.unknown(symbol))
    axes = axis if isinstance(axis, tuple) else (axis,)
    rank = x.shape.rank + len(axes)
    places = shapes.normalized(axis, rank)
    left = iter(x.shape.dimensions)
    return moved(x, Known(tuple(1 if i in places else next(left) for i in range(rank))))


def at_least(rank: int) -> TypeRule:
    """Return the rule of `np.atleast_1d` and the like."""

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        x = types[0]
        if not isinstance(x.shape, Known):
            return moved(x, shapes.unknown(symbol))
        dims = x.shape.dimensions
        if len(dims) >= rank:
            return moved(x, x.shape)
        front = 0 if rank == 1 else 1 if len(dims) < 2 else 0
        padded = (*(1,) * min(front, rank - len(dims)), *dims)
        return moved(x, Known((*padded, *(1,) * (rank - len(padded)))))

    return rule


def broadcast_to(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.broadcast_to(x, shape)`: a view that repeats entries."""
    return moved(types[0], sizes(types[1:], symbol))


def transpose(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.T`, `x.transpose(axes)`."""
    x, axes = types[0], statics.get("axes")
    if axes and not isinstance(x.shape, Known):
        return moved(x, Known(tuple(f"{symbol}.{i}" for i in range(len(axes)))))
    if not isinstance(x.shape, Known):
        return moved(x, shapes.unknown(symbol))
    dims = x.shape.dimensions
    if not axes:
        return moved(x, Known(dims[::-1]))
    if len(axes) != len(dims):
        raise ValueError(f"{len(axes)} axes are given for an array with {len(dims)} dimensions")
    if len(shapes.normalized(tuple(axes), len(dims))) != len({a % len(dims) for a in axes}):
        raise ValueError("an axis is named twice")
    return moved(x, Known(tuple(dims[a] for a in axes)))


def swapaxes(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.swapaxes(axis1, axis2)`."""
    x = types[0]
    if not isinstance(x.shape, Known):
        return moved(x, shapes.unknown(symbol))
    dims = list(x.shape.dimensions)
    one, other = statics["axis1"], statics["axis2"]
    shapes.normalized((one, other), len(dims))
    dims[one], dims[other] = dims[other], dims[one]
    return moved(x, Known(tuple(dims)))


def matrix_transpose(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.mT`: the last two axes."""
    return swapaxes(types, {"axis1": -1, "axis2": -2}, symbol)


def moveaxis(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.moveaxis(x, source, destination)`."""
    x = types[0]
    given = (statics["source"], statics["destination"])
    source, target = (tuple(a) if isinstance(a, (tuple, list)) else (a,) for a in given)
    if len(source) != len(target):
        raise ValueError("source and destination must have the same number of axes")
    if not isinstance(x.shape, Known):
        return moved(x, shapes.unknown(symbol))
    dims, rank = x.shape.dimensions, x.shape.rank
    shapes.normalized((*source, *target), rank)
    order = [axis for axis in range(rank) if axis not in {a % rank for a in source}]
    for to, axis in sorted((t % rank, a % rank) for a, t in zip(source, target, strict=True)):
        order.insert(to, axis)
    return moved(x, Known(tuple(dims[axis] for axis in order)))
