"""Type rules of gates that take entries together: along axes, or over a list."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.dtypes import dtype_class
from codegen.shapes import Known, Type, common_dtype

Statics = dict[str, Any]
CUT_OFF = (
    "an integer dtype cuts off what is differentiated",
    "leave `dtype=` out, or write a float dtype",
)


def total(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A sum or product, which keeps the dtype class; bools are counted."""
    x = types[0]
    dtype = dtype_class(statics, common_dtype(x.dtype))
    if dtype in ("int", "bool") and x.dtype not in ("int", "bool"):
        raise shapes.Misfit(*CUT_OFF)
    return _reduction(x, statics, symbol, dtype)


def average(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A reduction whose result is float."""
    dtype = dtype_class(statics, "float")
    if dtype in ("int", "bool"):
        raise shapes.Misfit(*CUT_OFF)
    return _reduction(types[0], statics, symbol, dtype)


def extreme(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`max`, `min` or `ptp` along an axis."""
    return _reduction(types[0], statics, symbol, types[0].dtype)


def position(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`argmax`: where an entry is, along one axis or in the whole array."""
    if isinstance(statics.get("axis"), tuple):
        raise shapes.Misfit(
            "the index of an entry is along one axis, or of the whole array",
            "write axis=0, or leave it out; reshape the array first for several axes",
        )
    return _reduction(types[0], statics, symbol, "int")


def count(types: list[Type], statics: Statics, symbol: str) -> Type:
    """How many entries hold."""
    return _reduction(types[0], statics, symbol, "int")


def verdict(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`any` and `all` along an axis."""
    return _reduction(types[0], statics, symbol, "bool")


def _reduction(x: Type, statics: Statics, symbol: str, dtype: str) -> Type:
    axis, keepdims = statics.get("axis"), bool(statics.get("keepdims", False))
    shape = shapes.reduced(x.shape, axis, keepdims, symbol)
    return Type("number", shape, dtype, array=True, fresh=True)


def builtin_sum(types: list[Type], statics: Statics, symbol: str) -> Type:
    """The built-in `sum` over a list of numbers or the first axis of an array."""
    x = types[0]
    if x.kind in ("list", "tuple"):
        return _of_list(x, "sum", symbol)
    return _reduction(x, {"axis": 0}, symbol, common_dtype(x.dtype))


def builtin_extreme_of(types: list[Type], statics: Statics, symbol: str) -> Type:
    """The built-in `max(x)` over a list of numbers or an array of one axis."""
    x = types[0]
    if x.kind in ("list", "tuple"):
        return _of_list(x, "max and min", symbol)
    if x.kind == "number" and isinstance(x.shape, Known) and x.shape.rank != 1:
        raise shapes.Misfit(
            "the built-in max and min of one argument go through a list or an array of one axis",
            "write np.max(x), with `axis=` if need be, or max(x, y) of several numbers",
        )
    return Type("number", shapes.SCALAR, x.dtype, array=True, fresh=True)


def builtin_verdict(types: list[Type], statics: Statics, symbol: str) -> Type:
    """The built-ins `any` and `all`."""
    return Type("number", shapes.SCALAR, "bool", fresh=True)


def _of_list(x: Type, name: str, symbol: str) -> Type:
    """Return the type of what a list of numbers gives."""
    if name == "sum" and len(x.items) == 1 and x.items[0].kind == "number":
        item = x.items[0]
        # Of no items it is 0, and of arrays that broadcast it is larger than some of them.
        shape = item.shape if item.scalar else shapes.unknown(symbol)
        return item.with_(shape=shape, array=False, fresh=True, dimension=None)
    if any(not item.scalar for item in x.items):
        raise shapes.Misfit(
            f"the built-in {name} of a list of arrays has no gradient rule",
            "if its items are numbers, annotate what they are made of (`float`, "
            'Float[np.ndarray, "N"]); of arrays write np.max(np.array(...), axis=0)',
        )
    dtypes = {item.dtype for item in x.items} or {"float"}
    return Type("number", shapes.SCALAR, common_dtype(*dtypes), fresh=True)
