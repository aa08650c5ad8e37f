"""What calls of neighbours' functions say of a caller's parameters, and what a cache is for."""

from __future__ import annotations

import ast

from codegen.errors import CodegenError, Problem
from codegen.nodes import assigned_names, nodes_of
from codegen.parse import Module
from codegen.request import FunctionReport, Parameter


def promise(module: Module, function: ast.FunctionDef, reports: dict[str, FunctionReport]) -> None:
    """Take what the other module declares of a parameter that is handed on as declared here."""
    assigned = assigned_names(function.body)
    given = function.args
    own = {a.arg: a for a in [*given.posonlyargs, *given.args, *given.kwonlyargs]}
    regions = (ast.If, ast.For, ast.While)
    always = {
        part
        for statement in function.body
        if not isinstance(statement, regions)
        for part in nodes_of(statement)
    }
    for node in sorted(nodes_of(function), key=lambda part: part not in always):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        report = reports.get(node.func.id)
        if report is None:
            continue
        named = [(p, part) for p, part in zip(report.parameters, node.args, strict=False)]
        by_name = {p.name: p for p in report.parameters}
        named += [(by_name[k.arg], k.value) for k in node.keywords if k.arg in by_name]
        for parameter, part in named:
            argument = own.get(part.id) if isinstance(part, ast.Name) else None
            if argument is None or argument.annotation is not None or argument.arg in assigned:
                continue
            stated = _stated(parameter)
            if stated is not None and node not in always:
                stated = ast.Name("numpy.ndarray", ast.Load())  # on another path of any rank
            if stated is not None:
                module.promises.setdefault(argument, stated)


def _stated(parameter: Parameter) -> ast.expr | None:
    """Return an annotation that says of which rank and kind a declared array is."""
    kinds = {"float": "Float", "int": "Int", "bool": "Bool"}
    if parameter.kind != "array" or not parameter.declared or not parameter.shape:
        return None
    if parameter.dtype not in kinds:
        return None
    array = ast.Name("numpy.ndarray", ast.Load())
    words = ast.Constant(" ".join("_" for _ in parameter.shape))
    parts = ast.Tuple([array, words], ast.Load())
    return ast.Subscript(
        ast.Name(f"jaxtyping.{kinds[parameter.dtype]}", ast.Load()), parts, ast.Load()
    )


def refuse_read_caches(module: Module, function: ast.FunctionDef, caches: set[str]) -> None:
    """What stands in a cache is ours: it may only be handed on as a whole."""
    if not caches:
        return
    handed: set[ast.AST] = set()
    for node in nodes_of(function):
        match node:
            case ast.Assign([ast.Name(name)], ast.Tuple(items)):
                parts = [i for i in items if isinstance(i, ast.Name) and i.id in caches]
                if parts:
                    caches.add(name)
                    handed.update(parts)
            case ast.Return(ast.Tuple([_, *items])):
                for item in items:
                    inner = item.elts if isinstance(item, ast.Tuple) else [item]
                    handed.update(inner)
    for node in nodes_of(function):
        is_read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if is_read and node not in handed and getattr(node, "id", "") in caches:
            problem = Problem(
                "follow",
                f"`{ast.unparse(node)}` is a cache, whose contents are not yours",
                module.source.span(node),
                "hand it on as a whole: `return out, cache`",
            )
            raise CodegenError([problem], module.source)
