"""Functions of another module of the project: called by the pair that was generated for them.

`from layers import affine_forward` becomes `from layers_split import affine_forward`, and each call
gets a name for its cache: `a, affine_cache = affine_forward(x, w, b)`. Its gate's backward body is
the call of `affine_backward`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn

from codegen.build.caches import CACHE
from codegen.errors import CodegenError, Problem
from codegen.gates.declare import BY_KEY
from codegen.gates.pattern import LIBRARIES
from codegen.neighbour_calls import promise, refuse_read_caches
from codegen.nodes import nodes_of
from codegen.pairs.calls import Calls
from codegen.pairs.gates import gates_known
from codegen.pairs.names import Pair, results_of
from codegen.parse import Import, Module
from codegen.request import FunctionReport, Generated, Options
from codegen.source import Source

Compile = Callable[[Source, Options], Generated]


@contextmanager
def followed(module: Module, options: Options, compile_source: Compile) -> Iterator[dict[str, str]]:
    """Let what a file imports of its neighbours be called by pairs; give their modules' texts."""
    texts: dict[str, str] = {}
    libraries = dict(LIBRARIES)
    try:
        reports: dict[str, FunctionReport] = {}
        pairs: dict[str, Pair] = {}
        for place, node in enumerate(module.tree.body):
            if not isinstance(node, ast.ImportFrom) or node.module not in options.neighbours:
                continue
            wanted = _wanted(module, node, options)
            if not wanted:
                continue
            made = _reports(module, node, options, compile_source, (texts, wanted))
            functions = _functions(options.neighbours[str(node.module)])
            for alias in node.names:
                if alias.name in made:
                    own = alias.asname or alias.name
                    reports[own] = made[alias.name]
                    pairs[own] = _pair(module, node, alias, made[alias.name], functions)
            module.tree.body[place] = _imported(module, node, pairs)
            LIBRARIES[f"{node.module}_split"] = f"{node.module}_split"
        distinct = {f"{pair.library}.{pair.path}": pair for pair in pairs.values()}
        with gates_known(distinct.values()):
            if pairs:
                _rewrite(module, pairs, reports)
            yield texts
    finally:
        LIBRARIES.clear()
        LIBRARIES.update(libraries)


def _rewrite(module: Module, pairs: dict[str, Pair], reports: dict[str, FunctionReport]) -> None:
    """Give the calls of pairs lines of their own, in all functions."""
    acting = {name for name, pair in pairs.items() if pair.has_effects}
    for name, function in module.functions.items():
        calls = Calls(module, function, pairs, acting)
        made = calls.rewritten()
        if made is function:
            continue
        refuse_read_caches(module, made, calls.caches)
        promise(module, function, {n: reports[n] for n in calls.pairs})
        module.functions[name] = made


def _functions(source: Source) -> dict[str, ast.FunctionDef]:
    body = ast.parse(source.text).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def _wanted(module: Module, node: ast.ImportFrom, options: Options) -> tuple[str, ...]:
    """Return the functions of a neighbour that are called here, and have no rule of their own."""
    try:
        tree = ast.parse(options.neighbours[str(node.module)].text)
    except SyntaxError:
        return ()
    there = {part.name for part in tree.body if isinstance(part, ast.FunctionDef)}
    called = {
        part.func.id
        for function in module.functions.values()
        for part in nodes_of(function)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
    }
    return tuple(
        alias.name
        for alias in node.names
        if alias.name in there
        and (alias.asname or alias.name) in called
        and f"{node.module}.{alias.name}" not in BY_KEY
    )


def _reports(
    module: Module,
    node: ast.ImportFrom,
    options: Options,
    compile_source: Compile,
    found: tuple[dict[str, str], tuple[str, ...]],
) -> dict[str, FunctionReport]:
    """Return the pairs that there are for the imported names."""
    name = str(node.module)
    texts, wanted = found
    if name in options.following:
        chain = " imports ".join([*options.following, name])
        _refuse(module, node, f"a cycle: {chain}", "move what both need into a third module")
    inner = replace(
        options,
        style="split",
        functions=wanted,
        wrt=None,
        of=None,
        defaults=None,
        returns="both",
        following=(*options.following, name),
    )
    made = compile_source(options.neighbours[name], inner)
    texts |= dict(made.modules)
    texts[f"{name}_split"] = made.text
    return {report.name: report for report in made.functions if report.name in wanted}


def _pair(
    module: Module,
    node: ast.ImportFrom,
    alias: ast.alias,
    report: FunctionReport,
    functions: dict[str, ast.FunctionDef],
) -> Pair:
    """Return the pair of a neighbour's function, by the name that it is called by here."""
    if report.writes:
        message = f"`{alias.name}` writes into `{report.writes[0]}`, which is not followed here"
        _refuse(module, node, message, "define it in this file, or let it return a new array")
    function = functions[alias.name]
    results, is_tuple = results_of(function)
    # What has no gradient, behind all that has one, is taken for a cache.
    has_cache = report.picked == tuple(range(len(results) - 1)) and len(results) > 1
    is_flat = results[-1:] == (CACHE,) or len(report.of) == 1
    results = results[:-1] if has_cache else results
    if len(results) != len(report.of):
        message = f"`{alias.name}` returns more than has a gradient"
        _refuse(module, node, message, "define it in this file, or return that by another function")
    return Pair(
        report.name,
        function,
        alias.asname or report.forward_name,
        report.backward_name,
        results,
        is_tuple and not has_cache,
        wrt=report.wrt,
        of=tuple(range(len(results))),
        has_effects=report.has_effects,
        library=f"{node.module}_split",
        path=report.forward_name,
        has_cache=has_cache,
        is_nested=not is_flat,
    )


def _imported(module: Module, node: ast.ImportFrom, pairs: dict[str, Pair]) -> ast.ImportFrom:
    """Return the import of the generated module; what has no pair is still the author's."""
    library = f"{node.module}_split"
    names = []
    for alias in node.names:
        own = alias.asname or alias.name
        if own in pairs:
            module.imports.pop(own, None)
            names.append(ast.alias(pairs[own].path, alias.asname))
    if len(names) < len(node.names) and names:
        message = f"only some of these names are functions that `{node.module}` has pairs for"
        _refuse(module, node, message, "import the others in a line of their own")
    if not names:
        return node
    made = ast.copy_location(ast.ImportFrom(library, names, 0), node)
    for alias in names:
        module.imports[alias.asname or alias.name] = Import(f"{library}.{alias.name}", made)
    return made


def _refuse(module: Module, node: ast.AST, message: str, help: str) -> NoReturn:
    raise CodegenError([Problem("follow", message, module.source.span(node), help)], module.source)
