"""What of the file's top level can be carried into the output: constants, with what they need."""

from __future__ import annotations

import ast
import builtins

from codegen.build.scope import Scope
from codegen.fence import unsettled
from codegen.parse import Module
from codegen.parse_names import free_names

_DRAWS = ("numpy.random", "random", "secrets", "uuid", "time")


def obstacle(module: Module, asked: str) -> str | None:
    """Return in words why a name would not mean the same in the output; None if it would."""
    seen: set[str] = set()
    stack = [asked]
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        words = _obstacle(module, name)
        if words is not None:
            if name == asked:
                return f"the module-level name `{name}` {words}"
            return f"the module-level name `{asked}` is computed from `{name}`, which {words}"
        node = _definition(module, name)
        stack += reversed(free_names(node) if node is not None else [])
    return None


def _definition(module: Module, name: str) -> ast.stmt | None:
    return module.constants.get(name) or module.functions.get(name)


def _obstacle(module: Module, name: str) -> str | None:
    if name in module.rebound:
        return unsettled(module, name).message
    node = _definition(module, name)
    if node is None:
        known = name in module.imports or hasattr(builtins, name)
        return None if known else "the output cannot carry"
    if isinstance(node, ast.FunctionDef) and node.decorator_list:
        return "is decorated"
    return "is drawn at random, and would be drawn anew" if _draws(module, node) else None


def _draws(module: Module, node: ast.AST) -> bool:
    scope = Scope(module, frozenset())
    for part in ast.walk(node):
        path = scope.path(part) if isinstance(part, (ast.Name, ast.Attribute)) else None
        if path is not None and any(path == d or path.startswith(f"{d}.") for d in _DRAWS):
            return True
    return False
