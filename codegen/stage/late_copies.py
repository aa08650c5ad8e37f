"""A copy that can wait until nobody else reads what it is of is no copy.

`dx = d.copy()` before a sum of d, in one group: behind the sum, dx may have the memory of d.
"""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.stage.statements import Group, Node, Statement, groups_in


def take_over(nodes: list[Node], given: set[ir.Value]) -> None:
    """Move copies behind the last reads, in place; `given` are cotangents with other owners."""
    groups = list(groups_in(nodes))
    for group in groups:
        for statement in list(group.statements):
            source = _copied(statement)
            if source is not None and source not in given and source.name is None:
                _take_over(statement, source, group, groups)


def _copied(statement: Statement) -> ir.Value | None:
    match statement.form, statement.expression:
        case "=", e.Call(e.Attribute(e.Cotangent(value), "copy"), (), ()):
            return value if statement.test is None else None
    return None


def _take_over(copy: Statement, source: ir.Value, group: Group, groups: list[Group]) -> None:
    touching = [
        (one, statement)
        for one in groups
        for statement in one.statements
        if statement is not copy and _touches(statement, source)
    ]
    if not touching or any(one is not group for one, _ in touching):
        return
    first, *readers = [statement for _, statement in touching]
    is_made_here = first.form == "=" and first.target is source
    if not (is_made_here and isinstance(first.expression, e.Binary) and readers):
        return
    place = group.statements.index(copy)
    last = group.statements.index(readers[-1])
    between = group.statements[place + 1 : last + 1]
    if group.statements.index(first) > place or any(r not in between for r in readers):
        return
    if any(reader.target is source or reader.test is not None for reader in readers):
        return
    assert copy.target is not None
    if any(_touches(statement, copy.target) for statement in between):
        return
    if any(statement.form not in ("=", "local") for statement in between):
        return
    copy.expression, copy.is_move = e.Cotangent(source), True
    group.statements.remove(copy)
    group.statements.insert(last, copy)


def _touches(statement: Statement, value: ir.Value) -> bool:
    return statement.target is value or any(
        isinstance(node, e.Cotangent) and node.value is value
        for part in statement.parts()
        for node in e.walk(part)
    )
