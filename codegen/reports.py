"""What is told of a written function to those who run it."""

from __future__ import annotations

from dataclasses import replace

from codegen import examples, ir
from codegen.analyses.declared import words_of_shape
from codegen.build.lines import Built, FormalParameter, root_of
from codegen.classes.lower import Method
from codegen.classes.words import as_word
from codegen.parse import Module
from codegen.request import FunctionReport, ObjectReport, Parameter, Place
from codegen.select import Selection
from codegen.shapes import Known
from codegen.spell import OurNames
from codegen.stage.paper import Paper
from codegen.text.gate_class import places_of
from codegen.text.split import backward_name, class_name, forward_name

# What must happen whether or not anything reads what comes of it.
LASTING = ("print", "call", "draw", "setting")


def report(module: Module, paper: Paper, ours: OurNames, style: str = "joint") -> FunctionReport:
    """Return the report of one function."""
    method = None if paper.built.node is None else module.methods.get(paper.built.node)
    if method is not None:
        return _of_class(module, paper, method)
    built, selection, namer = paper.built, paper.selection, paper.namer
    return FunctionReport(
        name=built.function.name,
        gradient_name=ours.gradient(built.function.name),
        parameters=tuple(_parameter(module, p, paper) for p in built.parameters),
        jacobian="columns" if selection.is_jacobian else None,
        writes=tuple(r.name or "" for r in built.written),
        has_effects=any(
            isinstance(o, ir.Effect) and o.kind in LASTING
            for o in ir.operations(built.function.body)
        ),
        wrt=tuple(dict.fromkeys(root_of(p).name for p in selection.inputs)),
        of=tuple(r.value.name or built.function.name for r in selection.outputs),
        cotangents=tuple(namer.cotangents[r.value] for r in selection.outputs),
        picked=_picked(built, selection),
        examples=examples.of_function(module, built),
        draws_random=built.draws,
        stops=any(line.stopped for line in built.lines),
        is_script=built.node is None,
        changed=tuple(p.name for p in built.parameters if p.value in built.changed),
        style=style,
        forward_name=(
            class_name(built.function.name)
            if style == "gate"
            else forward_name(built.function.name)
        ),
        backward_name=backward_name(built.function.name),
        returns="both" if selection.gives_value else "grad",
    )


def _of_class(module: Module, paper: Paper, method: Method) -> FunctionReport:
    """Return the report of a class: of its method as a function of inputs and attributes."""
    built, selection, namer = paper.built, paper.selection, paper.namer
    taken = {p.name for p in built.parameters if p.kind != "attribute"}
    words: dict[str, str] = {}  # a name for each attribute
    for name, text in method.attributes.items():
        word = as_word(text)
        while word in taken:
            word += "_"
        taken.add(word)
        words[name] = word
    wrt = [words.get(p.name, p.name) for p in selection.inputs]
    own = [p for p in selection.inputs if p.kind == "attribute"]
    places = places_of([method.attributes[p.name] for p in own], method.is_loss)
    made, arguments = examples.of_method(module, method)
    parameters = [_parameter(module, p, paper) for p in built.parameters]
    return FunctionReport(
        name=method.owner.name,
        gradient_name=method.owner.name,
        parameters=tuple(replace(p, name=words.get(p.name, p.name)) for p in parameters),
        wrt=tuple(wrt),
        of=tuple(r.value.name or built.function.name for r in selection.outputs),
        cotangents=tuple(namer.cotangents[r.value] for r in selection.outputs),
        picked=_picked(built, selection),
        examples=arguments,
        draws_random=built.draws,
        stops=any(line.stopped for line in built.lines),
        style="class",
        returns="both" if selection.gives_value else "grad",
        of_class=ObjectReport(
            made,
            method.node.name,
            tuple((words[name], text) for name, text in method.attributes.items()),
            tuple(zip((words[p.name] for p in own), places, strict=True)),
            method.is_loss,
        ),
    )


def _picked(built: Built, selection: Selection) -> tuple[Place, ...] | None:
    """Return which entries of the returned tuple are picked, without written parameters."""
    picked = selection.picked
    if built.is_procedure:
        return None
    if not built.returns_tuple:
        returned = [one for one in selection.outputs if one in built.returned]
        return None if returned else ()
    if picked is None:
        return None
    count = len(built.returned)
    return tuple(p for p in picked if not isinstance(p, int) or p < count)


def _parameter(module: Module, parameter: FormalParameter, paper: Paper) -> Parameter:
    kind = paper.facts[parameter.value]
    if paper.selection.is_jacobian and parameter in paper.selection.inputs:
        has_default = parameter.default is not None
        return Parameter(parameter.name, "scalar", (), "float", True, has_default=has_default)
    words = words_of_shape(module, parameter.annotation)
    shape: tuple[str | int, ...] | None = None
    if kind.kind == "number" and isinstance(kind.shape, Known) and kind.shape.rank:
        shape = tuple(d if isinstance(d, int) else str(d) for d in kind.shape.dimensions)
    word = "other"
    if kind.kind in ("list", "tuple"):
        word = "list"
    elif kind.kind == "number":
        if kind.scalar and not kind.array:
            word = "integer" if kind.dtype == "int" else "scalar"
        else:
            word = "array" if kind.array or shape else "unknown"
    return Parameter(
        parameter.name,
        word,
        words if words is not None else () if word == "array" and kind.scalar else shape,
        kind.dtype,
        parameter.value in paper.facts.declared,
        parameter.value in paper.facts.optional,
        parameter.kind == "keyword",
        parameter.default is not None,
    )
