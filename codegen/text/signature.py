"""The `def` line of a gradient function: the author's parameters, then the cotangents."""

from __future__ import annotations

import ast

from codegen import ir
from codegen.build.carry import obstacle
from codegen.parse import Module
from codegen.shapes import is_kept
from codegen.spell import Speller
from codegen.stage.paper import Paper


def signature(module: Module, paper: Paper, speller: Speller) -> str:
    """Return `def f_grad(x, y, df=1.0):`."""
    parts = with_cotangents(module, paper, speller)
    return f"def {speller.ours.gradient(paper.built.function.name)}({', '.join(parts)}):"


def with_cotangents(module: Module, paper: Paper, speller: Speller) -> list[str]:
    """Return the author's parameters, then the cotangents with their defaults."""
    return [
        *parameters(module, paper, speller),
        *(
            _cotangent(module, paper, speller, returned.value, _is_annotated(module, paper))
            for returned in paper.selection.outputs
        ),
    ]


def _is_annotated(module: Module, paper: Paper) -> bool:
    """True if the author annotates all parameters, so that cotangents are annotated too."""
    annotations = [p.annotation for p in paper.built.parameters if p.kind != "attribute"]
    return bool(annotations) and all(is_carried(module, node) for node in annotations)


def parameters(module: Module, paper: Paper, speller: Speller) -> list[str]:
    """Return the author's parameters as they stand in a `def` line."""
    parts: list[str] = []
    kinds = [p.kind for p in paper.built.parameters]
    for position, parameter in enumerate(paper.built.parameters):
        if parameter.kind == "attribute":
            continue  # it stands on self
        if parameter.kind == "keyword" and "keyword" not in kinds[:position]:
            parts.append("*")
        text = parameter.name
        annotation = _annotation(module, parameter.annotation, speller)
        if annotation is not None:
            text += f": {annotation}"
        if parameter.default is not None:
            default = _segment(module, parameter.default, speller)
            text += f"={default}" if annotation is None else f" = {default}"
        parts.append(text)
        if parameter.kind == "positional" and "positional" not in kinds[position + 1 :]:
            parts.append("/")
    return parts


def cotangents(module: Module, paper: Paper, speller: Speller) -> list[str]:
    """Return the cotangents as parameters without defaults."""
    parts = []
    for returned in paper.selection.outputs:
        annotated = _is_annotated(module, paper)
        text = _cotangent(module, paper, speller, returned.value, annotated)
        name, _, annotation = text.split("=")[0].partition(":")
        is_given = paper.selection.pair is not None and paper.facts[returned.value].scalar
        if len(paper.selection.outputs) == 1 or is_given:
            annotation = annotation.replace(" | None", "")
        parts.append(f"{name.strip()}: {annotation.strip()}" if annotation else name.strip())
    return parts


def cotangent_default(paper: Paper, value: ir.Value) -> str:
    """Return a cotangent's default: 1.0 for the only, scalar output, else None."""
    scalar = paper.facts[value].scalar
    return "1.0" if scalar and len(paper.selection.outputs) == 1 else "None"


def _cotangent(
    module: Module, paper: Paper, speller: Speller, value: ir.Value, annotated: bool
) -> str:
    name, default = paper.namer.cotangents[value], cotangent_default(paper, value)
    if not annotated:
        return f"{name}={default}"
    kind = paper.facts[value]
    if is_kept(kind):
        return name
    if kind.scalar:
        return f"{name}: float = 1.0" if default == "1.0" else f"{name}: float | None = None"
    node = paper.built.node
    if node is not None and not paper.built.returns_tuple:
        annotation = _annotation(module, node.returns, speller)
        if annotation is not None and not annotation.startswith(("'", '"')):
            return f"{name}: {annotation} | None = None"
    if kind.kind == "list":
        return f"{name}: list | None = None"
    return f"{name}: {speller.library('numpy.ndarray')} | None = None"


def _annotation(module: Module, node: ast.expr | None, speller: Speller) -> str | None:
    """Return an annotation's text; None if it names what the output does not carry: a class."""
    if node is None or not is_carried(module, node):
        return None
    return _segment(module, node, speller)


def is_carried(module: Module, node: ast.expr | None) -> bool:
    """True if all names of an annotation are imported, Python's own or carried constants."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value.strip(), mode="eval").body
        except SyntaxError:
            return False
    names = [] if node is None else [p.id for p in ast.walk(node) if isinstance(p, ast.Name)]
    return node is not None and all(obstacle(module, name) is None for name in names)


def _segment(module: Module, node: object, speller: Speller) -> str:
    text = module.source.segment(module.source.span(node))  # type: ignore[arg-type]
    speller.note_text(text)
    return text
