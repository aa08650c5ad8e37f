"""An index that is handed to a function: `(slice(None), i)` is what `[:, i]` is."""

from __future__ import annotations

import ast

from codegen.build.scope import Scope


def index_of(node: ast.expr, scope: Scope) -> ast.expr:
    """Return an index as it stands between brackets: its calls of `slice` as slices."""
    if isinstance(node, ast.Tuple):
        parts = [_part(part, scope) for part in node.elts]
        return ast.copy_location(ast.Tuple(parts, node.ctx), node)
    return _part(node, scope)


def _part(node: ast.expr, scope: Scope) -> ast.expr:
    match node:
        case ast.Call(ast.Name("slice"), arguments, []) if scope.is_builtin("slice"):
            given = [None if _is_none(a) else a for a in arguments]
            bounds = {
                1: [None, *given, None],
                2: [*given, None],
                3: given,
            }.get(len(given))
            if bounds is not None:
                return ast.copy_location(ast.Slice(*bounds), node)
    return node


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
