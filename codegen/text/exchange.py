"""Arrays that change their names: `a, b = b, a`, and `da, db = db, da` on the way back.

Until here their contents change places, by a spare copy. No other name shows their memory, so that
changing the names is the same, and free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from codegen.build.lines import Exchange, Line
from codegen.stage.paper import Paper
from codegen.stage.statements import Group, Node


def exchanged_lines(lines: list[Line]) -> Iterator[tuple[Line, list[Line] | None]]:
    """Yield the forward lines of a block; of an exchange its first store, with what is kept for it.

    Where a line of it was left out, the lines stay as they are.
    """
    place = 0
    while place < len(lines):
        made = lines[place].exchange
        end = place + 1
        while made is not None and lines[end - 1] is not made.lines[-1] and end < len(lines):
            end += 1
        run = lines[place:end]
        if made is not None and [one for one in run if one.exchange is made] == made.lines:
            yield made.lines[1], [one for one in run if one.exchange is not made]
            place = end
        else:
            yield lines[place], None
            place += 1


def names_changed(made: Exchange, paper: Paper) -> str:
    """Return `a, b = b, a`."""
    own = [paper.namer.names[line.values()[0]] for line in made.lines[1:]]
    return f"{', '.join(own)} = {', '.join([*own[1:], own[0]])}"


def exchanged_groups(nodes: list[Node]) -> Iterator[Node | list[Group]]:
    """Yield backward nodes; groups of one exchange together."""
    run: list[Group] = []
    for node in nodes:
        made = node.line.exchange if isinstance(node, Group) and node.line is not None else None
        if run and (made is None or run[-1].line is None or run[-1].line.exchange is not made):
            yield run
            run = []
        if made is not None and isinstance(node, Group):
            run.append(node)
        else:
            yield node
    if run:
        yield run


def cotangents_changed(
    groups: list[Group], paper: Paper, spell: Callable[[Group], list[str]]
) -> list[str] | None:
    """Return `da, db = db, da` and what is put back; None where more is done than that."""
    line = groups[0].line
    made = None if line is None else line.exchange
    if made is None or [group.line for group in groups] != made.lines[::-1]:
        return None
    names = paper.namer.cotangents
    arrays = [names.get(paper.cells.of(one.values()[0])) for one in made.lines[1:]]
    spare = names.get(made.lines[0].values()[0])
    wanted = [[f"{spare} = {arrays[-1]}.copy()", f"{arrays[-1]}[...] = 0"]]
    for taken, given in zip(arrays[-2::-1], arrays[:0:-1], strict=True):
        wanted.append([f"{given} += {taken}", f"{taken}[...] = 0"])
    wanted.append([f"{arrays[0]} += {spare}"])
    back: list[str] = []
    for group, rows in zip(groups, wanted, strict=True):
        restores = [one for one in group.statements if one.form == "restore"]
        others = [one for one in group.statements if one.form != "restore"]
        if spell(Group(group.line, others)) != rows:
            return None
        back += spell(Group(group.line, restores))
    own = [str(name) for name in arrays]
    return [f"{', '.join(own)} = {', '.join([own[-1], *own[:-1]])}", *back]
