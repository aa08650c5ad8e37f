"""Caches that hold caches: what puts one together, and what takes one apart."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir
from codegen.gates.declare import GATES

if TYPE_CHECKING:
    from codegen.build.expression import ExpressionBuilder

LIBRARY = "__pairs__."


def kept_call(builder: ExpressionBuilder, node: ast.Call, path: str) -> ir.Value | None:
    """Return what `pack` or `take` gives; None for another call."""
    word, _, name = path.removeprefix(LIBRARY).partition(" ")
    if not path.startswith(LIBRARY) or word not in ("pack", "take"):
        return None
    owner = builder.owner
    values = [builder.value(part) for part in node.args]
    if word == "pack":
        owner.growing.ask(values)  # a list in it is of any length
        for part, value in zip(node.args, values, strict=True):
            if isinstance(owner.built.definition.get(value), ir.Aggregate):
                owner.refuse(
                    part, "recursion", "a tuple in a cache that holds caches is not followed",
                    "keep each of its items under a name of its own",
                )
        spelled = e.Sequence("tuple", tuple(map(e.Primal, values)))
        return builder.emit(node, f"pack {name}", values, spelled)
    (kept,) = values
    items: list[ir.Value] = []
    while (gate := f"take {name} {len(items)}") in GATES:
        place = e.Literal(str(len(items)))
        led = GATES[gate].follows is not None
        operands = [kept, kept] if led else [kept]
        item = builder.emit(node, gate, operands, e.Subscript(e.Primal(kept), place))
        items.append(item)
    result = builder.aggregate(node, "tuple", items)
    owner.built.calls[result] = e.Primal(kept)
    owner.built.parts |= dict.fromkeys(items, tuple(items))
    return result
