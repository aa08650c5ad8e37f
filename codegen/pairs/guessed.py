"""What a function returns that says nothing of it, to begin with: lists, where it makes some.

What is taken to be returned must come out as it went in: a wrong guess is found out.
"""

from __future__ import annotations

import ast

from codegen.nodes import nodes_of
from codegen.shapes import SCALAR, Type

NUMBER = Type("number", SCALAR, "float")


def guessed(function: ast.FunctionDef, name: str | None) -> Type | None:
    """Return the list that a function makes under a name: `dA = [[0.0] * n for row in A]`."""
    for part in nodes_of(function):
        match part:
            case ast.Assign([ast.Name(one)], value) if one == name:
                found = _list(value)
                if found is not None:
                    return found
    return None


def _list(node: ast.expr) -> Type | None:
    match node:
        case ast.ListComp(item):
            return Type("list", items=(_list(item) or NUMBER,))
        case ast.BinOp(ast.List([item]), ast.Mult(), _):
            return Type("list", items=(_list(item) or NUMBER,))
    return None
