"""The `def` line of a gradient function: the author's parameters, then the cotangents."""

from __future__ import annotations

from codegen import ir
from codegen.parse import Module
from codegen.spell import Speller
from codegen.stage.paper import Paper


def signature(module: Module, paper: Paper, speller: Speller) -> str:
    """Return `def f_grad(x, y, df=1.0):`."""
    parts = parameters(module, paper, speller)
    parts += [
        _cotangent(module, paper, speller, returned.value, _is_annotated(paper))
        for returned in paper.selection.outputs
    ]
    return f"def {gradient_name(paper)}({', '.join(parts)}):"


def _is_annotated(paper: Paper) -> bool:
    """True if the author annotates all parameters, so that cotangents are annotated too."""
    given = paper.built.parameters
    return bool(given) and all(p.annotation is not None for p in given)


def parameters(module: Module, paper: Paper, speller: Speller) -> list[str]:
    """Return the author's parameters as they stand in a `def` line."""
    parts: list[str] = []
    kinds = [p.kind for p in paper.built.parameters]
    for position, parameter in enumerate(paper.built.parameters):
        if parameter.kind == "keyword" and "keyword" not in kinds[:position]:
            parts.append("*")
        text = parameter.name
        if parameter.annotation is not None:
            annotation = _segment(module, parameter.annotation, speller)
            text += f": {annotation}"
        if parameter.default is not None:
            default = _segment(module, parameter.default, speller)
            text += f" = {default}" if parameter.annotation is not None else f"={default}"
        parts.append(text)
        if parameter.kind == "positional" and "positional" not in kinds[position + 1 :]:
            parts.append("/")
    return parts


def cotangents(module: Module, paper: Paper, speller: Speller) -> list[str]:
    """Return the cotangents as parameters without defaults."""
    parts = []
    for returned in paper.selection.outputs:
        text = _cotangent(module, paper, speller, returned.value, _is_annotated(paper))
        name, _, annotation = text.split("=")[0].partition(":")
        if len(paper.selection.outputs) == 1:
            annotation = annotation.replace(" | None", "")
        parts.append(f"{name.strip()}: {annotation.strip()}" if annotation else name.strip())
    return parts


def gradient_name(paper: Paper) -> str:
    """Return the name of the gradient function."""
    return f"{paper.built.function.name}_grad"


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
    if kind.scalar:
        return f"{name}: float = 1.0" if default == "1.0" else f"{name}: float | None = None"
    node = paper.built.node
    if node is not None and node.returns is not None and not paper.built.returns_tuple:
        annotation = _segment(module, node.returns, speller)
        if not annotation.startswith(("'", '"')):
            return f"{name}: {annotation} | None = None"
    return f"{name}: {speller.library('numpy.ndarray')} | None = None"


def _segment(module: Module, node: object, speller: Speller) -> str:
    text = module.source.segment(module.source.span(node))  # type: ignore[arg-type]
    speller.note_text(text)
    return text
