"""A part that is cleared and then added to is given its new contents at once.

`dA[i] = 0` and, in the same group, `dA[i] += v` make `dA[i] = v`, unless something between the two
reads the cotangent, or changes what the index is made of.
"""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.stage.resolve import Resolver
from codegen.stage.restore import is_whole
from codegen.stage.statements import Group, Node, Statement, groups_in

CLEARED = e.Literal("0")


def overwrite(nodes: list[Node], cells: Cells, resolver: Resolver) -> None:
    """Join the statements of every group in place."""
    for group in groups_in(nodes):
        for clear in [s for s in group.statements if _clears(s)]:
            _join(group, clear, cells, resolver)


def _clears(statement: Statement) -> bool:
    return statement.form == "part=" and statement.expression == CLEARED and statement.test is None


def _join(group: Group, clear: Statement, cells: Cells, resolver: Resolver) -> None:
    assert clear.target is not None
    assert clear.index is not None
    cell = cells.of(clear.target)
    index = resolver.lowered(clear.index)
    fixed = {cells.of(value) for value in e.primals(index)}
    place = group.statements.index(clear)
    for later in group.statements[place + 1 :]:
        if _adds(later, cell, cells) and _is_same(later, index, resolver):
            if not _reads(later.expression, cell, cells):
                later.form, later.index = "part=", clear.index
                group.statements.remove(clear)
            return
        target = None if later.target is None else cells.of(later.target)
        if later.form in ("restore", "primal"):
            if target in fixed:
                return
        elif target is cell:
            return
        if any(_reads(part, cell, cells) for part in later.parts()):
            return


def _adds(statement: Statement, cell: ir.Value, cells: Cells) -> bool:
    is_sum = statement.form in ("part+=", "+=") and statement.test is None
    return is_sum and statement.target is not None and cells.of(statement.target) is cell


def _is_same(statement: Statement, index: e.Expression, resolver: Resolver) -> bool:
    if statement.form == "+=":
        return is_whole(index)
    return statement.index is not None and resolver.lowered(statement.index) == index


def _reads(expression: e.Expression, cell: ir.Value, cells: Cells) -> bool:
    return any(
        isinstance(node, e.Cotangent) and cells.of(node.value) is cell
        for node in e.walk(expression)
    )
