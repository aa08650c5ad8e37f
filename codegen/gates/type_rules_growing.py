"""Types of lists of unknown length: one type for all of their items."""

from __future__ import annotations

import re
from typing import Any

from codegen import shapes
from codegen.shapes import Dimension, Known, Shape, Type

HOLDING = (
    "growing",
    "list_of",
    "packed",
    "repeated",
)  # gates that give a list of what they are given
_GIVEN = re.compile(r"\w+\.?")  # the symbol of an array that the function is given
_MADE = re.compile(r"v\d+\.")  # the symbols of what a program computes


def growing(types: list[Type], statics: dict[str, Any], symbol: str) -> Type:
    """`[x, y]`, which grows later."""
    made = Type("list", fresh=True)
    for kind in types:
        made = with_item(made, kind, symbol)
    return made


def list_of(types: list[Type], statics: dict[str, Any], symbol: str) -> Type:
    """`list(x)`: of a list, of a range, of an array's rows."""
    x = types[0]
    if x.kind in ("list", "tuple"):
        return growing(list(x.items), statics, symbol)
    if x.kind == "number":
        return Type("list", items=(_row(x, symbol),), fresh=True)
    return Type("list", items=(Type(dtype="int"),), fresh=True)


def _row(x: Type, symbol: str) -> Type:
    row = x.with_(fresh=False, dimension=None)
    if not isinstance(x.shape, Known):
        return row.with_(shape=shapes.unknown(f"{symbol}row."))
    if not x.shape.rank:
        raise shapes.Misfit("list() goes through a list or an array", "write [x]")
    return row.with_(shape=Known(x.shape.dimensions[1:]))


def repeated(types: list[Type], statics: dict[str, Any], symbol: str) -> Type:
    """`[x] * n`."""
    return growing(types[:1], statics, symbol)


def made_of_lists(gate: str, types: list[Type], symbol: str) -> Type | None:
    """Return the list that a gate of numbers makes of lists: `a + b`, `a.copy()`; else None."""
    if gate == "add" and all(is_homogeneous(kind) for kind in types):
        return joined(types[0], types[1], symbol).with_(fresh=True)
    if gate == "copy" and is_homogeneous(types[0]):
        return types[0].with_(fresh=True)
    return None


def with_item(whole: Type, item: Type, symbol: str) -> Type:
    """Return what a list is that has one more item."""
    item = item.with_(fresh=False, dimension=item.dimension if item.kind == "tuple" else None)
    items = (*whole.items[:1], item) if whole.items else (item,)
    return Type("list", items=(_common(items, symbol),), fresh=whole.fresh)


def with_item_at(whole: Type, item: Type, depth: int, symbol: str) -> Type:
    """Return what a list is that has one more item, in it or in a list in it."""
    if depth == 1 or not is_homogeneous(whole):
        return with_item(whole, item, symbol)
    inner = whole.items[0] if whole.items else Type("list")
    if inner.kind != "list":
        return shapes.OTHER  # an array in a list is written into
    return with_item(whole, with_item_at(inner, item, depth - 1, symbol), symbol)


def joined(left: Type, right: Type, symbol: str) -> Type:
    """Return what is known of a list that is the one or the other."""
    fresh = left.fresh and right.fresh
    items = (*left.items[:1], *right.items[:1])
    if not items:
        return Type("list", fresh=fresh)
    return Type("list", items=(_common(items, symbol),), fresh=fresh)


def is_homogeneous(kind: Type) -> bool:
    """True for a list of any length whose items are of one type."""
    return kind.kind == "list" and kind.dimension is None and len(kind.items) < 2


def is_nested(kind: Type) -> bool:
    """True for a list of any length whose items are lists."""
    return is_homogeneous(kind) and bool(kind.items) and kind.items[0].kind == "list"


def leaf_of(kind: Type) -> Type | None:
    """Return what a list of lists holds in the end; None where nothing is known of it."""
    while kind.kind == "list":
        if not is_homogeneous(kind) or not kind.items:
            return None
        kind = kind.items[0]
    return kind


def holds_numbers(kind: Type) -> bool:
    """True for a list of numbers or arrays, or of such lists, whose length is not known."""
    leaf = leaf_of(kind)
    return leaf is not None and leaf.kind == "number"


def is_packed(kind: Type) -> bool:
    """True for a tuple of numbers and arrays, as an item of a list of any length."""
    is_whole = isinstance(kind.dimension, int) and len(kind.items) == kind.dimension
    return kind.kind == "tuple" and is_whole and all(i.kind == "number" for i in kind.items)


def holds_parts(kind: Type) -> bool:
    """True for a list that holds numbers in the end, or tuples of them."""
    leaf = leaf_of(kind)
    return leaf is not None and (leaf.kind == "number" or is_packed(leaf))


def packed(types: list[Type], statics: dict[str, Any], symbol: str) -> Type:
    """`(x, y)` as an item of a list."""
    items = tuple(kind.with_(fresh=False, dimension=None) for kind in types)
    return Type("tuple", items=items, dimension=len(items))


def of_any_item(whole: Type, symbol: str) -> Type:
    """Return what is known of one item, whose shape may be another than that of the next."""
    (item,) = whole.items
    if item.kind != "number" or item.scalar or not may_differ(item.shape):
        return item
    if isinstance(item.shape, Known):
        dims = item.shape.dimensions
        fresh = tuple(d if _is_stable(d) else f"{symbol}.{n}" for n, d in enumerate(dims))
        return item.with_(shape=Known(fresh))
    return item.with_(shape=shapes.unknown(symbol))


def may_differ(shape: Shape) -> bool:
    """True for a shape that items of one list need not share: one that a turn of a loop made."""
    if isinstance(shape, Known):
        return not all(_is_stable(dimension) for dimension in shape.dimensions)
    return not all(
        isinstance(part, str) and _GIVEN.fullmatch(part) and not _MADE.match(part)
        for part in shape.parts
    )


def _is_stable(dimension: Dimension) -> bool:
    if isinstance(dimension, int):
        return True
    parts = [dimension] if isinstance(dimension, str) else list(dimension)
    return all(not _MADE.match(part) and part.count(".") < 2 for part in parts)


def _common(items: tuple[Type, ...], symbol: str) -> Type:
    first = items[0]
    for other in items[1:]:
        first = _one_of(first, other, symbol)
    return first


def _one_of(left: Type, right: Type, symbol: str) -> Type:
    if left == right:
        return left
    if left.kind == right.kind == "list" and is_homogeneous(left) and is_homogeneous(right):
        return joined(left, right, symbol)
    if is_packed(left) and is_packed(right) and len(left.items) == len(right.items):
        pairs = enumerate(zip(left.items, right.items, strict=True))
        items = tuple(_one_of(one, other, f"{symbol}p{n}.") for n, (one, other) in pairs)
        return Type("tuple", items=items, dimension=len(items))
    if left.kind != "number" or right.kind != "number":
        return shapes.OTHER
    if shapes.is_kept(left) or shapes.is_kept(right):
        return shapes.OTHER
    shape = left.shape if left.shape == right.shape else shapes.unknown(f"{symbol}item")
    array = left.array and right.array
    dtypes = {left.dtype, right.dtype}
    dtype = left.dtype
    if len(dtypes) > 1:
        # A Python 0 among floats is a float for all that matters.
        plain = shape == shapes.SCALAR and not array and dtypes == {"int", "float"}
        dtype = "float" if plain else "unknown"
    return Type("number", shape, dtype, array)
