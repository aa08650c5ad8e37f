"""Items that are taken off a list's cotangent, which nothing reads from there on: left on it."""

from __future__ import annotations

from collections.abc import Iterable

from codegen import expressions as e
from codegen import ir
from codegen.stage.statements import Group, Node, Statement, groups_in


def without_late_drops(nodes: list[Node], returned: Iterable[ir.Value]) -> list[Node]:
    """Return the nodes without `dhs.pop()` where dhs is not read behind it."""
    if not _drops(nodes):
        return nodes
    touched = set(returned)
    found: list[Node] = []
    for node in reversed(nodes):
        touched |= _touched([node])
        found += _without([node], touched)
    return found[::-1]


def _touched(nodes: list[Node]) -> set[ir.Value]:
    """Return the cotangents that statements read or write, but for what is only taken off."""
    statements = [s for group in groups_in(nodes) for s in group.statements if s.form != "drop"]
    found = {s.target for s in statements if s.target is not None and s.form != "primal"}
    return found | {
        node.value
        for statement in statements
        for part in statement.parts()
        for node in e.walk(part)
        if isinstance(node, e.Cotangent)
    }


def _without(nodes: list[Node], touched: set[ir.Value]) -> list[Node]:
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, Group):
            had = len(node.statements)
            node.statements = [s for s in node.statements if not _is_idle(s, touched)]
            if node.statements or not had:
                found.append(node)
            continue
        before = any(_drops(body) for body in node.bodies)
        node.bodies = [_without(body, touched) for body in node.bodies]
        if not before or any(node.bodies):
            found.append(node)
    return found


def _is_idle(statement: Statement, touched: set[ir.Value]) -> bool:
    return statement.form == "drop" and statement.target not in touched


def _drops(nodes: list[Node]) -> bool:
    return any(s.form == "drop" for group in groups_in(nodes) for s in group.statements)
