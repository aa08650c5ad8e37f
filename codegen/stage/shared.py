"""Which values may be one piece of memory: by names, views, choices, turns and kept lists."""

from __future__ import annotations

from collections.abc import Iterator

from codegen import expressions as e
from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.type_rules_growing import HOLDING
from codegen.stage.paper import Paper, lines_in
from codegen.stage.resolve import is_view


class Shared:
    """Tells for a value of a function whose memory it may have."""

    def __init__(self, paper: Paper) -> None:
        self.built: Built = paper.built
        self.facts: TypeFacts = paper.facts
        self.paper = paper
        self.ends: dict[ir.Value, list[ir.Value]] = {}  # behind a loop, or in its test
        self.kept = dict(_pushes(paper))  # a list -> what it keeps of each turn as it is
        self.turns: dict[ir.Value, tuple[ir.Carried, ir.For | ir.While]] = {}
        self.items: dict[ir.Value, list[ir.Value]] = {}  # a list that changes -> what it is given
        for operation in ir.operations(self.built.function.body):
            if isinstance(operation, ir.For | ir.While):
                self._add(operation)
            elif isinstance(operation, ir.Store) and len(operation.operands) > 1:
                cell = paper.cells.of(operation.result)
                if cell in paper.cells.lists:
                    self.items.setdefault(cell, []).append(operation.operands[1])

    def memory(self, *values: ir.Value) -> set[ir.Value]:
        """Return all values whose memory some values, or what lists keep of them, may have."""
        found: set[ir.Value] = set()
        rest = list(values)
        while rest:
            value = rest.pop()
            if value in found or self._is_number(value):
                continue
            found.add(value)
            rest += self._sources(value)
            if value in self.turns:
                rest += self._of_turns_before(value)
        return found

    def _add(self, operation: ir.For | ir.While) -> None:
        for one in ir.carried(operation):
            self.ends[one.result] = [one.start, one.next]
            self.turns[one.parameter] = one, operation
            if one.tested is not None:
                self.ends[one.tested] = [one.start, one.next]

    def _is_number(self, value: ir.Value) -> bool:
        kind = self.facts.types.get(value)  # None: a list that keeps the values of turns
        return kind is not None and kind.scalar and not kind.array

    def _sources(self, value: ir.Value) -> Iterator[ir.Value]:
        """Yield the values that one value may be by another name."""
        if value in self.paper.namer.lists:
            yield from self.kept.get(value, ())
            return
        yield self.paper.cells.of(value)
        yield from self.items.get(value, ())
        made = self.built.definition.get(value)
        if isinstance(made, ir.If):
            yield from ir.arms(made, made.results.index(value))
        elif made is not None and is_view(value, self.built, self.facts):
            yield made.operands[0]
        elif isinstance(made, ir.Gate) and made.gate in HOLDING:
            yield from made.operands
        yield from self.ends.get(value, ())

    def _of_turns_before(self, parameter: ir.Value) -> list[ir.Value]:
        """Return what a variable may be at the beginning of a turn.

        What the turn makes anew is not what an earlier one made: the last of them is no parameter.
        """
        one, loop = self.turns[parameter]
        inside = {value for o in ir.operations(loop.body) for value in o.results}
        return [one.start, *(v for v in self.reach(one.next) if v not in inside)]

    def reach(self, value: ir.Value) -> set[ir.Value]:
        """Return what a value may be by another name, and parameters of turns as they are."""
        found: set[ir.Value] = set()
        rest = [value]
        while rest:
            one = rest.pop()
            if one not in found:
                found.add(one)
                rest += self._sources(one)
        return found


def _pushes(paper: Paper) -> Iterator[tuple[ir.Value, list[ir.Value]]]:
    found: dict[ir.Value, list[ir.Value]] = {}
    for line in lines_in(paper):
        match line.expression:
            case e.Call(e.Attribute(e.Primal(kept), "append"), (e.Primal(value),)):
                found.setdefault(kept, []).append(value)
    yield from found.items()
