"""Lists in a list that are written into, `C[i][j] = v`: nobody else may see them meanwhile."""

from __future__ import annotations

from collections import defaultdict

from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.regions import Regions, regions_of
from codegen.analyses.rows import is_one_place
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import Problems
from codegen.gates.type_rules_growing import is_homogeneous

NEW = ("growing", "repeated", "add", "copy", "list_of")  # gates that give a list of their own
ASKING = ("length", "not", "truth")


def is_of_row(operation: ir.Operation) -> bool:
    """True for a store into a list in a list."""
    return isinstance(operation, ir.Store) and len(operation.index) > 1


def check_rows(
    changes: list[ir.Store], built: Built, facts: TypeFacts, cells: Cells, problems: Problems
) -> None:
    """Add a problem for each list whose lists are written into and may be seen elsewhere."""
    written = [operation for operation in changes if is_of_row(operation)]
    if not written:
        return
    rows = _Rows(built, facts, cells)
    told: set[ir.Value] = set()
    for operation in written:
        cell = cells.of(operation.operands[0])
        place = None if cell in told else rows.seen_elsewhere(cell)
        if place is not None:
            told.add(cell)
            name = operation.result.name
            problems.add(
                "store",
                f"a list in `{name}` is written into here, and may be seen elsewhere",
                operation.span,
                f"make each by a comprehension, {name} = [[0.0] * m for _ in range(n)], and read "
                f"{name}[i][j] until all is written",
                [("it is seen here", place.span)] if place.span is not None else [],
            )


class _Rows:
    """Who reads what, of one function."""

    def __init__(self, built: Built, facts: TypeFacts, cells: Cells) -> None:
        self.built, self.facts, self.cells = built, facts, cells
        self.regions: Regions = regions_of(built)
        self.readers: dict[ir.Value, list[ir.Operation]] = defaultdict(list)
        self.yielded: set[ir.Value] = set()
        for operation in ir.operations(built.function.body):
            for operand in operation.operands:
                self.readers[operand].append(operation)
            for block in operation.blocks():
                self.yielded.update(block.yields)
        self.returned = set(built.function.returns)

    def members(self, cell: ir.Value) -> list[ir.Value]:
        """Return all that a list has been."""
        found = [value for value, own in self.cells.cells.items() if own is cell]
        return found or [cell]

    def seen_elsewhere(self, cell: ir.Value) -> ir.Operation | None:
        """Return what shows a list's lists to others before all is written into them."""
        members = self.members(cell)
        for value in members:
            for operation in self.readers[value]:
                if isinstance(operation, ir.Store) and operation.operands[0] is value:
                    given = operation.operands[1]
                    is_row = not is_of_row(operation) and operation.operator != "pop"
                    if is_row and not self._is_sole(given, operation):
                        return operation
                elif self.cells.is_changed(value) and not self._reads_at_once(operation):
                    return operation
        made = self.built.definition.get(cell)
        if not isinstance(made, ir.Gate) or made.gate != "growing":
            return made or next(iter(self.readers[cell]), None)
        return None if all(self._is_sole(item, made) for item in made.operands) else made

    def _reads_at_once(self, operation: ir.Operation) -> bool:
        """True for `C[i][j]`, the length of a list, and what a loop or an `if` carries on."""
        if isinstance(operation, ir.If | ir.For | ir.While):
            return True
        if isinstance(operation, ir.Gate):
            return operation.gate in ASKING
        if not isinstance(operation, ir.View) or not is_one_place(operation):
            return False
        row = operation.result
        if self.facts[row].kind == "number":
            return self.facts[row].scalar
        line = self.built.line_of.get(operation)
        return row not in self.yielded | self.returned and all(
            self._reads_at_once(one) and self.built.line_of.get(one) is line
            for one in self.readers[row]
        )

    def _is_sole(self, row: ir.Value, holder: ir.Operation) -> bool:
        """True for a list that was made for the list that holds it, and is in no other."""
        made = self.built.definition.get(self.cells.of(row))
        if not isinstance(made, ir.Gate | ir.View) or not is_homogeneous(self.facts[row]):
            return False
        if isinstance(made, ir.View) and is_one_place(made):
            return False
        if isinstance(made, ir.Gate) and made.gate not in NEW:
            return False
        if self._loops(self.cells.of(row)) != self._loops(holder.results[0]):
            return False
        if any(item.kind == "list" for item in self.facts[row].items):
            return False  # three deep
        held = 0
        for value in self.members(self.cells.of(row)):
            if value in self.returned:
                return False
            for operation in self.readers[value]:
                if operation is holder:
                    held += holder.operands.count(value)
                elif isinstance(operation, ir.Store):
                    if operation.operands[0] is not value:
                        return False
                elif not isinstance(operation, ir.If | ir.For | ir.While) and not (
                    isinstance(operation, ir.Gate) and operation.gate in ASKING
                ):
                    return False
        return held == 1

    def _loops(self, value: ir.Value) -> list[ir.Operation]:
        return [r.operation for r in self.regions.home(value) if r.is_loop]
