"""Lists in lists that are only read item by item: `row[j]` of `row = A[i]` goes back to `dA[i][j]`.

Such a row has no cotangent of its own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TypeGuard

from codegen import ir
from codegen.analyses.activity import carrying
from codegen.analyses.cells import Cells
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.type_rules_growing import is_homogeneous, is_packed


def rows_of(built: Built, facts: TypeFacts, cells: Cells) -> set[ir.Value]:
    """Return the lists that are read of lists, and only read item by item themselves."""
    if not any(is_homogeneous(kind) for kind in facts.types.values()):
        return set()
    operations = list(ir.operations(built.function.body))
    readers: dict[ir.Value, list[ir.Operation]] = defaultdict(list)
    whole = set(built.function.returns)
    for operation in operations:
        for operand in operation.operands:
            readers[operand].append(operation)
        for block in operation.blocks():
            whole.update(block.yields)
    found: set[ir.Value] = set()
    for operation in reversed(operations):
        if not _is_read_of_list(operation, facts) or operation.result in whole:
            continue
        row, base = operation.result, operation.operands[0]
        reads = readers[row]
        line, stays = built.line_of.get(operation), not _is_changed(base, built, cells)
        if is_one_place(operation) and all(_is_item(one, row, facts, found) for one in reads):
            # Of a list that changes behind this, its place may be another one later.
            if stays or all(built.line_of.get(one) is line for one in reads):
                found.add(row)
        elif stays and row.name is None and len(reads) == 1 and _hands_on(reads[0], row):
            found.add(row)
    return found


def _is_changed(value: ir.Value, built: Built, cells: Cells) -> bool:
    """True for a list that is changed behind this, and for one in such a list."""
    made = built.definition.get(value)
    if isinstance(made, ir.View) and _is_changed(made.operands[0], built, cells):
        return True
    return cells.is_changed(value)


def _appends(operation: ir.Operation, item: ir.Value) -> bool:
    """True for `rows.append(item)`."""
    if not isinstance(operation, ir.Store) or operation.operator != "append":
        return False
    return operation.operands[1] is item


def _hands_on(operation: ir.Operation, part: ir.Value) -> bool:
    """True for `part + other`, and for `rows.append(part)`."""
    if _appends(operation, part):
        return True
    if not isinstance(operation, ir.Gate) or operation.gate != "add":
        return False
    return operation.operands.count(part) == 1


def _is_read_of_list(operation: ir.Operation, facts: TypeFacts) -> TypeGuard[ir.View]:
    """True for `A[i]` of a list of lists, and for a slice of a list."""
    if not isinstance(operation, ir.View) or len(operation.index) != 1:
        return False
    kind = facts[operation.result]
    return (is_homogeneous(kind) or is_packed(kind)) and is_homogeneous(
        facts[operation.operands[0]]
    )


def is_one_place(operation: ir.View) -> bool:
    """True for `A[i]`, not for a slice."""
    return len(operation.index) == 1 and isinstance(operation.index[0], ir.At)


def _is_item(
    operation: ir.Operation, row: ir.Value, facts: TypeFacts, found: set[ir.Value]
) -> bool:
    """True for what reads an item of a row, or nothing that has a gradient."""
    if isinstance(operation, ir.View) and len(operation.index) == 1:
        return facts[operation.result].kind == "number" or operation.result in found
    if not isinstance(operation, ir.Gate):
        return False
    places = [n for n, operand in enumerate(operation.operands) if operand is row]
    return not set(places) & set(carrying(operation, facts))
