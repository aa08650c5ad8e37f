"""What of a file becomes pairs: their gates are known while the file is compiled."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from codegen import select
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import CodegenError, Problem, Problems
from codegen.gates.pattern import LIBRARIES
from codegen.pairs.calls import Calls
from codegen.pairs.gates import gates_known
from codegen.pairs.graph import recursive
from codegen.pairs.names import LIBRARY, Pair, all_names, named_after, names_of, returns_of
from codegen.pairs.settle import settle
from codegen.parse import Import, Module
from codegen.request import Options
from codegen.source import Span

BuildTyped = Callable[[Module, ast.FunctionDef, Problems], tuple[Built, TypeFacts]]


@contextmanager
def paired(
    module: Module, roots: list[str], build_typed: BuildTyped
) -> Iterator[list[Pair]]:
    """Let functions that call themselves be called by pairs; give those that there are."""
    names = recursive(module, roots)
    if not names:
        yield []
        return
    pairs = _pairs(module, names)
    LIBRARIES[LIBRARY] = LIBRARY
    try:
        nodes = {name: Calls(module, node, pairs).rewritten()
                 for name, node in module.functions.items()}
        for name, pair in pairs.items():
            pair.node = _private(module, nodes[name])
            for path in (pair.forward, pair.backward):
                module.imports[path] = Import(f"{LIBRARY}.{path}", ast.Import([]))
        for name, node in nodes.items():
            module.functions[name] = _wrapper(module, pairs[name], node) if name in pairs else node
        settle(module, pairs, roots, build_typed)
        with gates_known(pairs.values()):
            yield list(pairs.values())
    finally:
        LIBRARIES.pop(LIBRARY, None)


def _pairs(module: Module, names: list[str]) -> dict[str, Pair]:
    taken = all_names(module)
    found = {}
    for name in names:
        node = module.functions[name]
        forward, backward = named_after(name, taken)
        results, is_tuple = _results(node)
        if not results:
            span = module.source.span(node)
            line = module.source.line(span.line).rstrip()
            problem = Problem(
                "recursion",
                f"`{name}` calls itself and returns nothing, so what it writes cannot be followed",
                Span(span.line, span.column, span.line, len(line)),
                "return a new array, or write it with a loop",
            )
            raise CodegenError([problem], module.source)
        found[name] = Pair(name, node, forward, backward, results, is_tuple)
    return found


def _results(node: ast.FunctionDef) -> tuple[tuple[str | None, ...], bool]:
    """Return the names of what a function returns, None where they differ."""
    values = [part.value for part in returns_of(node) if part.value is not None]
    is_tuple = any(isinstance(value, ast.Tuple) for value in values)
    rows = [value.elts if isinstance(value, ast.Tuple) else [value] for value in values]
    given = names_of(node)
    names: list[str | None] = []
    for column in zip(*rows, strict=False):
        words = {part.id if isinstance(part, ast.Name) else None for part in column}
        word = words.pop() if len(words) == 1 else None
        names.append(None if word in given or word in names else word)
    return tuple(names), is_tuple


def _private(module: Module, node: ast.FunctionDef) -> ast.FunctionDef:
    """Return a pair's function; its docstring stays with the one that is public, if one is."""
    made = copy.copy(node)
    if node.name.startswith("_"):
        known = {*module.imports, *module.functions, *module.constants}
        name = node.name.strip("_")
        made.name = name if name.isidentifier() and name not in known else node.name
    elif ast.get_docstring(node) is not None and len(node.body) > 1:
        made.body = node.body[1:]
    return made


def _wrapper(module: Module, pair: Pair, node: ast.FunctionDef) -> ast.FunctionDef:
    """Return the function that is written out for a pair: it calls the pair."""
    given = copy.deepcopy(node.args)
    taken = {*names_of(node), pair.forward, pair.backward}

    def free(name: str) -> str:
        while name in taken:
            name += "_"
        taken.add(name)
        return name

    place = ast.Pass(lineno=node.lineno, col_offset=node.col_offset,
                     end_lineno=node.lineno, end_col_offset=node.col_offset)

    def at(made: ast.AST) -> ast.AST:
        for part in ast.walk(made):
            ast.copy_location(part, place)
        return made

    several = len(pair.results) > 1
    words = [
        free(name or (f"{pair.name}_{n}" if several else pair.name))
        for n, name in enumerate(pair.results, start=1)
    ]
    plain = [ast.Name(a.arg, ast.Load()) for a in [*given.posonlyargs, *given.args]]
    keywords = [ast.keyword(a.arg, ast.Name(a.arg, ast.Load())) for a in given.kwonlyargs]
    call = ast.Call(ast.Name(pair.forward, ast.Load()), plain, keywords)
    left = [ast.Name(word, ast.Store()) for word in [*words, free("cache")]]
    line = ast.Assign([ast.Tuple(left, ast.Store())], call)
    value: ast.expr = ast.Name(words[0], ast.Load())
    if pair.is_tuple:
        value = ast.Tuple([ast.Name(word, ast.Load()) for word in words], ast.Load())
    body: list[ast.stmt] = [line, ast.Return(value)]
    for one in body:
        at(one)
    documented = ast.get_docstring(node) is not None
    made = ast.FunctionDef(
        node.name,
        given,
        [*(node.body[:1] if documented else []), *body],
        node.decorator_list,
        node.returns,
        None,
    )
    module.rewritten.update(body)
    return ast.copy_location(made, node)


def picked_names(module: Module, options: Options) -> list[str]:
    """Return the functions that are written out, and all that classes may call."""
    if module.is_script or module.classes:
        return list(module.functions)
    return [node.name for node in select.functions(module, options, Problems(module.source))]
