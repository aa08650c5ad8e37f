"""Which names' arrays statements write into, or may: by stores, and by functions that they call."""

from __future__ import annotations

import ast

from codegen.build.local_functions import as_definition
from codegen.build.scope import CHANGING, LocalFunction, Scope
from codegen.nodes import nodes_of

Asked = frozenset[ast.FunctionDef]


def written_names(
    body: list[ast.stmt], scope: Scope, asked: Asked = frozenset()
) -> frozenset[str]:
    """Return the names of arrays that the statements write into.

    A view that is written into is refused elsewhere, so that only names count.
    """
    found: set[str] = set()
    scope = _with_definitions(body, scope)
    for statement in body:
        for node in nodes_of(statement):
            match node:
                case ast.Subscript(ast.Name(name), ctx=ast.Store()):
                    found.add(name)
                case ast.Call(ast.Attribute(ast.Name(name), word)) if word in CHANGING:
                    found.add(name)
                case ast.Call(ast.Attribute(_, "at" | "copyto"), [ast.Name(name), *_]):
                    found.add(name)
                case ast.Call(ast.Name(called)):
                    found |= _by_call(node, called, scope, asked)
    return frozenset(found)


def _with_definitions(body: list[ast.stmt], scope: Scope) -> Scope:
    """Return a scope that knows the functions that the statements define, too."""
    made: dict[str, LocalFunction] = {}
    for statement in body:
        for node in nodes_of(statement):
            match node:
                case ast.FunctionDef(name):
                    made[name] = LocalFunction(node, scope)
                case ast.Assign([ast.Name(name)], value):
                    function = _function(value, scope)
                    if function is not None:
                        made[name] = LocalFunction(function, scope)
    if not made:
        return scope
    libraries = {n: p for n, p in scope.libraries.items() if n not in made}
    functions = {**scope.functions, **made}
    return Scope(scope.module, scope.local, functions=functions, libraries=libraries)


def _by_call(node: ast.Call, called: str, scope: Scope, asked: Asked) -> set[str]:
    """Return the names among the arguments that a function of the file may write into."""
    function = _function(ast.Name(called), scope)
    if function is None and (called not in scope.local or called in scope.libraries):
        return set()
    parts = [*node.args, *(keyword.value for keyword in node.keywords)]
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    if function is None or function in asked:
        return names
    given = dict(zip(_positional(function), node.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}
    if len(given) < len(parts) or any(isinstance(part, ast.Starred) for part in parts):
        return names  # a star on one of the two sides
    written = _parameters(function, given, scope, asked | {function})
    return {a.id for name, a in given.items() if isinstance(a, ast.Name) and name in written}


def _function(node: ast.expr, scope: Scope) -> ast.FunctionDef | None:
    if isinstance(node, ast.Lambda):
        return as_definition(node, "lambda")
    if not isinstance(node, ast.Name):
        return None
    if node.id in scope.functions:
        return scope.functions[node.id].node
    return None if node.id in scope.local else scope.module.functions.get(node.id)


def _parameters(
    function: ast.FunctionDef, given: dict[str, ast.expr], scope: Scope, asked: Asked
) -> set[str]:
    """Return the parameters whose arrays a function may write into."""
    parameters = [part for part in nodes_of(function.args) if isinstance(part, ast.arg)]
    own = {part.arg for part in parameters}
    for part in nodes_of(function):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            own.add(part.id)
    inside = Scope(scope.module, frozenset(own) | scope.local)
    inside.functions = {n: f for n, f in scope.functions.items() if n not in own}
    for name, part in given.items():
        handed = _function(part, scope)
        if handed is not None:
            inside.functions[name] = LocalFunction(handed, scope)
        elif scope.path(part) is not None:
            inside.libraries[name] = str(scope.path(part))
    found = set(written_names(function.body, inside, asked))
    for part in nodes_of(function):
        match part:
            case ast.AugAssign(ast.Name(name)):  # an array's `x += e` writes into it
                found.add(name)
    return found - {part.arg for part in parameters if _is_number(part)}


def _positional(function: ast.FunctionDef) -> list[str]:
    return [part.arg for part in [*function.args.posonlyargs, *function.args.args]]


def _is_number(parameter: ast.arg) -> bool:
    match parameter.annotation:
        case ast.Name("float" | "int" | "bool"):
            return True
    return False
