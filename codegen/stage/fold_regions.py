"""Reverse of regions: what flows where an `if` joins, and from turn to turn of a loop.

Where regions meet there is no line of the author's: a line of kind "edge" stands for the start and
the end of a region's mirror, and for what is behind it.
"""

from __future__ import annotations

from collections.abc import Callable

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.pullback import Flow
from codegen.build.lines import Line
from codegen.gates.declare import GATES
from codegen.gates.type_rules_growing import is_homogeneous
from codegen.simplify import terms as t
from codegen.stage.cost import CHEAP_SCALAR
from codegen.stage.fold_lists import reads_changed
from codegen.stage.folding import Arrival, Folding, emit, stage_value
from codegen.stage.program import Move, Staging

SHAPES = ("shape_of", "length", "size", "ndim")
Walk = Callable[[ir.Block, Folding], None]  # over the operations of a block


def edge(staging: Staging, line: Line, place: str) -> Line:
    """Return the line that stands for a place of a region's mirror: "start 0", "end", "behind"."""
    key = (line, place)
    if key not in staging.edges:
        staging.edges[key] = Line("edge", line.span)
    return staging.edges[key]


def fold_if(operation: ir.If, state: Folding, walk: Walk) -> None:
    """Walk both arms of an `if` statement."""
    line = state.built.line_of[operation]
    active = [
        (place, result)
        for place, result in enumerate(operation.results)
        if result in state.active and has_cotangent(result, state)
    ]
    inner = [one for block in operation.blocks() for one in ir.operations(block)]
    if active or any(isinstance(one, ir.Store) for one in inner):
        settle(operation.operands[0], state)  # where nothing else flows, old contents are put back
    for place, result in active:
        if result in state.cells.cells:
            continue
        emit(result, state)
        for number, block in enumerate(operation.blocks()):
            if not ir.is_dead(block):
                start = edge(state.staging, line, f"start {number}")
                send(block.yields[place], result, start, state)
    for block in operation.blocks():
        walk(block, state)


def has_cotangent(value: ir.Value, state: Folding) -> bool:
    """True if something arrives at a value's cotangent, or it is given."""
    return bool(state.arrivals[state.cells.of(value)]) or value in state.seeds


def settle(value: ir.Value, state: Folding) -> None:
    """What a header reads is asked again in the mirror, or gets a name if that would cost."""
    if value in state.staging.staged or value not in state.built.definition:
        return
    if not _is_asked_again(value, state):
        stage_value(state.built.definition[value], value, state)


def _is_asked_again(value: ir.Value, state: Folding) -> bool:
    """True if a value is made of constants and of names that hold what they held, cheaply."""
    made = state.built.definition.get(value)
    if isinstance(made, ir.Constant):
        return True
    if state.cells.shown(value) is not None or (made is not None and reads_changed(made, state)):
        return False  # its contents may be others then
    if isinstance(made, ir.Gate) and made.gate in SHAPES:
        return True
    if value in state.staging.staged or made is None:
        home = state.regions.home(value)
        if not state.regions.in_loop(home) or value in state.turns or value in state.staging.reads:
            return True
        if not isinstance(made, ir.View):
            return False
    if not isinstance(made, ir.Gate | ir.View | ir.Aggregate):
        return False
    if isinstance(made, ir.Gate) and not (
        GATES[made.gate].cheap or (state.facts[value].scalar and made.gate in CHEAP_SCALAR)
    ):
        return False
    return all(_is_asked_again(operand, state) for operand in made.operands)


def send(value: ir.Value, source: ir.Value, line: Line, state: Folding) -> None:
    """Let a value have the cotangent of what it goes on as."""
    if value not in state.active or state.cells.of(value) is state.cells.of(source):
        return
    kind = state.facts[value]  # which it is, if it goes on
    factor = t.Factor(e.Cotangent(source), 1, kind.shape, "float")
    term = t.Term(factors=(factor,), shape=kind.shape)
    target = state.cells.of(value)
    mode = "items" if is_homogeneous(kind) else ""
    state.arrivals[target].append(Arrival(Flow(0, term, mode=mode), line, ()))
    if target in state.inputs or target not in state.built.definition or target is not value:
        emit(target, state)


def fold_loop(operation: ir.For | ir.While, state: Folding, walk: Walk) -> None:
    """Walk the body of a loop once: what a turn is given back goes on to the turn before."""
    line, staging = state.built.line_of[operation], state.staging
    carried = [
        one
        for one in ir.carried(operation)
        if one.result in state.active and one.result not in state.cells.cells
    ]
    start, end = edge(staging, line, "start 0"), edge(staging, line, "end")
    for one in carried:
        if has_cotangent(one.result, state):
            emit(one.result, state)
        send(one.next, one.result, start, state)
    walk(operation.body, state)
    for one in carried:
        staging.moves.setdefault(end, []).append(Move(one.result, one.parameter))
        send(one.start, one.result, edge(staging, line, "behind"), state)
    if isinstance(operation, ir.For):
        made = state.built.definition[operation.operands[0]]
        for bound in made.operands:
            settle(bound, state)
