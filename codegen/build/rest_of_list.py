"""A loop over the rest of a list, `for row in A[1:]`: its items are read of the list itself."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen.nodes import nodes_of

if TYPE_CHECKING:
    from codegen.build.function import Builder

def rest_of_list(
    owner: Builder, node: ast.expr, body: list[ast.stmt]
) -> tuple[ast.Name, int] | None:
    """Return the list and the first place that a loop over a slice of it reads; None for others.

    A slice is a list of its own: the loop must not change what it was taken of.
    """
    match node:
        case ast.Subscript(
            ast.Name(name) as base, ast.Slice(ast.Constant(value=int() as first), None, None)
        ) if name in owner.scope.values and type(first) is int and first > 0:
            pass
        case _:
            return None
    if not owner.growing.is_list(owner.scope.values[name]):
        return None
    touched = (part for statement in body for part in nodes_of(statement))
    return None if any(_may_change(part, name) for part in touched) else (base, first)


def _may_change(part: ast.AST, name: str) -> bool:
    match part:
        case ast.Name(found, ast.Store()):
            return found == name
        case ast.Attribute(ast.Name(found), _):
            return found == name
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(part.value))
    return False
