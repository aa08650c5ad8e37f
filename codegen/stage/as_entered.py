"""Old contents that the caller's array still has.

A parameter that is written in place is copied on entry, so that the caller's array holds what came
in for good. What the reverse reads of it is read there, as `A_in[i, j]`, where no store of the
forward pass had written before the line that read it, and keeping something can be saved by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.overlap import Access, Overlap
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line
from codegen.stage.contents import is_whole, keeps_shape, part_read
from codegen.stage.statements import Node, groups_in

Lost = dict[ir.Value, list[Access]]  # what stores overwrite and the reverse reads again, by cell


@dataclass
class Entered:
    """The parameters whose contents, as they came in, can be read anywhere in the reverse."""

    built: Built
    facts: TypeFacts
    cells: Cells
    parameters: set[ir.Value]  # which are copied on entry
    fresh: Callable[[], ir.Value]
    values: dict[ir.Value, ir.Value] = field(default_factory=dict)  # parameter -> what came in

    def is_followed(self, cell: ir.Value) -> bool:
        """True for an array whose every store is known."""
        return cell in self.parameters and cell not in self.cells.several

    def value(self, cell: ir.Value) -> ir.Value:
        """Return what stands for the caller's array."""
        if cell not in self.values:
            made = self.values[cell] = self.fresh()
            self.facts.types[made] = self.facts[cell]
            self.built.hints[made] = f"{cell.name}_in"
        return self.values[cell]

    def part(self, cell: ir.Value, index: e.Expression | None) -> e.Expression:
        """Return a part of the caller's array; all of it without an index."""
        whole = e.Primal(self.value(cell))
        return whole if index is None or is_whole(index) else e.Subscript(whole, index)

    def holds(self, cell: ir.Value, access: Access, overlap: Overlap) -> bool:
        """True if what a line read of an array is what came in."""
        if not self.is_followed(cell) or access.line not in overlap.places:
            return False
        if any(p in self.cells.cells for p in e.primals(access.index or e.Literal("0"))):
            return False  # a place that is itself read off an array that changes
        return not any(
            self._comes_before(line, access, overlap) for line in self._stores_into(cell)
        )

    def _stores_into(self, cell: ir.Value) -> list[Line]:
        return [
            line
            for operation, line in self.built.line_of.items()
            if isinstance(operation, ir.Store) and self.cells.of(operation.result) is cell
        ]

    def _comes_before(self, line: Line, access: Access, overlap: Overlap) -> bool:
        """True if a store may have written, before an access, into what that reads."""
        if line.index is None or line not in overlap.places:
            return True
        # With their parts exchanged: may the access follow the store?
        is_own = line is access.line
        first = Access(line, line.index, is_old=is_own and not access.is_old)
        return overlap.overwrites(Access(access.line, access.index), first)

    def instead(
        self, expression: e.Expression, line: Line, is_old: bool, overlap: Overlap, lost: Lost
    ) -> e.Expression:
        """Read off the caller's arrays what stores overwrite, where it is still what came in."""

        def leaf(node: e.Expression) -> e.Expression | None:
            if keeps_shape(node):
                return node
            cell, index = part_read(node, self.cells)
            if cell is None or not lost.get(cell):
                return None
            access = Access(line, index, is_old)
            is_lost = any(overlap.overwrites(store, access) for store in lost[cell])
            return self.part(cell, index) if is_lost and self.holds(cell, access, overlap) else None

        return e.rewrite(expression, leaf)


def still_read(
    nodes: list[Node], came_in: dict[ir.Value, ir.Value], printed: set[Line], cells: Cells
) -> dict[ir.Value, ir.Value]:
    """Return what is read of the caller's arrays; an array that is not written is read itself."""
    written = {cells.of(v) for line in printed if line.kind == "store" for v in line.values()}
    same = {value: cell for cell, value in came_in.items() if cell not in written}
    read: set[ir.Value] = set()

    def leaf(node: e.Expression) -> e.Expression | None:
        if not isinstance(node, e.Primal):
            return None
        read.add(node.value)
        return e.Primal(same[node.value]) if node.value in same else None

    for group in groups_in(nodes) if came_in else ():
        for statement in group.statements:
            statement.rewrite(lambda part: e.rewrite(part, leaf))
    return {cell: v for cell, v in came_in.items() if v in read and v not in same}
