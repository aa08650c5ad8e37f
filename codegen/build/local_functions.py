"""Functions inside functions, lambdas, and functions that are handed to others."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen.build.scope import LocalFunction
from codegen.nodes import nodes_of

if TYPE_CHECKING:
    from codegen.build.function import Builder

RETURNED = "a function inside a function cannot be returned or stored, only called"


class LocalFunctionBuilder:
    """Knows the functions that have names in the scope being built.

    A call of one is inlined: what it captures is read as it is at the call, as Python does it.
    """

    def __init__(self, owner: Builder) -> None:
        self.owner = owner

    def define(self, node: ast.FunctionDef) -> None:
        """Take a definition inside a function."""
        self._bind(node, node.name, node)

    def assign(self, node: ast.Assign) -> bool:
        """Take `g = lambda x: ...` or `g = f`; False if the right side is no function."""
        match node.targets, node.value:
            case [ast.Name(name)], ast.Lambda() as value:
                self._bind(node, name, as_definition(value, name))
                return True
            case [ast.Name(name)], ast.Name(other) if other not in self.owner.scope.values:
                found = self.of(node.value)
                if found is None:
                    return False
                self.owner.scope.functions[name] = found
                return True
        return False

    def _bind(self, node: ast.stmt, name: str, made: ast.FunctionDef) -> None:
        owner = self.owner
        if owner.control.depth > owner.frame.depth:
            owner.refuse(
                node, "construct", "a function that is defined in a branch or a loop",
                "define it before the branch or the loop",
            )
        owner.scope.values.pop(name, None)
        owner.scope.functions[name] = LocalFunction(made, owner.scope)

    def known(self) -> dict[str, ast.FunctionDef]:
        """Return the functions that have a name here."""
        inner = {name: found.node for name, found in self.owner.scope.functions.items()}
        return {**self.owner.module.functions, **inner}

    def of(self, node: ast.expr) -> LocalFunction | None:
        """Return the function that an expression is, if it is one that can be followed."""
        owner, scope = self.owner, self.owner.scope
        if isinstance(node, ast.Lambda):
            return LocalFunction(as_definition(node, "lambda"), scope)
        if not isinstance(node, ast.Name) or node.id in scope.values:
            return None
        if node.id in scope.functions:
            return scope.functions[node.id]
        known = node.id in owner.module.functions and node.id not in owner.module.plain
        if known and node.id not in scope.local:
            return LocalFunction(owner.module.functions[node.id], None)
        return None


def as_definition(node: ast.Lambda, name: str) -> ast.FunctionDef:
    """Return a `lambda` as a definition that returns its expression."""
    body = ast.copy_location(ast.Return(node.body), node.body)
    made = ast.FunctionDef(name, node.args, [body], [], None, None)
    return ast.copy_location(made, node)


def takes_functions(node: ast.FunctionDef) -> bool:
    """True if a function calls one of its parameters."""
    given = node.args
    names = {a.arg for a in [*given.posonlyargs, *given.args, *given.kwonlyargs]}
    return any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in names
        for part in nodes_of(node)
    )
