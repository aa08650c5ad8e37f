"""Checks of `--debug`: of annotated shapes on entry, and behind each gradient line."""

from __future__ import annotations

from pathlib import PurePosixPath

from codegen import ir
from codegen.analyses.declared import words_of_shape
from codegen.build.lines import Line
from codegen.spell import Speller
from codegen.stage.paper import Paper, lines_in
from codegen.stage.statements import Statement

LONGEST = 60
COTANGENTS = ("=", "+=", "-=", "rebind", "part=", "part+=", "part-=", "at")


def check_shapes(paper: Paper, speller: Speller) -> list[str]:
    """Return the line that checks the annotated shapes of the arguments."""
    rows = []
    for parameter in paper.built.parameters:
        words = words_of_shape(speller.module, parameter.annotation)
        plain = words is not None and not any("*" in str(w) or "." in str(w) for w in words)
        if words and plain and parameter.kind != "attribute":
            name = paper.namer.names[parameter.value]
            shown = " ".join(map(str, words))
            rows.append(f"{name!r}: ({name}, {shown!r})")
    if not rows:
        return []
    return [f"{_helper('_check_shapes', speller)}({{{', '.join(rows)}}})"]


def check_gradient(
    statement: Statement, line: Line | None, paper: Paper, speller: Speller
) -> list[str]:
    """Return the line that checks what a statement has made of a cotangent."""
    target = statement.target
    if not speller.debug or target is None or statement.form not in COTANGENTS:
        return []
    name = paper.namer.cotangents[target]
    value = _value(target, paper, speller)
    place = repr(_place(line, speller))
    return [f"{_helper('_check_gradient', speller)}({name!r}, {name}, {value}, {place})"]


def _helper(name: str, speller: Speller) -> str:
    speller.uses.helpers[name] = None
    return speller.ours.helper(name)


def _value(target: ir.Value, paper: Paper, speller: Speller) -> str:
    """Return the name of what a cotangent belongs to, where it is there with its own shape."""
    if speller.is_apart or paper.regions.in_loop(paper.regions.home(target)):
        return "None"  # of another turn, or of the forward pass alone
    printed = {value for line in lines_in(paper) for value in line.values()}
    printed |= {parameter.value for parameter in paper.built.parameters}
    name = paper.namer.names.get(target)
    return "None" if name is None or target not in printed else name


def _place(line: Line | None, speller: Speller) -> str:
    if line is None:
        return "the end of a branch or a loop"
    source = speller.module.source
    name = PurePosixPath(source.filename.replace("\\", "/")).name
    text = source.line(line.span.line).strip()
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
    return f"{name}:{line.span.line}: {text}"
