"""A part that is cleared and then added to is given its new contents at once.

`dA[i] = 0` and, behind it, `dA[i] += v` make `dA[i] = v`, unless something between the two reads
the cotangent, or changes what the index is made of.
"""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.stage.add_alike import add_alike, reads
from codegen.stage.contents import is_whole
from codegen.stage.resolve import Resolver
from codegen.stage.statements import Group, Node, Statement

CLEARED = e.Literal("0")


def overwrite(nodes: list[Node], cells: Cells, resolver: Resolver) -> None:
    """Join statements in place, as far as no loop or branch stands between them."""
    stretch: list[Group] = []
    for node in nodes:
        if isinstance(node, Group):
            stretch.append(node)
            continue
        _joined(stretch, cells, resolver)
        stretch = []
        for body in node.bodies:
            overwrite(body, cells, resolver)
    _joined(stretch, cells, resolver)


def _joined(groups: list[Group], cells: Cells, resolver: Resolver) -> None:
    for group in groups:
        add_alike(group, cells)
    rows = [(group, statement) for group in groups for statement in group.statements]
    for place, (group, statement) in enumerate(rows):
        if _clears(statement):
            before = [one for _, one in rows[:place]]
            joined = _join(group, statement, [one for _, one in rows[place + 1 :]], cells, resolver)
            if joined is not None and _gives_back(joined, before, cells, resolver):
                for one in groups:
                    one.statements = [row for row in one.statements if row is not joined]


def _clears(statement: Statement) -> bool:
    return statement.form == "part=" and statement.expression == CLEARED and statement.test is None


def _join(
    group: Group, clear: Statement, behind: list[Statement], cells: Cells, resolver: Resolver
) -> Statement | None:
    """Return the statement that gives a part its new contents, if one does so at once."""
    assert clear.target is not None
    assert clear.index is not None
    cell = cells.of(clear.target)
    index = resolver.lowered(clear.index)
    fixed = {cells.of(value) for value in e.primals(index)}
    for later in behind:
        if _adds(later, cell, cells) and _is_same(later, index, resolver):
            if not reads(later.expression, cell, cells):
                later.form, later.index = "part=", clear.index
                group.statements.remove(clear)
                return later
            return None
        target = None if later.target is None else cells.of(later.target)
        if later.form in ("restore", "primal"):
            if target in fixed:
                return None
        elif target is cell:
            return None
        if any(reads(part, cell, cells) for part in later.parts()):
            return None
    return None


def _gives_back(
    joined: Statement, before: list[Statement], cells: Cells, resolver: Resolver
) -> bool:
    """True for `dA[i] = d` behind `d = dA[i].copy()`: it has these contents."""
    if not isinstance(joined.expression, e.Cotangent) or joined.index is None:
        return False
    assert joined.target is not None
    cell = cells.of(joined.target)
    for one in reversed(before):
        if one.target is joined.expression.value:
            match one.form, one.expression:
                case "=", e.Call(
                    e.Attribute(e.Subscript(e.Cotangent(value), index), "copy"), (), ()
                ) if (one.test is None):
                    same = resolver.lowered(index) == resolver.lowered(joined.index)
                    return same and cells.of(value) is cell
            return False
        if one.target is not None and cells.of(one.target) is cell:
            return False
        if one.form in ("restore", "primal"):
            return False  # which the index may be made of
    return False


def _adds(statement: Statement, cell: ir.Value, cells: Cells) -> bool:
    is_sum = statement.form in ("part+=", "+=") and statement.test is None
    return is_sum and statement.target is not None and cells.of(statement.target) is cell


def _is_same(statement: Statement, index: e.Expression, resolver: Resolver) -> bool:
    if statement.form == "+=":
        return is_whole(index)
    return statement.index is not None and resolver.lowered(statement.index) == index
