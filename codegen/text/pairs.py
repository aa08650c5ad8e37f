"""How what the backward of a pair gives is written: `dx, dw = _affine_backward(dout, cache)`."""

from __future__ import annotations

import ast
import re

from codegen import ir
from codegen.gates.declare import GATES
from codegen.stage.paper import Paper
from codegen.stage.statements import Group

STEMS = ("grads", "parts")  # of what such a backward gives, of what a cache's cotangent holds
CHOSEN = " else 0.0"  # the end of a call that a condition leaves out


def unpacked(rows: list[str], group: Group, paper: Paper) -> list[str]:
    """Write the calls of a group of rows without a name for all that one gives, where it can be."""
    for statement in group.statements:
        local = statement.name if statement.form == "local" else None
        if local is None or local.stem not in STEMS:
            continue
        made = paper.built.definition.get(local.owner)
        count = GATES[made.gate].gives if isinstance(made, ir.Gate) else 0
        name = paper.namer.locals[local]
        places = [place for place, row in enumerate(rows) if row.startswith(f"{name} = ")]
        if count and len(places) == 1:
            before, rest = rows[: places[0]], rows[places[0] + 1 :]
            call = rows[places[0]].partition(" = ")[2]
            written = _one(name, call, rest) if count == 1 else None
            rows = [*before, *(written or _several(name, call, rest, count, paper))]
    return rows


def _one(name: str, call: str, rows: list[str]) -> list[str]:
    """Write the only gradient where it is read, if that is once."""
    word = re.compile(rf"\b{name}\b")
    read = [place for place, row in enumerate(rows) if word.search(row)]
    is_call = isinstance(ast.parse(call, mode="eval").body, ast.Call)
    is_whole = len(read) == 1 and rows[read[0]].endswith(f"= {name}")
    if len(read) == 1 and (is_call or is_whole) and len(word.findall(rows[read[0]])) == 1:
        found = list(rows)
        if call.endswith(CHOSEN) and not re.search(rf"= {name}$", rows[read[0]]):
            call = f"({call})"
        found[read[0]] = word.sub(lambda _: call, rows[read[0]])
        return found
    return [f"{name} = {call}", *rows]


def _several(name: str, call: str, rows: list[str], count: int, paper: Paper) -> list[str]:
    """Write `dx, dw = ...`: what is added to a gradient has a name of its own first."""
    targets: list[str] = []
    left = list(rows)
    for place in range(count):
        item = f"{name}[{place}]"
        whole = [
            at for at, row in enumerate(left) if re.fullmatch(rf"\w+ = {re.escape(item)}", row)
        ]
        readers = [row for row in left if item in row]
        target = "_"
        if len(whole) == 1 and len(readers) == 1:
            target = left[whole[0]].partition(" = ")[0]
            if any(re.search(rf"\b{target}\b", row) for row in left[: whole[0]]):
                target = "_"
            else:
                del left[whole[0]]
        if target == "_" and readers:
            target = _part(readers[0], targets, paper)
            left = [row.replace(item, target) for row in left]
        targets.append(target)
    if call.endswith(CHOSEN):  # as many zeros
        call = f"{call.removesuffix('0.0')}({', '.join(['0.0'] * count)})"
    if any(re.search(rf"\b{name}\b", row) for row in left):
        return [f"{name} = {call}", *rows]
    return [f"{', '.join(targets)} = {call}", *left]


def _part(row: str, targets: list[str], paper: Paper) -> str:
    """Return a name for what is added to a gradient: `dx_part` in `dx += dx_part`."""
    found = re.match(r"\w+", row)
    wanted = f"{found[0] if found is not None else 'd'}_part"
    name, number = wanted, 1
    while name in targets or name in paper.namer.taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
