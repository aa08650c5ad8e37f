"""Type rules of copies and of what makes an array of something."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.dtypes import dtype_class
from codegen.gates.type_rules_axes import at_least
from codegen.shapes import Known, Type

Statics = dict[str, Any]


def copy(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.copy()`, `np.array(x)`: in memory of its own."""
    return as_array(types, statics, symbol).with_(fresh=True)


def as_array(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.asarray(x)`: an array is handed on, a number or list becomes one."""
    x = _of_list(types[0], symbol)
    fresh = types[0].kind != "number" or (x.scalar and not x.array)
    dtype = dtype_class(statics, x.dtype)
    return x.with_(dtype=dtype, array=True, fresh=fresh, dimension=None)


def contiguous(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.ascontiguousarray(x)`: of one dimension at least."""
    return at_least(1)([as_array(types, statics, symbol)], {}, symbol)


def numpy_float(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.float64(x)`."""
    return as_array(types, {"dtype": "float"}, symbol)


def _of_list(x: Type, symbol: str) -> Type:
    if x.kind not in ("list", "tuple"):
        return x
    if len(x.items) == 1 and x.kind == "list" and not x.items[0].scalar:
        item = x.items[0]
        if item.kind != "number" or not isinstance(item.shape, Known):
            return Type("number", shapes.unknown(symbol), item.dtype, array=True)
        return Type("number", Known((f"{symbol}.0", *item.shape.dimensions)), item.dtype, True)
    if not x.items or not all(item.scalar for item in x.items):
        return Type("number", shapes.unknown(symbol), "unknown", array=True)
    dtypes = {item.dtype for item in x.items}
    dtype = dtypes.pop() if len(dtypes) == 1 else shapes.common_dtype(*dtypes)
    if not isinstance(x.dimension, int):
        return Type("number", Known((f"{symbol}.0",)), dtype, array=True)
    return Type("number", Known((x.dimension,)), dtype, array=True)
