"""Arrays that are written in place: all values that one piece of memory holds, one after another.

In the IR a store gives a new value of the whole array. On paper they are one array with one name,
and have one cotangent: the cell's. A cell's origin is the value that the memory was made with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from codegen import ir
from codegen.analyses.growing import settle_lists
from codegen.analyses.rebound import is_one_list
from codegen.analyses.regions import is_statement
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.declare import GATES


@dataclass
class Cells:
    """The cell of each value that is stored into or comes from a store."""

    cells: dict[ir.Value, ir.Value] = field(default_factory=dict)  # a value -> its cell's origin
    several: dict[ir.Value, list[ir.Value]] = field(default_factory=dict)  # more than one origin
    views: dict[ir.Value, ir.Value] = field(default_factory=dict)  # a view -> the cell it shows
    lists: dict[ir.Value, ir.Value] = field(default_factory=dict)  # cells that are lists -> at last
    final: set[ir.Value] = field(default_factory=set)  # values of lists that are not changed later

    def of(self, value: ir.Value) -> ir.Value:
        """Return a value's cell, or the value itself."""
        return self.cells.get(value, value)

    def is_changed(self, value: ir.Value) -> bool:
        """True for a list that is changed behind this value of it."""
        return self.of(value) in self.lists and value not in self.final

    def shown(self, value: ir.Value) -> ir.Value | None:
        """Return the cell whose contents a value shows: its own, or its base's; else None."""
        return self.cells.get(value) or self.views.get(value)


def cells_of(built: Built, facts: TypeFacts) -> Cells:
    """Return the cells of a function; a cell that has several origins cannot be followed."""
    groups = _Groups()
    operations = list(ir.operations(built.function.body))
    if not any(isinstance(operation, ir.Store) for operation in operations):
        return Cells()
    for operation in operations:
        if isinstance(operation, ir.Store):
            groups.join(operation.operands[0], operation.result)
    while True:
        before = groups.count
        for operation in operations:
            for together in _met(operation, built, facts):
                if any(value in groups.parent for value in together):
                    for value in together[1:]:
                        groups.join(together[0], value)
        if groups.count == before:
            break
    found = Cells()
    for members in groups.all():
        origins = [value for value in members if _is_origin(value, built)]
        origins.sort(key=lambda value: value.number)
        cell = origins[0] if origins else min(members, key=lambda value: value.number)
        found.cells.update(dict.fromkeys(members, cell))
        if len(origins) > 1:
            found.several[cell] = origins
    settle_lists(built, facts, found)
    _find_views(operations, facts, found)
    return found


def _met(operation: ir.Operation, built: Built, facts: TypeFacts) -> Iterator[list[ir.Value]]:
    """Yield the values that an operation makes one variable of."""
    for together in _one_variable(operation, built):
        if facts[together[0]].kind != "list" or is_one_list(_arms(operation, together), built):
            yield together


def _arms(operation: ir.Operation, together: list[ir.Value]) -> list[ir.Value]:
    """Return what comes from the ends of paths: of a loop, from its turns."""
    return together[1:] if isinstance(operation, ir.If) else together[1:3]


def _one_variable(operation: ir.Operation, built: Built) -> Iterator[list[ir.Value]]:
    match operation:
        case ir.If() if is_statement(operation, built):
            for place, result in enumerate(operation.results):
                yield [result, *ir.arms(operation, place)]
        case ir.For() | ir.While():
            for one in ir.carried(operation):
                tested = [one.tested] if one.tested is not None else []
                yield [one.start, one.parameter, one.next, one.result, *tested]


def _is_origin(value: ir.Value, built: Built) -> bool:
    made = built.definition.get(value)
    if made is None:
        return any(p.value is value for p in built.parameters)
    if isinstance(made, ir.Store | ir.For | ir.While):
        return False
    return not (isinstance(made, ir.If) and is_statement(made, built))


def _find_views(operations: list[ir.Operation], facts: TypeFacts, found: Cells) -> None:
    for operation in operations:
        if len(operation.results) != 1 or not operation.operands:
            continue
        shown = found.shown(operation.operands[0])
        result = operation.results[0]
        if shown is None or result in found.cells or shown in found.lists:
            continue  # an item of a list is an object of its own
        is_whole = isinstance(operation, ir.Gate) and facts[operation.operands[0]].scalar
        if facts[result].scalar and not is_whole:
            continue  # an entry: a number of its own
        is_view = isinstance(operation, ir.View) and not facts[result].fresh
        if is_view or (isinstance(operation, ir.Gate) and GATES[operation.gate].view):
            found.views[result] = shown


@dataclass
class _Groups:
    parent: dict[ir.Value, ir.Value] = field(default_factory=dict)
    count: int = 0

    def top(self, value: ir.Value) -> ir.Value:
        while self.parent.setdefault(value, value) is not value:
            value = self.parent[value]
        return value

    def join(self, left: ir.Value, right: ir.Value) -> None:
        a, b = self.top(left), self.top(right)
        if a is not b:
            self.parent[b] = a
            self.count += 1

    def all(self) -> list[list[ir.Value]]:
        found: dict[ir.Value, list[ir.Value]] = {}
        for value in self.parent:
            found.setdefault(self.top(value), []).append(value)
        return list(found.values())
