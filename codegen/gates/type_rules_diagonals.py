"""Type rules of triangles and diagonals."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.type_rules_axes import size
from codegen.shapes import Dimension, Known, Type

Statics = dict[str, Any]


def triangle(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.tril(x)`: of a row, a square matrix whose rows it is."""
    x = types[0]
    if not isinstance(x.shape, Known):
        return x.with_(shape=shapes.unknown(symbol), array=True, fresh=True)
    if not x.shape.rank:
        raise ValueError("a number has no triangle")
    dims = x.shape.dimensions
    shape = Known((dims[0], dims[0])) if len(dims) == 1 else x.shape
    return x.with_(shape=shape, array=True, fresh=True)


def diag(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.diag(v, k)`: a matrix of a row, a row of a matrix."""
    v = types[0]
    if not isinstance(v.shape, Known):
        return v.with_(shape=shapes.unknown(symbol), array=True, fresh=False)
    main = len(types) < 2 or types[1].dimension == 0
    dims = v.shape.dimensions
    if len(dims) == 1:
        side = dims[0] if main else f"{symbol}.0"
        return v.with_(shape=Known((side, side)), array=True, fresh=True)
    if len(dims) == 2:
        return v.with_(shape=Known((_shorter(dims, main, symbol),)), array=True, fresh=False)
    raise ValueError(f"np.diag takes one or two dimensions, not {len(dims)}")


def _shorter(dims: tuple[Dimension, ...], main: bool, symbol: str) -> Dimension:
    if main and dims[0] == dims[1]:
        return dims[0]
    if main and all(isinstance(d, int) for d in dims):
        return min(d for d in dims if isinstance(d, int))
    return f"{symbol}.0"


def trace(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.trace(x)`: the first two axes, or the last two, summed away along their diagonal."""
    x = types[0]
    axes = (statics.get("axis1", 0), statics.get("axis2", 1))
    if axes not in ((0, 1), (-2, -1)):
        raise ValueError("np.trace has a gradient for axes (0, 1) and (-2, -1) only")
    dtype = shapes.common_dtype(x.dtype)
    if not isinstance(x.shape, Known):
        return Type("number", shapes.unknown(symbol), dtype, array=True, fresh=True)
    if x.shape.rank < 2:
        raise ValueError(f"np.trace takes two dimensions or more, not {x.shape.rank}")
    left = x.shape.dimensions[2:] if axes == (0, 1) else x.shape.dimensions[:-2]
    return Type("number", Known(left), dtype, array=True, fresh=True)


def diagonal(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.diagonal(x, offset, axis1, axis2)`: the two axes become one, the last."""
    x = types[0]
    if not isinstance(x.shape, Known):
        return x.with_(shape=shapes.unknown(symbol), array=True, fresh=False)
    dims = x.shape.dimensions
    if len(dims) < 2:
        raise ValueError(f"np.diagonal takes two dimensions or more, not {len(dims)}")
    axes = (statics.get("axis1", 0), statics.get("axis2", 1))
    one, other = (shapes.normalized(axis, len(dims))[0] for axis in axes)
    if one == other:
        raise ValueError("the axes of a diagonal must differ")
    main = len(types) < 2 or types[1].dimension == 0
    rest = tuple(d for place, d in enumerate(dims) if place not in (one, other))
    along = _shorter((dims[one], dims[other]), main, symbol)
    return x.with_(shape=Known((*rest, along)), array=True, fresh=False)


def diagflat(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.diagflat(v, k)`: a matrix with all entries on a diagonal."""
    v = types[0]
    main = len(types) < 2 or types[1].dimension == 0
    total = size(v.shape, "") if main else ""
    side = total or f"{symbol}.0"
    return v.with_(shape=Known((side, side)), array=True, fresh=True)
