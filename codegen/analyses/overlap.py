"""Whether a store overwrites what the reverse reads, told by the bounds of the loops around both.

`A[i, j] -= A[i, :j] @ A[:j, j]` in a loop over j and one over i: no later turn writes into row i
left of j, so that its old contents need not be kept. What cannot be told counts as "it does".
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.inequalities import (
    Linear,
    compared,
    greater,
    may_hold,
    number,
    unknown,
)
from codegen.analyses.regions import Regions
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line

OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "!=": "==", "==": "!="}
Part = tuple["Interval | None", ...]  # one for each axis; None: any place


@dataclass(frozen=True)
class Interval:
    """The places from `lower` to below `upper` (None: to the end)."""

    lower: Linear
    upper: Linear | None


@dataclass(frozen=True)
class Access:
    """A read or write of a part of an array in a line; `index` None means all of it."""

    line: Line
    index: e.Expression | None
    is_old: bool = True  # a read of a store's own line: of what was there before the store


def arms_around(line: Line, regions: Regions) -> list[tuple[ir.Value, bool]]:
    """Return the tests of the arms that a line stands in, and how they came out."""
    made = line.operation
    values = [*(made.results if made is not None else ()), *line.values()]
    home = next((regions.home(value) for value in values), ())
    return [
        (region.operation.operands[0], region.place == 0)
        for region in home
        if isinstance(region.operation, ir.If)
    ]


def loops_of(
    operation: ir.Operation, built: Built, regions: Regions
) -> dict[Line, tuple[Line, ...]]:
    """Return the loops around a line, and around each of those."""
    around = [r.operation for r in regions.home(operation.results[0]) if r.is_loop]
    lines = [built.line_of[one] for one in around]
    found = {line: tuple(lines[:place]) for place, line in enumerate(lines)}
    return {**found, built.line_of[operation]: tuple(lines)}


@dataclass
class Overlap:
    """Answers for the accesses of one function."""

    built: Built
    facts: TypeFacts
    regions: Regions
    places: dict[Line, int]
    loops: dict[Line, tuple[Line, ...]]  # around each line, outermost first
    known: dict[tuple[Access, Access, int], bool] = field(default_factory=dict)
    held: dict[tuple[Line, str], list[Linear]] = field(default_factory=dict)

    def overwrites(self, store: Access, read: Access, depth: int = 0) -> bool:
        """True if a store may run behind a read, and write into what was read.

        What is made anew in each turn of `depth` loops is another array in another of those turns.
        """
        key = (store, read, depth)
        if key not in self.known:
            self.known[key] = self._overwrites(store, read, depth)
        return self.known[key]

    def _overwrites(self, store: Access, read: Access, depth: int) -> bool:
        around, beneath = self.loops[store.line], self.loops[read.line]
        shared = 0
        while shared < min(len(around), len(beneath)) and around[shared] is beneath[shared]:
            shared += 1
        same = [*self._known(store.line, "w"), *self._known(read.line, "r")]
        same += self._meeting(store, read)
        behind = self.places[store.line] > self.places[read.line]
        if (behind or (store.line is read.line and read.is_old)) and may_hold(
            [*same, *self._equal(around[:shared])]
        ):
            return True
        return any(
            may_hold([*same, *self._equal(around[:level]), *self._later(around[level])])
            for level in range(depth, shared)
        )

    def meets(self, store: Access, read: Access) -> bool:
        """True if a store may write into what its own line reads, in the same turn."""
        around = self.loops[store.line]
        same = [*self._known(store.line, "w"), *self._known(store.line, "r")]
        same += self._equal(around)
        return may_hold([*same, *self._meeting(store, read)])

    def _known(self, line: Line, side: str) -> list[Linear]:
        """Return what holds wherever a line runs: its loops' bounds, the tests of its arms."""
        key = (line, side)
        if key not in self.held:
            rows = self._turns(self.loops[line], side)
            for test, holds in arms_around(line, self.regions):
                for a, word, b in self._of_test(self.built.spelling.get(test), holds, line, side):
                    rows += compared(a, greater(a, b, rows) if word == "!=" else word, b)
            self.held[key] = rows
        return self.held[key]

    def _of_test(
        self, test: e.Expression | None, holds: bool, line: Line, side: str
    ) -> list[tuple[Linear, str, Linear]]:
        """Return the comparisons of whole numbers that hold in an arm."""
        match test:
            case e.Boolean(word, parts) if (word == "and") == holds:
                return [row for p in parts for row in self._of_test(p, holds, line, side)]
            case e.Comparison(left, operators, rights) if holds or len(operators) == 1:
                rows: list[tuple[Linear, str, Linear]] = []
                for operator, right in zip(operators, rights, strict=True):
                    a, b = self._whole(left, line, side), self._whole(right, line, side)
                    word = operator if holds else OPPOSITE.get(operator, "")
                    rows += [] if a is None or b is None else [(a, word, b)]
                    left = right
                return rows
        return []

    def _whole(self, expression: e.Expression, line: Line, side: str) -> Linear | None:
        """Return what is surely a whole number: an index is one, but not what is compared."""
        turns = {self._turn(loop) for loop in self.loops[line]}
        values = e.primals(expression)
        is_whole = all(v in turns or self.facts[v].dtype == "int" for v in values)
        return self._linear(expression, line, side) if is_whole else None

    # turns

    def _turn(self, loop: Line) -> ir.Value | None:
        made = loop.operation
        return made.body.parameters[0] if isinstance(made, ir.For) else None

    def _bounds(self, loop: Line, side: str) -> tuple[Linear | None, Linear | None, int | None]:
        """Return the start, the stop and the step of a counted loop."""
        made = loop.operation
        assert isinstance(made, ir.For)
        header = self.built.definition.get(made.operands[0])
        if not isinstance(header, ir.Gate) or header.gate != "range":
            return None, None, None
        parts = [self._linear(e.Primal(value), loop, side) for value in header.operands]
        if len(parts) == 1:
            return number(0), parts[0], 1
        step = parts[2] if len(parts) == 3 else number(1)
        return parts[0], parts[1], step.constant if step is not None and not step.terms else None

    def _turns(self, loops: tuple[Line, ...], side: str) -> list[Linear]:
        rows: list[Linear] = []
        for loop in loops:
            turn = self._turn(loop)
            if turn is None:
                continue
            at = unknown((side, turn))
            start, stop, step = self._bounds(loop, side)
            if step is None or step == 0:
                continue
            sign = 1 if step > 0 else -1
            if start is not None:
                rows.append((at - start) * sign)
            if stop is not None:
                rows.append((stop - at) * sign - number(1))
        return rows

    def _equal(self, loops: tuple[Line, ...]) -> list[Linear]:
        rows: list[Linear] = []
        for loop in loops:
            turn = self._turn(loop)
            if turn is not None:
                apart = unknown(("w", turn)) - unknown(("r", turn))
                rows += [apart, apart * -1]
        return rows

    def _later(self, loop: Line) -> list[Linear]:
        """The store is in a later turn of a loop than the read."""
        turn = self._turn(loop)
        step = None if turn is None else self._bounds(loop, "w")[2]
        if turn is None or not step:
            return []
        apart = unknown(("w", turn)) - unknown(("r", turn))
        return [apart * (1 if step > 0 else -1) - number(abs(step))]

    # parts

    def _meeting(self, store: Access, read: Access) -> list[Linear]:
        """Both have an entry in common."""
        rows: list[Linear] = []
        parts = zip(self._part(store, "w"), self._part(read, "r"), strict=False)
        for axis, pair in enumerate(parts):
            at = unknown(("entry", axis))
            for interval in pair:
                if interval is not None:
                    rows += self._sizes(interval)
                    rows.append(at - interval.lower)
                    if interval.upper is not None:
                        rows.append(interval.upper - at - number(1))
        return rows

    def _part(self, access: Access, side: str) -> Part:
        index = access.index
        if index is None:
            return ()
        items = index.items if isinstance(index, e.Sequence) else (index,)
        found: list[Interval | None] = []
        for item in items:
            if self._is_odd(item):
                return tuple(found)
            found.append(self._interval(item, access.line, side))
        return tuple(found)

    def _is_odd(self, item: e.Expression) -> bool:
        """True for an item after which the axes are not counted: `...`, `None`, an array.

        So is what is read off a list of what the turns kept, `ps[k]`: it may be one.
        """
        if isinstance(item, e.Slice):
            return False
        if isinstance(item, e.Literal):
            return not item.text.lstrip("-").isdigit()
        kinds = [self.facts.types.get(value) for value in e.primals(item)]
        return isinstance(item, e.Library) or not all(
            kind is not None and kind.scalar and kind.dtype != "bool" for kind in kinds
        )

    def _interval(self, item: e.Expression, line: Line, side: str) -> Interval | None:
        if isinstance(item, e.Slice):
            step = number(1) if item.step is None else self._linear(item.step, line, side)
            lower = number(0) if item.lower is None else self._linear(item.lower, line, side)
            upper = None if item.upper is None else self._linear(item.upper, line, side)
            if step is None or step.terms or step.constant < 1:
                return None
            if lower is None or not self._is_natural(lower, line, side):
                lower = number(0)
            if upper is not None and not self._is_natural(upper, line, side):
                upper = None
            return Interval(lower, upper)
        at = self._linear(item, line, side)
        if at is None or not self._is_natural(at, line, side):
            return None
        return Interval(at, at + number(1))

    def _is_natural(self, value: Linear, line: Line, side: str) -> bool:
        """True if a value is never negative: `A[i - 1]` with i = 0 would mean the last entry."""
        below = value * -1 - number(1)
        sizes = self._sizes(Interval(value, None))
        return not may_hold([below, *sizes, *self._known(line, side)])

    def _sizes(self, interval: Interval) -> list[Linear]:
        """Return that what is known to be a length is not negative."""
        terms = [*interval.lower.terms, *(interval.upper.terms if interval.upper else ())]
        return [unknown(name) for name, _ in terms if self._is_size(name)]

    def _is_size(self, name: Hashable) -> bool:
        if not isinstance(name, ir.Value):
            return isinstance(name, e.Expression)  # a shape's entry, or len
        made = self.built.definition.get(name)
        if isinstance(made, ir.View):
            made = self.built.definition.get(made.operands[0])
        return isinstance(made, ir.Gate) and made.gate in ("shape_of", "length")

    # numbers

    def _linear(self, expression: e.Expression, line: Line, side: str) -> Linear | None:
        """Return an index in the numbers of turns and in what never changes; None if it is none."""
        match expression:
            case e.Literal(text):
                return number(int(text)) if text.lstrip("-").isdigit() else None
            case e.Unary("-", operand):
                inner = self._linear(operand, line, side)
                return None if inner is None else inner * -1
            case e.Binary("+" | "-" as operator, left, right):
                a, b = self._linear(left, line, side), self._linear(right, line, side)
                if a is None or b is None:
                    return None
                return a + b if operator == "+" else a - b
            case e.Binary("*", left, right):
                a, b = self._linear(left, line, side), self._linear(right, line, side)
                if a is None or b is None or (a.terms and b.terms):
                    return None
                return a * b.constant if not b.terms else b * a.constant
            case e.Primal(value):
                return self._of_value(value, line, side)
        return self._constant(expression)

    def _of_value(self, value: ir.Value, line: Line, side: str) -> Linear | None:
        if any(self._turn(loop) is value for loop in (*self.loops.get(line, ()), line)):
            return unknown((side, value))
        kind = self.facts.types.get(value)
        if kind is None or not kind.scalar or kind.dtype == "float":
            return None
        spelled = self.built.spelling.get(value)
        if spelled is not None and spelled != e.Primal(value):
            found = self._linear(spelled, line, side)
            if found is not None:
                return found
        return None if self.regions.in_loop(self.regions.home(value)) else unknown(value)

    def _constant(self, expression: e.Expression) -> Linear | None:
        """Return an unknown for what is the same wherever it is computed: `A.shape[0]`."""
        values = list(e.primals(expression))
        if any(self.regions.in_loop(self.regions.home(value)) for value in values):
            return None
        match expression:
            case e.Subscript(e.Attribute(e.Primal(), "shape"), e.Literal()) | e.Call(
                e.Name("len"), (e.Primal(),), ()
            ):
                return unknown(expression)
        return None
