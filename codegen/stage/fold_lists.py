"""Reverse of lists that grow: the cotangent is a list too, as long as the list is at that point.

`hs.append(h)` gives h the last item of `dhs`, which is taken off; `h = hs.pop()` puts dh back.
"""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.adjoint import zeros
from codegen.adjoint.pullback import Flow
from codegen.analyses.cells import Cells
from codegen.build.lines import Line
from codegen.gates.type_rules_growing import is_homogeneous, is_packed
from codegen.shapes import SCALAR
from codegen.simplify import linear
from codegen.simplify import terms as t
from codegen.stage import nested_lists
from codegen.stage.fold_rows import through_rows
from codegen.stage.folding import Arrival, Folding, emit
from codegen.stage.program import Contribution, Path, Write

BEFORE: Path = (-3,)
CLEAR: Path = (-2,)
NO_INDEX = e.Literal("0")


class ListChanged(Exception):
    """The reverse would read a list that is another by then."""

    def __init__(self, value: ir.Value) -> None:
        super().__init__(value)
        self.value = value


def whole_lists(active: set[ir.Value], cells: Cells) -> set[ir.Value]:
    """Return the active values with all that a list has been, if it is active at some time.

    So each change of the list changes its cotangent, which is as long as the list then was.
    """
    of = {cells.of(value) for value in active} & set(cells.lists)
    return active | {value for value, cell in cells.cells.items() if cell in of}


def is_popped(value: ir.Value, state: Folding) -> bool:
    """True for an item that is taken off the list that it is read of."""
    return value in state.popped


def reads_changed(operation: ir.Operation, state: Folding) -> bool:
    """True for what is read of a list that is another at the end: it is not read again."""
    is_read = isinstance(operation, ir.View) or (
        isinstance(operation, ir.Gate) and operation.gate == "length"
    )
    if not is_read:
        return False
    if state.cells.is_changed(operation.operands[0]):
        return True
    around = state.built.definition.get(operation.operands[0])
    is_row = isinstance(around, ir.View) and around.result.name is None
    return is_row and around is not None and reads_changed(around, state)


def fold_change(operation: ir.Store, state: Folding) -> None:
    """Add what an `append` or a `pop` gives back."""
    if operation.result not in state.active:
        return
    cell, value = state.cells.of(operation.result), operation.operands[1]
    line = state.built.line_of[operation]
    if operation.operator not in ("append", "pop"):
        _fold_item(operation, cell, line, state)
        return
    if operation.operator == "pop":
        term = _given_back(value, state)
        state.pushed.add(cell)
        state.staging.steps.append(Contribution(cell, term, line, BEFORE, mode="push"))
        return
    if value not in state.active:
        state.staging.steps.append(Write(cell, NO_INDEX, "pop", None, line, BEFORE))
        return
    _give(operation, e.Call(e.Attribute(e.Cotangent(cell), "pop"), ()), line, state)


def _give(
    operation: ir.Operation,
    d: e.Expression,
    line: Line,
    state: Folding,
    is_negative: bool = False,
) -> None:
    """Let what a list was given have its item of the cotangent, first thing in the group."""
    value = operation.operands[1]
    if value.name is None and value not in state.rows:
        state.staging.named.add(value)
        state.held[value] = line
    term = t.of(d, state.facts[value].shape)
    kind = state.facts[value]
    mode = "items" if is_homogeneous(kind) or is_packed(kind) else ""
    flow = Flow(1, t.negate(term) if is_negative else term, mode=mode)
    if value in state.rows:
        operation, flow = through_rows(operation, flow, state)
        value = operation.operands[flow.place]
    target = state.cells.of(value)
    state.arrivals[target].append(Arrival(flow, line, BEFORE))
    if target in state.inputs or target not in state.built.definition or target is not value:
        emit(target, state)


def _fold_item(operation: ir.Store, cell: ir.Value, line: Line, state: Folding) -> None:
    """Add what `hs[i] = v` gives v, and clear it; what `hs[i] += v` does."""
    value = operation.operands[1]
    assert line.index is not None
    item: e.Expression = e.Subscript(e.Cotangent(cell), line.index)
    for node in e.walk(line.index):
        if isinstance(node, e.Primal):
            state.staging.reads.add(node.value)
    if operation.operator == "":
        zero: e.Expression = e.Literal("0.0")
        if not nested_lists.at(state.facts[operation.result], line.index).scalar:
            zero = e.call("numpy.zeros_like", item)
        state.staging.steps.append(Write(cell, line.index, "", t.of(zero, SCALAR), line, CLEAR))
    if value in state.active:
        _give(operation, item, line, state, operation.operator == "-")


def _given_back(value: ir.Value, state: Folding) -> t.Term:
    """Return the cotangent of an item that was taken off."""
    kind = state.facts[value]
    if value in state.seeds and state.unit_seeds:
        return t.Term(shape=kind.shape)
    if value in state.active and (state.arrivals[value] or value in state.seeds):
        emit(value, state)
        factor = t.Factor(e.Cotangent(value), 1, kind.shape, "float")
        return t.Term(factors=(factor,), shape=kind.shape)
    if kind.scalar:
        return t.of(e.Literal("0.0"), kind.shape)
    state.staging.reads.add(value)
    if kind.kind in ("list", "tuple"):
        return t.of(zeros.zeros(value, kind), kind.shape)
    return t.of(linear.zeros(value, kind), kind.shape)
