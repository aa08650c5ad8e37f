"""A script as in the CS231n notes: inputs, a forward pass, perhaps a hand-written gradient."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from pathlib import PurePosixPath

from codegen import fence, ir
from codegen.build import unstable
from codegen.build.function import Builder
from codegen.build.growing import Grow
from codegen.build.kinks import cancel
from codegen.build.lines import Built, FormalParameter, Returned
from codegen.build.scope import Scope
from codegen.errors import CodegenError, Note, Problem, Problems
from codegen.nodes import assigned_names
from codegen.parse import Module
from codegen.parse_names import is_main
from codegen.source import Span


def function_name(filename: str) -> str:
    """Return the name of a script's function, after its file: `my-neuron.py` is `my_neuron`."""
    stem = PurePosixPath(filename.replace("\\", "/")).name.removesuffix(".py")
    name = re.sub(r"\W", "_", stem)
    return name if name.isidentifier() else f"script_{name}".rstrip("_")


def build_script(module: Module) -> Built:
    """Return a script in IR; raise CodegenError with all that is refused in it."""
    places: frozenset[Span] = frozenset()
    while True:
        try:
            return _build_script(module, places)
        except Grow as found:
            places |= found.places


def _build_script(module: Module, places: frozenset[Span]) -> Built:
    problems = Problems(module.source)
    builder = Builder(module, function_name(module.source.filename), problems)
    builder.growing.places = places
    body = _statements(module)
    forward = _without_gradient(body)
    if not forward:
        way_out = "assign the output to a name in the last line"
        problem = Problem("no-output", "the script assigns no output", None, way_out)
        raise CodegenError([problem], module.source)
    inputs = {n: pairs for n in forward if (pairs := _inputs(n)) is not None}
    names = assigned_names(forward)
    builder.scope = Scope(module, names, script=True)
    text = module.source.text
    builder.built.has_numpy = builder.built.has_numpy or "np." in text
    builder.refused = fence.check_statements(module.source, forward, problems)
    for pairs in inputs.values():
        for target, literal in pairs:
            if target.id in builder.scope.values:
                problems.add(
                    "module-name",
                    f"the input `{target.id}` is assigned twice",
                    builder.span(target),
                    "leave the first assignment out",
                )
                continue
            value = ir.Value(len(builder.built.parameters), target.id, builder.span(target))
            builder.block.parameters.append(value)
            builder.scope.values[target.id] = value
            builder.built.parameters.append(
                FormalParameter(target.id, value, "plain", example=literal)
            )
    builder.statements([n for n in forward if n not in inputs])
    problems.raise_if_any()
    _return_last(builder, forward, inputs)
    builder.built.docstring = ast.get_docstring(module.tree)
    _note_imports(module, builder)
    cancel(builder.built)
    unstable.note(builder.built)
    ir.renumber(builder.built.function)
    return builder.built


def _statements(module: Module) -> list[ast.stmt]:
    ignored = (ast.Import, ast.ImportFrom, ast.ClassDef)
    body = [n for n in module.tree.body if not isinstance(n, ignored) and not is_main(n)]
    return [n for n in body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]


def _without_gradient(body: list[ast.stmt]) -> list[ast.stmt]:
    """Leave out trailing assignments to `d` + a name, and what is printed after them."""
    names = assigned_names(body)
    forward = list(body)
    while forward and (_is_gradient(forward[-1], names) or isinstance(forward[-1], ast.Expr)):
        forward.pop()
    return forward


def _is_gradient(node: ast.stmt, names: frozenset[str]) -> bool:
    match node:
        case ast.Assign(targets=targets):
            parts = [p for t in targets for p in (t.elts if isinstance(t, ast.Tuple) else [t])]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            parts = [target]
        case _:
            return False
    return all(isinstance(p, ast.Name) and _is_cotangent(p.id, names) for p in parts)


def _is_cotangent(name: str, names: frozenset[str]) -> bool:
    """True for `dx`, and for `dfdx`."""
    if not name.startswith("d"):
        return False
    cuts = (at for at in range(2, len(name) - 1) if name[at] == "d")
    return name[1:] in names or any(name[1:a] in names and name[a + 1 :] in names for a in cuts)


def _inputs(node: ast.stmt) -> list[tuple[ast.Name, ast.expr]] | None:
    """Return the names that a statement assigns literals, with them; None if it does not."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return _pairs(node.target, node.value)
    if not isinstance(node, ast.Assign):
        return None
    found = []
    for target in node.targets:
        pairs = _pairs(target, node.value)
        if pairs is None:
            return None
        found += pairs
    return found


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.Name, ast.expr]] | None:
    """Return the pairs of `x, y = 1.0, 2.0`."""
    if isinstance(target, ast.Name):
        return [(target, value)] if _is_literal(value) else None
    match target, value:
        case (ast.Tuple(names) | ast.List(names), ast.Tuple(items) | ast.List(items)):
            below = [_pairs(*pair) for pair in zip(names, items, strict=False)]
            known = [pairs for pairs in below if pairs is not None]
            if len(names) == len(items) == len(known):
                return [pair for pairs in known for pair in pairs]
    return None


def _is_literal(node: ast.expr) -> bool:
    """True for a number, or a list or tuple of numbers."""
    try:
        return _is_numbers(ast.literal_eval(node))
    except (ValueError, TypeError, SyntaxError):
        return False


def _is_numbers(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return bool(value) and all(_is_numbers(item) for item in value)
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _return_last(
    builder: Builder, forward: list[ast.stmt], inputs: Collection[ast.stmt]
) -> None:
    for node in reversed(forward):
        if node in inputs:
            break
        stored = (n for n in ast.walk(node) if isinstance(n, ast.Name))
        names = [n.id for n in stored if isinstance(n.ctx, ast.Store)]
        if names:
            value = builder.scope.values.get(names[-1])
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                arguments = ", ".join(one.arg for one in node.value.args.args)
                problem = Problem(
                    "no-output",
                    f"`{names[-1]}` is a `lambda`, and there is no function in this file",
                    builder.span(node),
                    f"write it as a function: def {names[-1]}({arguments}): return ...",
                )
                raise CodegenError([problem], builder.module.source)
            if value is None:
                problem = Problem(
                    "undefined",
                    f"the output `{names[-1]}` is assigned on some paths only",
                    builder.scope.maybe.get(names[-1]),
                    f"assign `{names[-1]}` before the `if` or the loop too",
                )
                raise CodegenError([problem], builder.module.source)
            builder.built.returned.append(Returned(value, value.name, builder.span(node)))
            builder.built.function.body.yields = [value]
            return
    problem = Problem(
        "no-output",
        "the script computes nothing from its inputs",
        builder.span(forward[-1]),
        "assign the output to a name in the last line",
    )
    raise CodegenError([problem], builder.module.source)


def _note_imports(module: Module, builder: Builder) -> None:
    used = {
        name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name) and (name := node.id) in ("np", "math")
    }
    for name in sorted(used):
        if name not in module.imports and name not in builder.scope.local:
            text = "import numpy as np" if name == "np" else "import math"
            builder.built.notes.append(Note(f"`{name}` is not imported: the output has `{text}`"))
