"""A Jacobian by columns as text: what `scipy.optimize.curve_fit(f, x, y, jac=f_jac)` takes."""

from __future__ import annotations

import textwrap

from codegen.parse import Module
from codegen.render import FunctionText
from codegen.spell import Speller
from codegen.stage.paper import Paper
from codegen.text.backward import backward_lines
from codegen.text.docstring import author_words, quoted
from codegen.text.forward import forward_lines
from codegen.text.signature import parameters

WIDTH = 84


def columns_text(module: Module, paper: Paper, speller: Speller) -> FunctionText:
    """Spell the function that gives an array with a row for each entry of the data."""
    names, inputs = paper.namer.names, paper.selection.inputs
    np = speller.library("numpy")
    data = names[paper.built.parameters[0].value]
    if paper.result is None:
        paper.result = paper.namer.claim("jac")
    jac = paper.result
    backward = backward_lines(paper.nodes, paper, speller)
    shape = f"(*{np}.shape({data}), {len(inputs)})"
    backward.append(f"{jac} = {np}.empty({shape}, {np}.result_type({data}, 1.0))")
    backward += [
        f"{jac}[..., {place}] = {paper.namer.cotangents[parameter.value]}"
        for place, parameter in enumerate(inputs)
    ]
    taken = ", ".join(parameters(module, paper, speller))
    return FunctionText(
        f"def {speller.ours.gradient(paper.built.function.name)}({taken}):",
        tuple(_docstring(paper)),
        (),
        tuple(forward_lines(paper.lines, paper, speller)),
        (),
        tuple(backward),
        jac,
        False,
    )


def _docstring(paper: Paper) -> list[str]:
    arguments = ", ".join(p.name for p in paper.built.parameters)
    names = ", ".join(p.name for p in paper.selection.inputs)
    what = f"{paper.built.function.name}({arguments})"
    words = f"Return the slopes of {what} by {names}, a column for each."
    own = author_words(paper.built.docstring)
    return quoted([*textwrap.wrap(words, WIDTH), *(["", *own] if own else [])])
