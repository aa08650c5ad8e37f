"""Old contents of arrays: kept where the reverse reads them again, and put back.

A store's old contents are needed if a group behind its mirror reads the array: one of an earlier
line, of the store's own line, or of any line of a loop around both.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.overlap import Access, Overlap
from codegen.analyses.regions import Home, Regions
from codegen.analyses.slots import slot_type
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line
from codegen.stage.as_entered import Entered, Lost
from codegen.stage.contents import is_whole, keeps_shape
from codegen.stage.program import Staging
from codegen.stage.resolve import Resolver
from codegen.stage.statements import Group, Node, Statement, groups_in

if TYPE_CHECKING:
    from codegen.stage.keep import Kept

Reads = dict[ir.Value, list[Access]]


@dataclass
class Old:
    """What a store overwrites: a variable, or outside of straight lines a list's entry.

    With a `value` nothing is put back: all that read it again read that value. What `came_in` is
    read off the caller's array.
    """

    operation: ir.Store
    part: e.Expression
    expression: e.Expression  # the part, copied
    value: ir.Value | None = None
    came_in: e.Expression | None = None


@dataclass
class Restorer:
    """Settles which of the offers to restore are taken; the others go."""

    built: Built
    facts: TypeFacts
    regions: Regions
    cells: Cells
    staging: Staging
    resolver: Resolver
    fresh: Callable[[], ir.Value]  # makes values
    entered: Entered
    places: dict[Line, int] = field(default_factory=dict)
    loops: dict[Line, tuple[Line, ...]] = field(default_factory=dict)  # outermost first
    whole: list[tuple[ir.Store, Line]] = field(default_factory=list)
    restored: set[ir.Value] = field(default_factory=set)  # cells that are written in the reverse
    order: list[Statement] = field(default_factory=list)  # those outside of all regions
    masks: dict[Access, Statement] = field(default_factory=dict)  # reads that only mask

    def run(self, nodes: list[Node]) -> list[tuple[Statement, Old]]:
        """Return the statements that put something back, each with what; drop the others."""
        self.places, self.loops = self.staging.order()
        self._find_whole()
        self.order = [s for node in nodes if isinstance(node, Group) for s in node.statements]
        groups = list(groups_in(nodes))
        overlap = Overlap(self.built, self.facts, self.regions, self.places, self.loops)
        found = {group: self._reads(group) for group in groups}
        needed = self._needed(found, overlap)
        if self._read_as_entered(groups, needed, found, overlap):
            needed = self._needed(found, overlap)
        for group in groups:
            kept = [statement for _, statement, _ in needed]
            group.statements[:] = [s for s in group.statements if s.form != "restore" or s in kept]
        taken: list[tuple[Statement, Old]] = []
        for group, statement, store in needed:
            old = self._old(store, overlap)
            later = [one for _, _, one in needed[len(taken) + 1 :]]
            if old.came_in is None:
                old.value = self._read_alone(group, statement, old, found, later, overlap)
            taken.append((statement, old))
            if old.value is None:
                self.restored.add(self.cells.of(store.result))
        nodes[:] = pruned(nodes)
        return taken

    def _needed(
        self, found: dict[Group, Reads], overlap: Overlap
    ) -> list[tuple[Group, Statement, ir.Store]]:
        """Return the offers whose store overwrites what is read again."""
        reads = _together(found)
        return [
            (group, statement, statement.store)
            for group in found
            for statement in group.statements
            if statement.form == "restore" and statement.store is not None
            if self._is_needed(statement.store, reads, overlap)
        ]

    def _read_as_entered(
        self,
        groups: list[Group],
        needed: list[tuple[Group, Statement, ir.Store]],
        found: dict[Group, Reads],
        overlap: Overlap,
    ) -> bool:
        """Read off the caller's arrays what stores overwrite; True if that saves keeping some."""
        saved = False
        stores = [store for _, _, store in needed]
        for cell in dict.fromkeys(self.cells.of(store.result) for store in stores):
            own = [store for store in stores if self.cells.of(store.result) is cell]
            if not self.entered.is_followed(cell):
                continue
            lines = [self.built.line_of[store] for store in own]
            lost = {cell: [Access(line, line.index) for line in lines]}
            before = {s: copy(s) for group in groups for s in group.statements}
            for group in groups:
                self._read_instead(group, lost, overlap)
            again = {group: self._reads(group) for group in groups}
            left = [one for _, _, one in self._needed(again, overlap)]
            if sum(one in own for one in left) < len(own):
                found.update(again)
                saved = True
            else:
                for statement, old in before.items():
                    statement.rewrite_as(old)
        return saved

    def _read_instead(self, group: Group, lost: Lost, overlap: Overlap) -> None:
        line = group.line
        if line is None:
            return
        is_old = not any(statement.form == "restore" for statement in group.statements)
        for statement in group.statements:
            change: dict[e.Expression, e.Expression] = {}
            is_old = is_old or statement.form == "restore"
            if statement.form == "restore":
                continue
            for part in statement.parts():
                change[part] = self.entered.instead(
                    self.resolver.lowered(part), line, is_old, overlap, lost
                )
            statement.rewrite(change.__getitem__)

    def _read_alone(
        self,
        group: Group,
        statement: Statement,
        old: Old,
        found: dict[Group, Reads],
        later: list[ir.Store],
        overlap: Overlap,
    ) -> ir.Value | None:
        """Return a value that all reads of what a store overwrote read now, or None.

        These are the reads of its own line; of all of an array in straight lines, all behind.
        """
        line = self.built.line_of[old.operation]
        cell = self.cells.of(old.operation.result)
        part = line.index
        assert part is not None
        if line.exchange is not None:
            return None
        value = self.fresh()
        own = group.statements[group.statements.index(statement) + 1 :]
        scopes = [{group: own}]
        is_last = not any(self.cells.of(one.result) is cell for one in later)
        if not self.regions.home(old.operation.result) and is_whole(part) and is_last:
            behind = list(found)[list(found).index(group) + 1 :]
            scopes.append({group: own, **{one: one.statements for one in behind}})
        for scope in scopes:
            changed = {one: dict(found[one]) for one in scope}
            rows = {row: copy(row) for rows in scope.values() for row in rows}
            for row in rows.values():
                row.rewrite(lambda one: self._with_old(one, cell, part, value))
            for one, statements in scope.items():
                before = [row for row in one.statements if row not in statements]
                changed[one] = self._reads(
                    Group(one.line, [*before, *(rows[row] for row in statements)])
                )
            if not self._is_needed(old.operation, _together({**found, **changed}), overlap):
                for row, new in rows.items():
                    row.rewrite_as(new)
                found.update(changed)
                slot = slot_type(old.operation, self.built, self.facts.types)
                self.facts.types[value] = slot
                return value
        return None

    def _with_old(
        self, expression: e.Expression, cell: ir.Value, part: e.Expression, value: ir.Value
    ) -> e.Expression:
        """Read a value where a part of an array is read."""
        index, all_of_it = self.resolver.lowered(part), is_whole(part)

        def leaf(node: e.Expression) -> e.Expression | None:
            if keeps_shape(node):
                return node
            match node:
                case e.Subscript(e.Primal(base), read) if self.cells.cells.get(base) is cell:
                    if self.resolver.lowered(read) == index:
                        return e.Primal(value)
                case e.Primal(base) if all_of_it and self.cells.cells.get(base) is cell:
                    return e.Primal(value)
            return None

        return e.rewrite(self.resolver.lowered(expression), leaf)

    def _reads(self, group: Group) -> Reads:
        """Return what a group reads of each cell's contents."""
        found: Reads = {}
        if group.line is None:
            return found
        is_old = not any(statement.form == "restore" for statement in group.statements)
        for statement in group.statements:
            is_old = is_old or statement.form == "restore"
            for part in statement.parts() if statement.form != "restore" else ():
                lowered = self.resolver.lowered(part)
                for cell, index in self._parts_in(lowered):
                    access = Access(group.line, index, is_old)
                    if access not in found.get(cell, []) and _only_masks(lowered, cell):
                        self.masks[access] = statement
                    else:
                        self.masks.pop(access, None)
                    found.setdefault(cell, []).append(access)
        return found

    def _parts_in(self, expression: e.Expression) -> list[tuple[ir.Value, e.Expression | None]]:
        """Return the cells that an expression reads contents of, and which part."""
        found: list[tuple[ir.Value, e.Expression | None]] = []

        def leaf(node: e.Expression) -> e.Expression | None:
            if keeps_shape(node):
                return e.Literal("0")
            match node:
                case e.Subscript(e.Primal(value), index) if value in self.cells.cells:
                    found.append((self.cells.of(value), index))
                    e.rewrite(index, leaf)
                    return e.Literal("0")
                case e.Primal(value):
                    cell = self.cells.shown(value)
                    if cell is not None:
                        found.append((cell, self._shown_part(value)))
            return None

        e.rewrite(expression, leaf)
        return found

    def _shown_part(self, value: ir.Value) -> e.Expression | None:
        """Return the index of a view of a cell; None if it may show all of it."""
        match self.built.spelling.get(value):
            case e.Subscript(e.Primal(base), index) if base in self.cells.cells:
                return index if value in self.cells.views else None
            case e.Subscript(e.Primal(base), _) if value in self.cells.views:
                return self._shown_part(base)  # a part of a part
        return None

    def _is_needed(
        self, store: ir.Store, reads: dict[ir.Value, list[Access]], overlap: Overlap
    ) -> bool:
        line, cell = self.built.line_of[store], self.cells.of(store.result)
        written = Access(line, line.index)
        return any(
            not self._is_put_back_between(read.line, line, cell)
            and not self._is_put_back_in_turn(store, read, cell)
            and not self._is_masked_out(read, store, line, cell)
            and overlap.overwrites(written, read)
            for read in reads.get(cell, [])
        )

    def _is_masked_out(self, read: Access, store: ir.Store, line: Line, cell: ir.Value) -> bool:
        """True if what a read masks is 0 wherever the store wrote: it cleared the cotangent.

        `margins[rows, y] = 0`, behind `margins = np.maximum(0, ...)`: `(margins > 0) * dmargins`.
        """
        statement = self.masks.get(read)
        if statement is None or statement not in self.order or store.operator != "":
            return False
        place = self.order.index(statement)
        for before in reversed(self.order[:place]):
            if before.target is not cell or before.form == "restore":
                continue
            if before.form != "part=" or before.expression != e.Literal("0"):
                return False
            if before.index == line.index:
                return True
        return False

    def _find_whole(self) -> None:
        """Note the stores that overwrite all of an array, once, on every path."""
        for store, line in self.built.line_of.items():
            if not isinstance(store, ir.Store) or self.regions.home(store.result):
                continue
            if line.index is not None and is_whole(line.index):
                self.whole.append((store, line))

    def _is_put_back_between(self, read: Line, line: Line, cell: ir.Value) -> bool:
        """True if all of the array is put back behind a store and before a read."""
        for store, whole in self.whole:
            if self.cells.of(store.result) is not cell or self.places[whole] >= self.places[line]:
                continue
            # What `A /= v` gives v is read off the quotient, before the old contents are back.
            own = read is whole and store.operator != "/"
            if own or self.places[read] < self.places[whole]:
                return True
        return False

    def _is_put_back_in_turn(self, store: ir.Store, read: Access, cell: ir.Value) -> bool:
        """True if an earlier store into the same part, in the same turn, is undone before a read.

        `C[i] *= beta` before `for k ...: C[i] += ...`: what the turns of k overwrite comes back
        with what stood there before them all.
        """
        line, home = self.built.line_of[store], self.regions.home(store.result)
        if line.index is None or any(value in self.cells.cells for value in e.primals(line.index)):
            return False
        index = self.resolver.lowered(line.index)
        for other, first in self.built.line_of.items():
            if not isinstance(other, ir.Store) or self.cells.of(other.result) is not cell:
                continue
            around = self.regions.home(other.result)
            is_before = (
                self.places.get(first, -1) < self.places[line] and home[: len(around)] == around
            )
            if other is store or first.index is None or first not in self.places or not is_before:
                continue
            if self.resolver.lowered(first.index) != index or self._is_read_first(read, first):
                continue
            return True
        return False

    def _is_read_first(self, read: Access, first: Line) -> bool:
        """True if the reverse of a turn may read before it undoes a store of that turn."""
        if read.line is first:
            return not read.is_old
        loops = self.loops[first]
        is_inside = self.loops[read.line][: len(loops)] == loops
        return is_inside and self.places[read.line] > self.places[first]

    def _old(self, store: ir.Store, overlap: Overlap) -> Old:
        line = self.built.line_of[store]
        assert line.index is not None
        slot = slot_type(store, self.built, self.facts.types)
        part: e.Expression = e.Primal(store.operands[0])
        if not is_whole(line.index):
            part = e.Subscript(part, line.index)
        taken = part if slot.scalar else e.Call(e.Attribute(part, "copy"), ())
        cell, index = self.cells.of(store.result), line.index
        came_in = None
        if self.entered.holds(cell, Access(line, index), overlap):
            came_in = self.entered.part(cell, index)
        return Old(store, part, taken, came_in=came_in)


def _together(found: dict[Group, Reads]) -> Reads:
    """Return the reads of all groups."""
    reads: Reads = {}
    for one in found.values():
        for cell, accesses in one.items():
            reads.setdefault(cell, []).extend(accesses)
    return reads


def _only_masks(expression: e.Expression, cell: ir.Value) -> bool:
    """True for `(A > 0) * dA`: whatever A is, that is 0 where dA is."""
    match expression:
        case e.Binary("*", e.Comparison(e.Primal(left), (_,), (e.Literal(),)), e.Cotangent(right)):
            return left is cell and right is cell
    return False


def pruned(nodes: list[Node]) -> list[Node]:
    """Return the nodes without groups and mirrors that hold nothing."""
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, Group):
            if node.statements:
                found.append(node)
            continue
        node.bodies = [pruned(body) for body in node.bodies]
        if any(node.bodies):
            found.append(node)
    return found


def home_of(store: ir.Store, regions: Regions) -> Home:
    """Return the regions around a store."""
    return regions.home(store.result)


def drop_unmade(
    nodes: list[Node], kept: Kept, needed: set[Line], built: Built, cells: Cells
) -> None:
    """Drop what would put back the old contents of stores that the forward pass leaves out."""
    there = {v: part for v, (one, part) in kept.alone.items() if built.line_of[one] not in needed}

    def leaf(node: e.Expression) -> e.Expression | None:
        return there.get(node.value) if isinstance(node, e.Primal) else None

    for group in groups_in(nodes):
        group.statements = [
            statement
            for statement in group.statements
            if statement.store is None or built.line_of[statement.store] in needed
            if statement.form != "primal" or statement.target not in there
        ]
        for statement in group.statements if there else ():
            statement.rewrite(lambda part: e.rewrite(part, leaf))
    nodes[:] = pruned(nodes)
    kept.stacks = [s for s in kept.stacks if s.where is None or s.where in needed]
    stores = [s.store for group in groups_in(nodes) for s in group.statements if s.store]
    kept.restored = {cells.of(store.result) for store in stores}
