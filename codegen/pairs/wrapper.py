"""The two functions that one function becomes: the pair's own, and the public one that calls it."""

from __future__ import annotations

import ast
import copy

from codegen.pairs.names import Pair, names_of
from codegen.parse import Module


def private(module: Module, node: ast.FunctionDef) -> ast.FunctionDef:
    """Return a pair's function; its docstring stays with the one that is public, if one is."""
    made = copy.copy(node)
    if node.name.startswith("_"):
        known = {*module.imports, *module.functions, *module.constants}
        name = node.name.strip("_")
        made.name = name if name.isidentifier() and name not in known else node.name
    elif ast.get_docstring(node) is not None and len(node.body) > 1:
        made.body = node.body[1:]
    return made


def wrapper(module: Module, pair: Pair, node: ast.FunctionDef) -> ast.FunctionDef:
    """Return the function that is written out for a pair: it calls the pair."""
    given = copy.deepcopy(node.args)
    taken = {*names_of(node), pair.forward, pair.backward}

    def free(name: str) -> str:
        while name in taken:
            name += "_"
        taken.add(name)
        return name

    place = ast.Pass(
        lineno=node.lineno,
        col_offset=node.col_offset,
        end_lineno=node.lineno,
        end_col_offset=node.col_offset,
    )

    def at(made: ast.AST) -> ast.AST:
        for part in ast.walk(made):
            ast.copy_location(part, place)
        return made

    several = len(pair.results) > 1
    words = [
        free(name or (f"{pair.name}_{n}" if several else pair.name))
        for n, name in enumerate(pair.results, start=1)
    ]
    plain: list[ast.expr] = [ast.Name(a.arg, ast.Load()) for a in [*given.posonlyargs, *given.args]]
    keywords = [ast.keyword(a.arg, ast.Name(a.arg, ast.Load())) for a in given.kwonlyargs]
    call = ast.Call(ast.Name(pair.forward, ast.Load()), plain, keywords)
    left: list[ast.expr] = [ast.Name(word, ast.Store()) for word in [*words, free("cache")]]
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
