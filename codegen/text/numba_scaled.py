"""Updates of a row by a multiple of another: one loop, where numba would make arrays between.

`dA[i, :j] += dp * A[j, :j]` is a product, a sum and a store in compiled code, each with memory of
its own. The two sides must not share memory: a forward array and a cotangent never do, nor does the
cotangent of an array that is written in place with another. Two rows of one array are apart, or the
same, entry by entry.
"""

from __future__ import annotations

import functools

from codegen import expressions as e
from codegen import ir
from codegen.shapes import Known
from codegen.stage.paper import Paper
from codegen.stage.statements import Statement, groups_in

ARITHMETIC = (e.Binary, e.Unary)


def scaled(
    statement: Statement, value: e.Expression, paper: Paper
) -> tuple[e.Expression, e.Expression] | None:
    """Return the number and the vector of `x[...] += number * vector`, or None."""
    if statement.form not in ("part+=", "part-=") or statement.target is None:
        return None
    if statement.index is None or rank_of(statement.target, statement.index, paper) != 1:
        return None
    negative = statement.form == "part-="
    factors: list[e.Expression] = []
    stack = [value]
    while stack:
        match stack.pop():
            case e.Unary("-", operand):
                negative = not negative
                stack.append(operand)
            case e.Binary("*", left, right):
                stack += [right, left]
            case factor:
                factors.append(factor)
    vectors = [one for one in factors if is_apart(one, statement, paper)]
    numbers = [one for one in factors if _is_number(one, paper)]
    if len(vectors) != 1 or not numbers or len(numbers) + 1 != len(factors):
        return None
    by = functools.reduce(lambda left, right: e.Binary("*", left, right), numbers)
    return e.Unary("-", by) if negative else by, vectors[0]


def rank_of(value: ir.Value, index: e.Expression | None, paper: Paper) -> int | None:
    """Return the number of axes of a value, or of a part of it by ints and slices."""
    kind = paper.facts.types.get(value)
    if kind is None or kind.kind != "number" or not isinstance(kind.shape, Known):
        return None
    if index is None:
        return kind.shape.rank
    items = index.items if isinstance(index, e.Sequence) else (index,)
    slices = sum(isinstance(item, e.Slice) for item in items)
    if not all(isinstance(item, e.Slice) or _is_place(item, paper) for item in items):
        return None
    return kind.shape.rank - (len(items) - slices)


def _is_place(item: e.Expression, paper: Paper) -> bool:
    """True for an index that surely is one int."""
    if isinstance(item, e.Literal):
        return item.text.isdigit()
    if isinstance(item, e.Unary) and item.operator == "-":
        return _is_place(item.operand, paper)
    if isinstance(item, e.Binary):
        return _is_place(item.left, paper) and _is_place(item.right, paper)
    if not isinstance(item, e.Primal):
        return False
    kind = paper.facts.types.get(item.value)
    return kind is not None and kind.scalar and kind.dtype == "int"


def _is_number(node: e.Expression, paper: Paper) -> bool:
    match node:
        case e.Literal():
            return True
        case e.Primal(value) | e.Cotangent(value):
            return rank_of(value, None, paper) == 0
        case e.Subscript(e.Primal(value), _) if value in paper.namer.lists:
            return rank_of(paper.namer.lists[value], None, paper) == 0  # what a turn has kept
        case e.Subscript(e.Primal(value) | e.Cotangent(value), index):
            return rank_of(value, index, paper) == 0
        case e.Binary("+" | "-" | "*" | "/", left, right):
            return _is_number(left, paper) and _is_number(right, paper)
        case e.Unary("-", operand):
            return _is_number(operand, paper)
    return False


def _is_computed(value: ir.Value, paper: Paper) -> bool:
    """True for a cotangent that is always made by arithmetic, in memory of its own."""
    made = [
        statement
        for group in groups_in(paper.nodes)
        for statement in group.statements
        if statement.target is value and statement.form in ("=", "rebind")
    ]
    return bool(made) and all(isinstance(one.expression, ARITHMETIC) for one in made)


def _part_shown(value: ir.Value, paper: Paper) -> e.Subscript | None:
    """Return the part of another cotangent that a name shows: `dy_raw = dy[i, :]`."""
    made = [
        statement
        for group in groups_in(paper.nodes)
        for statement in group.statements
        if statement.target is value and statement.form != "primal"
    ]
    match [(one.form, one.expression) for one in made]:
        case [("=", e.Subscript(e.Cotangent()) as part)]:
            return part
    return None


def is_apart(node: e.Expression, statement: Statement, paper: Paper) -> bool:
    """True for a vector of which no entry stands where another one of the target's does."""
    match node:
        case e.Primal(value):
            return rank_of(value, None, paper) == 1
        case e.Cotangent(value):
            if rank_of(value, None, paper) != 1:
                return False
            part = _part_shown(value, paper)
            return _is_computed(value, paper) if part is None else is_apart(part, statement, paper)
        case e.Subscript(e.Primal(value), _) if value in paper.namer.lists:
            return rank_of(paper.namer.lists[value], None, paper) == 1
        case e.Subscript(e.Primal(value), index):
            return rank_of(value, index, paper) == 1
        case e.Subscript(e.Cotangent(value), index):
            assert statement.target is not None
            cells = paper.cells
            is_other = cells.of(value) is not cells.of(statement.target)
            apart = is_other or _in_step(index, statement)
            return value in cells.cells and apart and rank_of(value, index, paper) == 1
    return False


def _in_step(one: e.Expression, statement: Statement) -> bool:
    """True for `A[i, 1:]` and `A[j, 1:]`: whole rows, which are one row or two."""
    other = statement.index
    if not isinstance(one, e.Sequence) or not isinstance(other, e.Sequence):
        return False
    if len(one.items) != len(other.items):
        return False
    pairs = list(zip(one.items, other.items, strict=True))
    return all(
        a == b if isinstance(a, e.Slice) or isinstance(b, e.Slice) else True for a, b in pairs
    )
