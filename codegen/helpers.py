"""Which functions of a file are our own helpers, as an output carries them.

They are told by their text. A function of the same name that says anything else is the author's.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from functools import cache

from codegen import gates
from codegen.gates.declare import BY_KEY
from codegen.parse import Module
from codegen.parse_names import free_names
from codegen.templating import has_helper, helper_text

assert gates.__all__  # importing the package registers the families


def recognise(module: Module) -> None:
    """Take the helpers that are gates out of the functions of a module."""
    candidates = {n: f for n, f in module.functions.items() if n.startswith("_") and n in BY_KEY}
    if not candidates:
        return
    inside = _bound_inside(module.tree)
    for name, node in candidates.items():
        if name not in inside | module.rebound | module.conditional and _is_ours(name, module):
            module.helpers[name] = node
    for name in module.helpers:
        del module.functions[name]


def _is_ours(name: str, module: Module) -> bool:
    """True if a function, and those that it calls, say what our helpers of these names say."""
    node = module.functions.get(name)
    if node is None or node.decorator_list:
        return False
    paths = {found: imported.path for found, imported in module.imports.items()}
    if not _says_the_same(node, name, paths):
        return False
    others = [n for n in free_names(node) if n not in paths]
    known = module.functions.keys() | module.constants.keys() | module.classes.keys()
    return all(_is_ours(other, module) for other in others if other in known)


def _says_the_same(node: ast.FunctionDef, name: str, paths: Mapping[str, str]) -> bool:
    return has_helper(name) and ast.dump(_with_paths(node, paths)) == _shape_of_helper(name)


@cache
def _shape_of_helper(name: str) -> str:
    (node,) = ast.parse(helper_text(name)).body
    return ast.dump(_with_paths(node, {"np": "numpy"}))


def _with_paths(node: ast.stmt, paths: Mapping[str, str]) -> ast.stmt:
    """Return a copy in which names of libraries are their paths: any alias will do."""
    made = copy.deepcopy(node)
    for part in ast.walk(made):
        if isinstance(part, ast.Name):
            part.id = paths.get(part.id, part.id)
    return made


def _bound_inside(tree: ast.Module) -> set[str]:
    """Return the names that anything but the top level binds: parameters, variables."""
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _stores(n)}
    return found | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


def _stores(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del)
