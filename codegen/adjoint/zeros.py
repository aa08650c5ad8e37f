"""Zeros for what a gradient is made of: numbers, arrays, and lists of them as deep as they go."""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.shapes import Type

PLACES = "ijklmn"  # what an item is called in each depth: A_i, A_ij


def item_of(value: ir.Value) -> e.Local:
    """Return what stands for each item of a list in a term for all of them."""
    return e.Local(f"{value.name}_i" if value.name else "item", value)


def zeros(value: ir.Value, kind: Type) -> e.Expression:
    """Return zeros for a list: `[[0.0] * len(A_i) for A_i in A]`."""
    return _zeros(e.Primal(value), kind, item_of(value), 1)


def _zeros(whole: e.Expression, kind: Type, each: e.Local, depth: int) -> e.Expression:
    if kind.kind == "tuple" or not kind.items:
        return e.Sequence("list", tuple(_zero_at(whole, n, i) for n, i in enumerate(kind.items)))
    (item,) = kind.items
    if item.scalar:
        length = e.Call(e.Name("len"), (whole,))
        return e.Binary("*", e.Sequence("list", (e.Literal("0.0"),)), length)
    body = zero(each, item)
    if item.kind in ("list", "tuple"):
        body = _zeros(each, item, deeper(each, depth), depth + 1)
    return e.Comprehension(body, (each,), (whole,))


def _zero_at(whole: e.Expression, place: int, item: Type) -> e.Expression:
    if item.scalar:
        return e.Literal("0.0")
    return zero(e.Subscript(whole, e.number(place)), item)


def zero(each: e.Expression, item: Type) -> e.Expression:
    """Return zeros of the shape of one item, an array."""
    if item.array and item.dtype == "float":
        return e.call("numpy.zeros_like", each)
    dtype = e.call("numpy.result_type", each, e.Literal("1.0"))
    return e.call("numpy.zeros", e.call("numpy.shape", each), dtype)


def deeper(each: e.Local, depth: int) -> e.Local:
    """Return what an item of an item is called."""
    return e.Local(f"{each.stem}{PLACES[depth % len(PLACES)]}", each.owner)
