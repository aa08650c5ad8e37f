"""Which functions that could be inlined are shorter as a pair: long, and called more than once."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable

from codegen.nodes import nodes_of
from codegen.pairs.calls import later
from codegen.pairs.graph import named_functions, reached
from codegen.pairs.names import returns_of
from codegen.parse import Module

FEWEST = 5  # statements of a function that is worth a pair
SAVED = 6  # statements that are not written again


def shared(module: Module, roots: Iterable[str]) -> list[str]:
    """Return what is written once, as a pair, in the order of the file."""
    within = reached(module, roots)
    public = set(roots)
    calls, odd = _calls(module, within)
    found = []
    for name, function in module.functions.items():
        if name not in within or name in odd or name in module.rebound:
            continue
        count = sum(isinstance(part, ast.stmt) for part in nodes_of(function)) - 1
        count -= ast.get_docstring(function) is not None
        again = calls[name] + (name in public) - 1
        is_branched = any(
            isinstance(part, ast.If | ast.For | ast.While) for part in nodes_of(function)
        )
        if is_branched and count >= FEWEST and again * count >= SAVED and _is_plain(function):
            found.append(name)
    return found


def _is_plain(function: ast.FunctionDef) -> bool:
    given = function.args
    parameters = {a.arg for a in [*given.posonlyargs, *given.args, *given.kwonlyargs]}
    calls_parameter = any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and part.func.id in parameters
        for part in nodes_of(function)
    )
    inner = any(isinstance(part, ast.FunctionDef) for part in nodes_of(function)[1:])
    whole = all(part.value is not None for part in returns_of(function))
    stars = given.vararg is not None or given.kwarg is not None
    return bool(returns_of(function)) and whole and not (calls_parameter or inner or stars)


def _calls(module: Module, within: set[str]) -> tuple[Counter[str], set[str]]:
    """Count the places where functions are called; and name those that are more than called."""
    found: Counter[str] = Counter()
    odd: set[str] = set()
    for caller in within:
        function = module.functions[caller]
        names = named_functions(module, function)
        called: set[ast.AST] = set()
        for part in nodes_of(function):
            match part:
                case ast.Call(ast.Name(name), arguments, keywords) if name in names:
                    called.add(part.func)
                    found[name] += 1
                    stars = any(isinstance(a, ast.Starred) for a in arguments)
                    if stars or any(keyword.arg is None for keyword in keywords):
                        odd.add(name)
                case ast.While(test=header):
                    odd |= _named(header, names)
            for one in later(part):
                odd |= _named(one, names)
        odd |= {
            part.id
            for part in nodes_of(function)
            if isinstance(part, ast.Name) and part.id in names and part not in called
        }
    return found, odd


def _named(node: ast.AST, names: set[str]) -> set[str]:
    return {part.id for part in nodes_of(node) if isinstance(part, ast.Name)} & names
