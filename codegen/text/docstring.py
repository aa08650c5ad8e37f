"""Docstrings of the output: what a gradient function returns, then the author's own words."""

from __future__ import annotations

import textwrap

from codegen.build.lines import root_of
from codegen.stage.paper import Paper

WIDTH = 84
MOST_ARGUMENTS = 4


def function_docstring(paper: Paper, gradient: str) -> list[str]:
    """Return the docstring's lines, quotes included, without indentation."""
    lines = textwrap.wrap(_summary(paper), WIDTH)
    own = author_words(paper.built.docstring)
    if paper.built.node is None:
        own = _script_example(paper, gradient)
    body = [*lines, "", *own] if own else lines
    return quoted(body)


def gradient_names(paper: Paper) -> list[str]:
    """Return the names of the gradients; `dparams` for a dict of them."""
    names = [
        f"d{root_of(p).name}" if p.base is not None else paper.namer.cotangents[p.value]
        for p in paper.selection.inputs
    ]
    return list(dict.fromkeys(names))


def quoted(body: list[str]) -> list[str]:
    """Return the lines of a docstring with their quotes."""
    body = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in body]
    if len(body) == 1:
        return [f'"""{body[0]}"""']
    return [f'"""{body[0]}', *body[1:], '"""']


def _summary(paper: Paper) -> str:
    built, selection, namer = paper.built, paper.selection, paper.namer
    gradients = gradient_names(paper)
    seeds = [namer.cotangents[r.value] for r in selection.outputs]
    listed = gradients[0] if len(gradients) == 1 else f"({', '.join(gradients)})"
    word = "gradient" if len(gradients) == 1 else "gradients"
    arguments = ", ".join(p.name for p in built.parameters)
    if len(built.parameters) > MOST_ARGUMENTS:
        arguments = "..."
    what = f"{built.function.name}({arguments})"
    if not selection.gives_value:
        if len(seeds) > 1:
            return f"Return the {word} {listed} of {what} for the cotangents ({', '.join(seeds)})."
        if paper.facts[selection.outputs[0].value].scalar:
            return f"Return the {word} {listed} of {what}, scaled by {seeds[0]}."
        return f"Return the {word} {listed} of {what} for {seeds[0]} (ones by default)."
    if built.node is None:
        what = namer.names[selection.outputs[0].value]
    elif selection.picked is not None:
        names = ", ".join(namer.names[r.value] for r in selection.outputs)
        what = f"{names} of {what}" if len(selection.outputs) == 1 else f"({names}) of {what}"
    if len(seeds) > 1:
        return f"Return {what} and the {word} {listed} for the cotangents ({', '.join(seeds)})."
    if paper.facts[selection.outputs[0].value].scalar:
        return f"Return {what} and its {word} {listed}, scaled by {seeds[0]}."
    return f"Return {what} and its {word} {listed} for {seeds[0]} (ones by default)."


def author_words(docstring: str | None) -> list[str]:
    """Return the author's docstring without its examples, which call the forward function."""
    if not docstring:
        return []
    kept: list[str] = []
    inside = False
    for line in docstring.splitlines():
        if line.lstrip().startswith(">>>"):
            inside = True
        elif inside and not line.strip():
            inside = False
        if not inside:
            kept.append(line.rstrip())
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _script_example(paper: Paper, gradient: str) -> list[str]:
    from codegen.examples import script_arguments

    gradients = [paper.namer.cotangents[p.value] for p in paper.selection.inputs]
    listed = gradients[0] if len(gradients) == 1 else f"({', '.join(gradients)})"
    value = paper.namer.names[paper.selection.outputs[0].value]
    call = f"{gradient}({script_arguments(paper.built)})"
    return [f">>> {value}, {listed} = {call}"]
