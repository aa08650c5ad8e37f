"""Copies that a loop's turns begin with: what they write into is theirs alone then."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codegen.build.function import Builder


def turn_copies(owner: Builder, node: ast.For | ast.While) -> list[ast.stmt]:
    """Return `x = x.copy()` for each array that a loop's turns are to copy."""
    made: list[ast.stmt] = []
    for name in sorted(name for span, name in owner.copied if span == owner.span(node)):
        if name not in owner.scope.values:
            continue
        (copy,) = ast.parse(f"{name} = {name}.copy()").body
        for part in ast.walk(copy):
            ast.copy_location(part, node.body[0])
        owner.quiet.add(copy)
        made.append(copy)
    return made
