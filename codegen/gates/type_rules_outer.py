"""Type rules of gates that put every entry of one array together with every entry of another."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.shapes import Dimension, Known, Type, common_dtype

Statics = dict[str, Any]


def outer(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.add.outer(x, y)`: the axes of both."""
    x, y = types
    dtype = common_dtype(x.dtype, y.dtype)
    if not isinstance(x.shape, Known) or not isinstance(y.shape, Known):
        return Type("number", shapes.unknown(symbol), dtype, array=True, fresh=True)
    both = Known((*x.shape.dimensions, *y.shape.dimensions))
    return Type("number", both, dtype, array=True, fresh=True)


def kron(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.kron(x, y)`: as many axes as the one with more, each as long as both together."""
    x, y = types
    dtype = common_dtype(x.dtype, y.dtype)
    if not isinstance(x.shape, Known) or not isinstance(y.shape, Known):
        return Type("number", shapes.unknown(symbol), dtype, array=True, fresh=True)
    rank = max(x.shape.rank, y.shape.rank)
    sides = [(1,) * (rank - s.rank) + s.dimensions for s in (x.shape, y.shape)]
    dims = tuple(
        _times(one, other, f"{symbol}.{place}")
        for place, (one, other) in enumerate(zip(*sides, strict=True))
    )
    return Type("number", Known(dims), dtype, array=True, fresh=True)


def _times(one: Dimension, other: Dimension, symbol: str) -> Dimension:
    if isinstance(one, int) and isinstance(other, int):
        return one * other
    return other if one == 1 else one if other == 1 else symbol
