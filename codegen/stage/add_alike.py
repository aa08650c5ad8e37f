"""Equal additions to one part of a cotangent, written as one.

Of `A[i] @ A[i]`, `dA[i] += 2 * dp * A[i]`; of a stencil whose centre is named in three terms,
`dA[1:-1] -= 6 * d`.
"""

from __future__ import annotations

import re
from decimal import Decimal

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.stage.statements import Group, Statement

PLAIN = re.compile(r"\d+(\.\d+)?")  # a number as text, of which a multiple is exact
ADDS = ("part+=", "part-=")


def add_alike(group: Group, cells: Cells) -> None:
    """Join equal additions of one group, in place: at the place of the first."""
    for first in list(group.statements):
        if first in group.statements and first.form in ADDS and first.target is not None:
            same = _alike(first, group, cells)
            if same:
                first.expression = _times(len(same) + 1, first.expression)
                group.statements = [one for one in group.statements if one not in same]


def _alike(first: Statement, group: Group, cells: Cells) -> list[Statement]:
    """Return the equal additions behind one, as far as they may as well stand beside it."""
    assert first.target is not None
    cell = cells.of(first.target)
    if reads(first.expression, cell, cells):
        return []
    read = {cells.of(leaf.value) for leaf in _named(first)}
    same: list[Statement] = []
    for later in group.statements[group.statements.index(first) + 1 :]:
        target = None if later.target is None else cells.of(later.target)
        if _is_alike(first, later):
            same.append(later)
            continue
        is_other = target is cell and later.form not in (*ADDS, "+=", "-=")
        if is_other or target in read or later.form == "restore":
            break
        if any(reads(part, cell, cells) for part in later.parts()):
            break
    return same


def _is_alike(first: Statement, later: Statement) -> bool:
    alike = (first.form, first.target, first.index, first.test, first.expression)
    return alike == (later.form, later.target, later.index, later.test, later.expression)


def _named(statement: Statement) -> list[e.Primal | e.Cotangent]:
    """Return what a statement reads, by name."""
    nodes = [node for part in statement.parts() for node in e.walk(part)]
    return [node for node in nodes if isinstance(node, e.Primal | e.Cotangent)]


def reads(expression: e.Expression, cell: ir.Value, cells: Cells) -> bool:
    """True if an expression reads the cotangent of an array that is written in place."""
    return any(
        isinstance(node, e.Cotangent) and cells.of(node.value) is cell
        for node in e.walk(expression)
    )


def _times(count: int, expression: e.Expression) -> e.Expression:
    match expression:
        case e.Binary("*" | "/" as operator, left, right):
            scaled = _times(count, left)
            is_one = operator == "*" and scaled == e.Literal("1")
            return right if is_one else e.Binary(operator, scaled, right)
        case e.Literal(text) if PLAIN.fullmatch(text):
            return e.Literal(f"{(count * Decimal(text)).normalize():f}")
    return e.Binary("*", e.number(count), expression)
