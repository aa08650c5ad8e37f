"""Lists in lists, as deep as they go: their zeros, their sums and their copies, item by item."""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.zeros import PLACES, deeper
from codegen.gates.type_rules_growing import leaf_of
from codegen.shapes import Type, is_kept


def total(
    part: e.Expression, more: e.Expression, kind: Type, target: ir.Value, sign: str = "+"
) -> e.Expression:
    """Return the sum of two lists: `[dA_i + dA_more for dA_i, dA_more in zip(dA, more)]`."""
    leaf = leaf_of(kind)
    if leaf is not None and is_kept(leaf):
        return e.Call(e.Helper("_kept_sum"), (part, more))
    name = target.name or "part"
    names = (e.Local(f"d{name}_i", target), e.Local(f"d{name}_more", target))
    return _total(part, more, kind, names, 1, sign)


def _total(
    part: e.Expression,
    more: e.Expression,
    kind: Type,
    names: tuple[e.Local, e.Local],
    depth: int,
    sign: str,
) -> e.Expression:
    body: e.Expression = e.Binary(sign, *names)
    if kind.items and kind.items[0].kind in ("list", "tuple"):
        own, other = names
        below = (deeper(own, depth), e.Local(f"{own.stem[:-1]}more_{PLACES[depth]}", other.owner))
        body = _total(own, other, kind.items[0], below, depth + 1, sign)
    return e.Comprehension(body, names, (part, more))


def copied(whole: e.Expression, kind: Type, target: ir.Value) -> e.Expression:
    """Return a copy of a list, and of the lists in it: they are written into in place."""
    each = e.Local(f"d{target.name or 'part'}_i", target)
    return _copied(whole, kind, each, 1)


def _copied(whole: e.Expression, kind: Type, each: e.Local, depth: int) -> e.Expression:
    if not kind.items or kind.items[0].kind not in ("list", "tuple"):
        return e.Call(e.Name("list"), (whole,))
    body = _copied(each, kind.items[0], deeper(each, depth), depth + 1)
    return e.Comprehension(body, (each,), (whole,))


def filled(whole: e.Expression, kind: Type, value: e.Expression, each: e.Local) -> e.Expression:
    """Return a list of one number in every place: `[[dy] * len(A_i) for A_i in A]`."""
    return _filled(whole, kind, value, each, 1)


def _filled(
    whole: e.Expression, kind: Type, value: e.Expression, each: e.Local, depth: int
) -> e.Expression:
    if not kind.items or kind.items[0].kind != "list":
        length = e.Call(e.Name("len"), (whole,))
        return e.Binary("*", e.Sequence("list", (value,)), length)
    body = _filled(each, kind.items[0], value, deeper(each, depth), depth + 1)
    return e.Comprehension(body, (each,), (whole,))


def at(kind: Type, index: e.Expression | None) -> Type:
    """Return what stands at an index, or at an index behind an index; a slice is a list again."""
    if index is None:
        return kind
    is_chain = isinstance(index, e.Sequence) and index.kind == "chain"
    for step in index.items if isinstance(index, e.Sequence) and is_chain else (index,):
        if not isinstance(step, e.Slice):
            arrays = [item for item in kind.items if not item.scalar]
            kind = (arrays or list(kind.items))[0]  # of a tuple, what may be one
    return kind
