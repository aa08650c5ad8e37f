"""The state of the walk that folds, and what is done with it in operations and in regions alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.pullback import Flow
from codegen.analyses.cells import Cells
from codegen.analyses.regions import Regions
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line
from codegen.simplify import terms as t
from codegen.stage.program import Contribution, Path, Staging
from codegen.stage.witness import Witnesses

if TYPE_CHECKING:
    from codegen.stage.fold_entries import Entries


@dataclass
class Arrival:
    """A term on its way to a value's cotangent, and where it would be printed."""

    flow: Flow
    line: Line
    path: Path


@dataclass
class Folding:
    """The state of one walk."""

    built: Built
    facts: TypeFacts
    active: set[ir.Value]
    inputs: set[ir.Value]
    seeds: set[ir.Value]
    witnesses: Witnesses
    regions: Regions
    staging: Staging = field(default_factory=Staging)
    arrivals: dict[ir.Value, list[Arrival]] = field(default_factory=lambda: defaultdict(list))
    emitted: Counter[ir.Value] = field(default_factory=Counter)
    uses: Counter[ir.Value] = field(default_factory=Counter)
    will_be_named: set[ir.Value] = field(default_factory=set)
    singular: set[ir.Value] = field(default_factory=set)
    masks: list[t.Mask] = field(default_factory=list)
    order: dict[ir.Value, int] = field(default_factory=dict)
    locals: set[e.Local] = field(default_factory=set)
    scalar_code: bool = False  # no array anywhere
    shapes_read: set[ir.Value] = field(default_factory=set)
    drawn_inside: set[ir.Value] = field(default_factory=set)  # draws that stay in their line
    crossing: set[ir.Value] = field(default_factory=set)  # nameless, read in a region further in
    turns: set[ir.Value] = field(default_factory=set)  # what loops count
    cells: Cells = field(default_factory=Cells)
    unit_seeds: bool = False  # the cotangents given are 1 everywhere
    entries: dict[ir.Value, Entries] = field(default_factory=dict)  # of a softmax, of which logs
    popped: set[ir.Value] = field(default_factory=set)  # items that are taken off their list
    pushed: set[ir.Value] = field(default_factory=set)  # lists whose cotangent items come back to
    held: dict[ir.Value, Line] = field(default_factory=dict)  # cotangents taken before a write
    rows: set[ir.Value] = field(default_factory=set)  # lists in lists, only read item by item
    gathered: dict[ir.Value, tuple[Line, Path]] = field(default_factory=dict)  # those of items


def stage_value(operation: ir.Operation, value: ir.Value, state: Folding) -> None:
    """Give a nameless value a forward line of its own."""
    staging = state.staging
    staging.staged.add(value)
    state.witnesses.add(value, bool(state.masks) or value in state.regions.homes)
    state.will_be_named.add(value)
    if value in state.active:
        staging.named.add(value)
    line = Line("assign", operation.span or state.built.lines[0].span, (value,))
    line.expression = state.built.spelling[value]
    if state.masks:
        line.expression = t.chosen(state.masks, line.expression, e.Literal("0.0"))
    staging.own[value] = line


def emit(value: ir.Value, state: Folding) -> None:
    """Turn what has arrived at a named cotangent into statements, once."""
    arrivals = state.arrivals[value]
    for arrival in arrivals[state.emitted[value] :]:
        flow = arrival.flow
        state.staging.steps.append(
            Contribution(value, flow.term, arrival.line, arrival.path, flow.index, flow.mode)
        )
    state.emitted[value] = len(arrivals)
