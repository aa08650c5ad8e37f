"""Comprehensions that were built as loops and keep nothing per turn: printed as they were."""

from __future__ import annotations

from codegen import expressions as e
from codegen.build.lines import Line
from codegen.spell import Speller
from codegen.stage.paper import Paper


def appended(line: Line, bodies: dict[Line, tuple[list[Line], ...]]) -> Line | None:
    """Return the only line of a comprehension's loop, which appends; None for other loops."""
    if not line.display or line not in bodies:
        return None
    body = [inner for inner in bodies[line][0] if inner.kind != "move"]
    if len(body) != 1 or body[0].kind != "store" or body[0].operator != "append":
        return None
    return body[0]


def put_together(lines: list[Line], paper: Paper) -> list[Line]:
    """Return the lines without `ys = []` where the loop behind it is printed as a comprehension.

    What keeps the list for the reverse, right behind `ys = []`, then stands behind the loop.
    """
    loops = {
        paper.cells.of(inner.values()[0]): line
        for line in lines
        if (inner := appended(line, paper.bodies)) is not None
    }
    found: list[Line] = []
    waiting: dict[Line, list[Line]] = {}
    for line in lines:
        if line.expression == e.Sequence("list", ()) and line.kind == "assign":
            made = [loops[value] for value in line.values() if value in loops]
            if made:
                waiting[made[0]] = []
                continue
        read = () if line.expression is None else map(paper.cells.of, e.primals(line.expression))
        of = [loop for value in read if (loop := loops.get(value)) in waiting]
        if line.kind == "do" and of:
            waiting[of[0]].append(line)
            continue
        found += [line, *waiting.pop(line, [])]
    return found


def comprehension_text(line: Line, header: str, paper: Paper, speller: Speller) -> str | None:
    """Return `ys = [f(x) for x in xs]`, or None where it must stay a loop."""
    inner = appended(line, paper.bodies)
    if inner is None or inner.expression is None:
        return None
    name = paper.namer.names[inner.values()[0]]
    item = speller.text(inner.expression)
    return f"{name} = [{item} for {header}]"
