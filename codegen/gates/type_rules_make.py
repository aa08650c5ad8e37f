"""Type rules of gates that make arrays anew, and of numbers read off a dtype."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.dtypes import dtype_class
from codegen.gates.type_rules_shape import sizes
from codegen.shapes import Dimension, Known, Type

Statics = dict[str, Any]


def _made(shape: shapes.Shape, dtype: str) -> Type:
    return Type("number", shape, dtype, array=True, fresh=True)


def _length(item: Type, symbol: str) -> Dimension:
    known = item.dimension
    return known if known is not None and (not isinstance(known, int) or known >= 0) else symbol


def filled(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.zeros(shape)`: float unless the dtype says otherwise."""
    return _made(sizes(types[:1], symbol), dtype_class(statics, "float"))


def filled_like(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.zeros_like(x)`."""
    return _made(types[0].shape, dtype_class(statics, types[0].dtype))


def full(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.full(shape, x)`."""
    shape = shapes.broadcast(sizes(types[:1], symbol), types[1].shape)
    return _made(shape, dtype_class(statics, types[1].dtype))


def full_like(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.full_like(y, x)`: the dtype is y's."""
    y = types[0]
    dtype = dtype_class(statics, y.dtype)
    if dtype != "float" and types[1].dtype != "int":
        raise shapes.Misfit(
            "np.full_like takes its dtype from an array that is not known to be float",
            "write np.full(x.shape, value), or annotate the array: " 'x: Float[np.ndarray, "N D"]',
        )
    return _made(y.shape, dtype)


def arange(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.arange(n)`: its length is n; other forms have a length of their own."""
    one = len(types) == 1 and types[0].dtype == "int"
    length = _length(types[0], f"{symbol}.0") if one else f"{symbol}.0"
    numbers = [t.dtype for t in types if t.kind == "number"]
    return _made(Known((length,)), dtype_class(statics, shapes.common_dtype(*numbers)))


def linspace(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.linspace(start, stop, num)`: the numbers between are along the first axis."""
    num = types[2] if len(types) > 2 else Type(dimension=50)
    ends = shapes.broadcast(types[0].shape, types[1].shape)
    dtype = dtype_class(statics, "float")
    if not isinstance(ends, Known):
        return _made(shapes.unknown(symbol), dtype)
    return _made(Known((_length(num, f"{symbol}.0"), *ends.dimensions)), dtype)


def eye(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.eye(n)`, `np.eye(n, m, k)`."""
    rows = _length(types[0], f"{symbol}.0")
    given = len(types) > 1 and types[1].kind == "number"
    columns = _length(types[1], f"{symbol}.1") if given else rows
    return _made(Known((rows, columns)), dtype_class(statics, "float"))


def limit(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.finfo(dtype).eps`: a number of numpy's."""
    return Type("number", shapes.SCALAR, "float", array=True)


def whole_limit(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.iinfo(dtype).max`: a Python int."""
    return Type("number", shapes.SCALAR, "int")


def size_of(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.size`: an int."""
    shape = types[0].shape
    if statics.get("axis") is not None or not isinstance(shape, Known):
        return Type(dtype="int")
    return Type(dtype="int", dimension=_product(shape))


def _product(shape: Known) -> Dimension | None:
    if shape.rank == 1:
        return shape.dimensions[0]
    total = 1
    for dimension in shape.dimensions:
        if not isinstance(dimension, int):
            return None
        total *= dimension
    return total
