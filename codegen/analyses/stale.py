"""What an update in place would change under other names, if they were read behind it.

`x += e` on an array writes into memory that other names and views may show. Where none of them is
read behind it, the update is as good as a new array under the name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line, all_lines
from codegen.gates.declare import GATES
from codegen.gates.type_rules_growing import HOLDING

Path = tuple[tuple[ir.Operation, int], ...]  # the blocks around an operation, outermost first


@dataclass
class Sharing:
    """Which values may share memory, and where each is read."""

    built: Built
    facts: TypeFacts
    sources: dict[ir.Value, list[ir.Value]] = field(default_factory=dict)  # what a value may be of
    order: dict[ir.Operation, int] = field(default_factory=dict)
    ends: dict[ir.Operation, int] = field(default_factory=dict)  # with all that is in its blocks
    paths: dict[ir.Operation, Path] = field(default_factory=dict)
    homes: dict[ir.Value, Path] = field(default_factory=dict)
    reads: dict[ir.Value, list[tuple[float, Path]]] = field(default_factory=dict)
    turned: dict[tuple[ir.Value, ir.Value], ir.Operation] = field(default_factory=dict)
    roots: dict[ir.Value, frozenset[ir.Value]] = field(default_factory=dict)  # what is of nothing

    def __post_init__(self) -> None:
        self._block(self.built.function.body, ())
        end = len(self.order) + 1
        last = [*self.built.function.returns, *(r.value for r in self.built.written)]
        for value in last:
            self.reads.setdefault(value, []).append((end, ()))
        for operation in self.order:
            if isinstance(operation, ir.Gate) and GATES[operation.gate].keeps:
                for operand in operation.operands:  # which the backward pass reads again
                    self.reads.setdefault(operand, []).append((end, ()))
        for line in all_lines(self.built.lines):
            if line.kind == "augment":
                self._join(line.values()[0], [old_value(line)])

    def group(self, value: ir.Value) -> set[ir.Value]:
        """Return the values whose memory a value may have: those that come of one that it may be.

        `a if test else b` may be `a` or `b`, which are apart all the same.
        """
        own = self._roots(value)
        return {value, *(one for one in self.homes if not own.isdisjoint(self._roots(one)))}

    def _roots(self, value: ir.Value) -> frozenset[ir.Value]:
        if value not in self.roots:
            below = _reached(value, self.sources)
            self.roots[value] = frozenset(one for one in below if not self.sources.get(one))
        return self.roots[value]

    def is_stale_read(self, update: ir.Value, group: set[ir.Value]) -> bool:
        """True if a value of the group is read, as it was before, where the update is made."""
        operation = self.built.definition[update]
        place, home = self.order[operation], self.paths[operation]
        after: dict[ir.Value, list[ir.Value]] = {}
        for result, parts in self.sources.items():
            for part in parts:
                # What the update goes on as in the next turn is not what this turn still reads.
                if self.turned.get((result, part)) not in loops_around(home):
                    after.setdefault(part, []).append(result)
        for value in group - _reached(update, after):
            if self._is_made_behind(value, place):
                continue  # whatever is old of it is read of what was there before
            for at, path in self.reads.get(value, ()):
                if at == place and path == home:
                    continue
                loops = [one for one in loops_around(home) if one in loops_around(path)]
                again = any(one not in loops_around(self.homes.get(value, ())) for one in loops)
                if again or (at >= place and not is_other_arm(path, home)):
                    return True
        return False

    def _is_made_behind(self, value: ir.Value, place: int) -> bool:
        """True if every turn makes a value behind an update: it is not what that turn writes into.

        Where it is one of the same memory, something older is read to make it: what the blocks of
        a loop or an `if` yield is read at their ends.
        """
        made = self.built.definition.get(value)
        return made is not None and self.ends.get(made, -1) > place

    def _join(self, result: ir.Value, parts: list[ir.Value]) -> None:
        self.sources.setdefault(result, []).extend(parts)

    def _block(self, block: ir.Block, path: Path) -> None:
        for parameter in block.parameters:
            self.homes[parameter] = path
        for operation in block.operations:
            self.order[operation] = place = len(self.order)
            self.paths[operation] = path
            for result in operation.results:
                self.homes[result] = path
            for operand in operation.operands:
                self.reads.setdefault(operand, []).append((place, path))
            for number, inner in enumerate(operation.blocks()):
                self._block(inner, (*path, (operation, number)))
            self.ends[operation] = len(self.order) - 1
            for result, parts in self._shared(operation):
                self._join(result, parts)
        for value in block.yields:  # behind all that is in the block, before what comes next
            self.reads.setdefault(value, []).append((len(self.order) - 0.5, path))

    def _shared(self, operation: ir.Operation) -> Iterator[tuple[ir.Value, list[ir.Value]]]:
        """Yield the results that may be, or show, what an operation was given."""
        match operation:
            case ir.If():
                for place, result in enumerate(operation.results):
                    yield result, ir.arms(operation, place)
            case ir.For() | ir.While():
                for one in ir.carried(operation):
                    first = one.parameter if one.tested is None else one.tested
                    self.turned[first, one.next] = operation
                    yield first, [one.start, one.next]
                    yield one.result, [first, one.next]
                    if one.tested is not None:
                        yield one.parameter, [one.tested]
                if isinstance(operation, ir.For):
                    yield operation.body.parameters[0], list(operation.operands[:1])
            case ir.Gate(gate=name) if name in HOLDING:
                yield operation.result, list(operation.operands)
            case ir.Gate(gate=name) if _is_new(name):
                return
            case ir.Constant() | ir.Exit() | ir.Effect():
                return
            case ir.Store(operator="append"):
                yield operation.result, list(operation.operands)  # the list holds the item
            case ir.Store():
                yield operation.result, [operation.operands[0]]
            case ir.View() if self.facts[operation.operands[0]].kind == "number":
                if not self.facts[operation.result].fresh:
                    yield operation.result, [operation.operands[0]]
            case _:
                for result in operation.results:
                    yield result, list(operation.operands)


def _is_new(name: str) -> bool:
    """True for a gate that gives a new array, or a number."""
    takes_either = name.startswith(("larger", "smaller", "builtin", "max_of", "min_of"))
    return not GATES[name].view and name not in ("alias", "stop", "get") and not takes_either


def old_value(line: Line) -> ir.Value:
    """Return what an augmented assignment changes."""
    assert isinstance(line.expression, e.Binary)
    assert isinstance(line.expression.left, e.Primal)
    return line.expression.left.value


def _reached(start: ir.Value, near: dict[ir.Value, list[ir.Value]]) -> set[ir.Value]:
    found: set[ir.Value] = set()
    left = [start]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += near.get(one, [])
    return found


def loops_around(path: Path) -> list[ir.Operation]:
    """Return the loops among the blocks around an operation."""
    return [one for one, _ in path if isinstance(one, ir.For | ir.While)]


def is_other_arm(one: Path, other: Path) -> bool:
    """True for places in different arms of an `if`."""
    arms = dict(one)
    return any(isinstance(o, ir.If) and arms.get(o, place) != place for o, place in other)
