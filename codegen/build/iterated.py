"""What a loop reads of an array that its own turns write into: `for u in v: v *= 0.5`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen.build.writes import written_names
from codegen.nodes import nodes_of

if TYPE_CHECKING:
    from codegen.build.function import Builder
    from codegen.build.headers import Source


def follow_writes(owner: Builder, node: ast.For, source: Source) -> None:
    """Let a turn read what earlier turns have written into what the loop runs over."""
    for part in source.parts:
        follow_writes(owner, node, part)
    if source.name is None:
        return
    stores = [n for n in _stores(node, source.name) if n in owner.in_place]
    if not stores and source.name not in written_names(node.body, owner.functions.known()):
        return
    if len(stores) < len(_stores(node, source.name)):
        owner.refuse(
            source.node,
            "store",
            f"`{source.name}` is written into in a loop over it, and means another array too",
            f"loop over a copy, `{source.name}.copy()`, or give the other array another name",
        )
    source.values[0] = owner.scope.values[source.name]


def _stores(node: ast.For, name: str) -> list[ast.AST]:
    """Return what assigns a name in a loop: the updates, and the names of other assignments."""
    found: dict[ast.AST, ast.AST] = {}
    for part in nodes_of(node):
        if isinstance(part, ast.AugAssign):
            found[part.target] = part
    return [
        found.get(part, part)
        for part in nodes_of(node)
        if isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Store)
    ]
