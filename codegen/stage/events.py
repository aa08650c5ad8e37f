"""Where cotangents are read and defined, and whether one is read again behind a step."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.simplify import terms as t
from codegen.stage.program import (
    Contribution,
    LocalDefinition,
    Mirror,
    Move,
    Node,
    Restore,
    Step,
    Steps,
    Write,
)

Arms = tuple[tuple[int, int], ...]  # the mirrored `if`s around a step, and which arm of each
ALWAYS = 1 << 60


@dataclass
class Event:
    """One read or definition of a cotangent."""

    place: int
    defines: bool
    arms: Arms


@dataclass
class Events:
    """All reads and definitions, and the loops around each step."""

    by_value: dict[ir.Value, list[Event]] = field(default_factory=lambda: defaultdict(list))
    loops: dict[Step, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    arms: dict[Step, Arms] = field(default_factory=dict)
    places: dict[Step, int] = field(default_factory=dict)
    count: int = 0

    def is_read_later(self, value: ir.Value, step: Step) -> bool:
        """True if what a cotangent holds at a step may be read behind it."""
        place = self.places[step]
        events = self.by_value.get(value, [])
        answer = self._next(events, place, ALWAYS + 1, step, inclusive=False)
        loops = self.loops.get(step, ())
        for start, end in reversed(loops):
            inside = self._next(events, place, end, step, inclusive=False)
            if inside is not None:
                return inside
            again = self._next(events, start, place + 1, step, inclusive=True)
            if again is not None:
                return again
        return bool(answer)

    def _next(
        self, events: list[Event], start: int, end: int, step: Step, inclusive: bool
    ) -> bool | None:
        """Return True for a read first, False for a definition, None for neither."""
        at = bisect_right([event.place for event in events], start - (1 if inclusive else 0))
        for event in events[at:]:
            if event.place >= end:
                return None
            if not event.defines:
                return True
            if self.arms.get(step, ())[: len(event.arms)] == event.arms:
                return False
        return None


def events_of(nodes: list[Node], returned: list[ir.Value]) -> Events:
    """Return the events of a whole backward pass; `returned` are read behind its end."""
    found = Events()
    _walk(nodes, (), (), found)
    for value in returned:
        found.by_value[value].append(Event(ALWAYS, False, ()))
    return found


def _walk(nodes: list[Node], loops: tuple[tuple[int, int], ...], arms: Arms, found: Events) -> None:
    for node in nodes:
        if isinstance(node, Steps):
            for step in node.steps:
                _note(step, loops, arms, found)
        elif isinstance(node.operation, ir.If):
            mark = found.count
            for number, body in enumerate(node.bodies):
                _walk(body, loops, (*arms, (mark, number)), found)
        else:
            end = found.count + _length(node)
            for body in node.bodies:
                _walk(body, (*loops, (found.count, end)), arms, found)


def _length(node: Node) -> int:
    if isinstance(node, Steps):
        return len(node.steps)
    assert isinstance(node, Mirror)
    return sum(_length(inner) for body in node.bodies for inner in body)


def _note(step: Step, loops: tuple[tuple[int, int], ...], arms: Arms, found: Events) -> None:
    place = found.count
    found.count += 1
    found.places[step] = place
    if loops:
        found.loops[step] = loops
    if arms:
        found.arms[step] = arms
    for value in reads(step):
        found.by_value[value].append(Event(place, False, arms))
    if isinstance(step, LocalDefinition | Restore | Write):
        return
    if not isinstance(step, Contribution) or step.first:
        found.by_value[step.target].append(Event(place, True, arms))


def reads(step: Step) -> set[ir.Value]:
    """Return the cotangents that a step reads, but for the one it adds to."""
    if isinstance(step, Write):
        return {step.target}
    if isinstance(step, Contribution | LocalDefinition):
        return {node.value for node in t.leaves(step.term) if isinstance(node, e.Cotangent)}
    return {step.source} if isinstance(step, Move) and not step.source_is_zero else set()
