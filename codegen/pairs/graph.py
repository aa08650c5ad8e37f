"""Which functions of a file call themselves, at once or by way of others."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from codegen.nodes import assigned_names, nodes_of
from codegen.parse import Module

DRAWS = frozenset(
    {"random", "normal", "uniform", "standard_normal", "integers", "randint", "choice", "shuffle"}
    | {"permutation", "permuted", "rand", "randn", "random_sample", "gauss", "sample", "binomial"}
    | {"poisson", "exponential", "beta", "gamma", "multivariate_normal", "lognormal", "laplace"}
)


def named_functions(module: Module, function: ast.FunctionDef) -> set[str]:
    """Return the functions of the file that a function's statements name."""
    nodes = nodes_of(function)
    found = {part.id for part in nodes if isinstance(part, ast.Name)} & module.functions.keys()
    if not found:
        return set()
    own = {part.arg for part in nodes if isinstance(part, ast.arg)}
    own |= assigned_names(function.body)
    own |= {p.name for p in nodes[1:] if isinstance(p, ast.FunctionDef)}
    return found - own


def reached(module: Module, names: Iterable[str]) -> set[str]:
    """Return the functions of the file that these name, and those that those name."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name in module.functions and name not in found:
            found.add(name)
            left += named_functions(module, module.functions[name])
    return found


def recursive(module: Module, roots: Iterable[str]) -> list[str]:
    """Return what is reached from the roots and calls itself, in the order of the file."""
    within = reached(module, roots)
    return [
        name
        for name, function in module.functions.items()
        if name in within and name in reached(module, named_functions(module, function))
    ]


def acts(node: ast.AST) -> bool:
    """True for a call that does more than give a value: it prints, or draws."""
    match node:
        case ast.Call(ast.Name("print" | "input")):
            return True
        case ast.Call(ast.Attribute() as function):
            return any(
                isinstance(part, ast.Attribute) and part.attr in DRAWS
                for part in nodes_of(function)
            )
    return False


def acting(module: Module) -> set[str]:
    """Return the functions of the file in which, or in what they call, something acts."""
    own = {name for name, node in module.functions.items() if any(map(acts, nodes_of(node)))}
    return {
        name
        for name, node in module.functions.items()
        if name in own or own & reached(module, named_functions(module, node))
    }
