"""Functions that call themselves and are given functions: one of its own for each that is given.

`adaptive(g, a, b)` with a `g` that reads a local `p` becomes `_adaptive_g(a, b, p)`, which begins
with the definition of `g`: what it reads is given anew in each call, as it is then.
"""

from __future__ import annotations

import ast
import copy
from typing import NoReturn

from codegen.errors import CodegenError, Problem
from codegen.nodes import assigned_names, nodes_of
from codegen.pairs.graph import named_functions, reached
from codegen.pairs.names import names_of
from codegen.parse import Module
from codegen.parse_names import free_names


def functional(module: Module) -> dict[str, set[str]]:
    """Return the parameters that are called, or handed on as what is called."""
    found: dict[str, set[str]] = {name: set() for name in module.functions}
    before = -1
    while before != sum(map(len, found.values())):
        before = sum(map(len, found.values()))
        for name, function in module.functions.items():
            own = set(names_of(function))
            for part in nodes_of(function):
                if not isinstance(part, ast.Call) or not isinstance(part.func, ast.Name):
                    continue
                if part.func.id in own:
                    found[name].add(part.func.id)
                for parameter in found.get(part.func.id, set()):
                    given = _given(part, module.functions[part.func.id], parameter)
                    if isinstance(given, ast.Name) and given.id in own:
                        found[name].add(given.id)
    return found


def _given(call: ast.Call, function: ast.FunctionDef, parameter: str) -> ast.expr | None:
    """Return what a call gives for a parameter."""
    place = names_of(function).index(parameter)
    for keyword in call.keywords:
        if keyword.arg == parameter:
            return keyword.value
    return call.args[place] if place < len(call.args) else None


def specialise(module: Module) -> set[str]:
    """Give each function its own copy of what calls itself and is given it; return the latter."""
    takes = functional(module)
    takers = {
        name
        for name, function in module.functions.items()
        if takes[name] and name in reached(module, named_functions(module, function))
    }
    for name, function in list(module.functions.items()):
        if takers and name not in takers:
            made = _Callers(module, function, takers, takes).visit(copy.deepcopy(function))
            if any(isinstance(p, ast.Name) and p.id in takers for p in nodes_of(function)):
                for argument, own in zip(nodes_of(made), nodes_of(function), strict=False):
                    if isinstance(argument, ast.arg) and own in module.promises:
                        module.promises[argument] = module.promises[own]
                module.functions[name] = made
    return takers


class _Callers(ast.NodeTransformer):
    """Replaces the calls of one function."""

    def __init__(
        self,
        module: Module,
        function: ast.FunctionDef,
        takers: set[str],
        takes: dict[str, set[str]],
    ) -> None:
        self.module, self.function = module, function
        self.takers, self.takes = takers, takes
        self.inner = {
            part.name: part for part in nodes_of(function)[1:] if isinstance(part, ast.FunctionDef)
        }

    def visit_Call(self, node: ast.Call) -> ast.AST:
        made = self.generic_visit(node)
        assert isinstance(made, ast.Call)
        if not isinstance(made.func, ast.Name) or made.func.id not in self.takers:
            return made
        taker = self.module.functions[made.func.id]
        given: dict[str, ast.FunctionDef | str] = {}
        for parameter in sorted(self.takes[taker.name]):
            given[parameter] = self._function(made, _given(made, taker, parameter))
        return self._called(made, taker, given)

    def _function(self, call: ast.Call, node: ast.expr | None) -> ast.FunctionDef | str:
        """Return what is given: a definition, or the name of a function of the file."""
        if isinstance(node, ast.Lambda):
            body = ast.copy_location(ast.Return(node.body), node.body)
            made = ast.FunctionDef("given", node.args, [body], [], None, None)
            return ast.copy_location(made, node)
        if isinstance(node, ast.Name) and node.id in self.inner:
            return self.inner[node.id]
        local = {*names_of(self.function), *assigned_names(self.function.body)}
        if isinstance(node, ast.Name) and node.id in self.module.functions and node.id not in local:
            return node.id
        return self._refuse(node or call, "it is not known here which function is given")

    def _refuse(self, node: ast.AST, why: str) -> NoReturn:
        span = self.module.source.span(node)
        message = f"a function that calls itself is given a function, and {why}"
        help_ = "give it a function of the file, a lambda, or one that is defined in this function"
        raise CodegenError([Problem("recursion", message, span, help_)], self.module.source)

    def _called(
        self, call: ast.Call, taker: ast.FunctionDef, given: dict[str, ast.FunctionDef | str]
    ) -> ast.Call:
        """Return the call of a copy of the taker that has what is given."""
        if taker.args.defaults or taker.args.kwonlyargs or taker.args.posonlyargs:
            self._refuse(call, "has defaults, or keywords, which is not supported yet")
        known = {*self.module.imports, *self.module.functions, *self.module.constants}
        local = {*names_of(self.function), *assigned_names(self.function.body)}
        own = {*names_of(taker), *assigned_names(taker.body)}
        head: list[ast.stmt] = []
        read: dict[str, None] = {}
        words = []
        for parameter, what in given.items():
            if isinstance(what, str):
                value = ast.copy_location(ast.Name(what, ast.Load()), call)
                words.append(what)
                target = ast.copy_location(ast.Name(parameter, ast.Store()), call)
                head.append(ast.copy_location(ast.Assign([target], value), call))
                continue
            made = copy.copy(what)
            made.name = parameter
            head.append(made)
            words.append(what.name)
            for name in free_names(made):
                if name in self.inner:
                    self._refuse(call, f"that one calls `{name}`, which is not supported yet")
                if name in local:
                    read[name] = None
                elif name not in known and name in own:
                    self._refuse(call, f"its `{name}` is a name of `{taker.name}` too")
        clash = sorted(set(read) & own)
        if clash:
            self._refuse(
                call, f"`{clash[0]}`, which that one reads, is a name of `{taker.name}` too"
            )
        name = "_" + "_".join([taker.name.strip("_"), *(word.strip("_") for word in words)])
        number = 1
        while name in known:
            name, number = f"{name}_{number}", number + 1
        self.module.functions[name] = _copy(taker, name, given, head, list(read))
        return _without(call, taker, name, set(given), list(read))


def _without(
    call: ast.Call, taker: ast.FunctionDef, name: str, given: set[str], read: list[str]
) -> ast.Call:
    """Return a call without the functions, and with what they read."""
    names = names_of(taker)
    arguments = [part for place, part in enumerate(call.args) if names[place] not in given]
    keywords = [part for part in call.keywords if part.arg not in given]
    keywords += [
        ast.copy_location(ast.keyword(n, ast.copy_location(ast.Name(n, ast.Load()), call)), call)
        for n in read
    ]
    function = ast.copy_location(ast.Name(name, ast.Load()), call)
    return ast.copy_location(ast.Call(function, arguments, keywords), call)


def _copy(
    taker: ast.FunctionDef,
    name: str,
    given: dict[str, ast.FunctionDef | str],
    head: list[ast.stmt],
    read: list[str],
) -> ast.FunctionDef:
    """Return a taker that has what it is given, and calls itself under its new name."""

    class Own(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            made = self.generic_visit(node)
            assert isinstance(made, ast.Call)
            if not isinstance(made.func, ast.Name) or made.func.id != taker.name:
                return made
            handed = {p: _given(made, taker, p) for p in given}
            if all(isinstance(n, ast.Name) and n.id == p for p, n in handed.items()):
                return _without(made, taker, name, set(given), read)
            return made  # another function: refused where it is called

    made = copy.deepcopy(taker)
    made.body = [Own().visit(statement) for statement in made.body]
    made.name = name
    made.args.args = [a for a in made.args.args if a.arg not in given]
    made.args.args += [ast.copy_location(ast.arg(one), taker) for one in read]
    is_text = ast.get_docstring(taker) is not None
    made.body = [*made.body[:is_text], *head, *made.body[is_text:]]
    return made
