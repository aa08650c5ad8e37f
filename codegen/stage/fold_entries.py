"""Softmax whose logarithm is taken at one entry of each row: cross-entropy in two lines.

`loss = -np.sum(np.log(p[rows, y]))` behind a softmax `p`: the gradient of what went into the
softmax is p, less 1 at those entries, times the cotangent of the logarithms. Gone back through one
by one it would fill an array with zeros, divide by p there, and multiply by p again. The same where
the logarithm is taken of the sum: `log_probs = x - np.log(np.sum(np.exp(x), ...))`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.axes import cast
from codegen.adjoint.pullback import Flow, LocalLine
from codegen.shapes import SCALAR, Known
from codegen.simplify import linear
from codegen.simplify import terms as t
from codegen.stage.folding import Folding

REMARK = "the log of one entry included"
LOGARITHMS = ("log_shares", "log_shares_of")


@dataclass(frozen=True)
class Entries:
    """A read of one entry of each row of a softmax, all that the reverse goes back through.

    Its logarithm is taken, or that of the softmax was before.
    """

    read: ir.View
    softmax: ir.Gate


def entries_of(state: Folding) -> dict[ir.Value, Entries]:
    """Return the softmax results, and what is read of them, of which only logarithms are taken."""
    users: dict[ir.Value, list[ir.Operation]] = {}
    given: set[ir.Value] = set(state.seeds)
    for operation in ir.operations(state.built.function.body):
        for operand in operation.operands:
            users.setdefault(operand, []).append(operation)
        for block in operation.blocks():
            given.update(block.yields)
    found: dict[ir.Value, Entries] = {}
    for operation in ir.operations(state.built.function.body):
        if not isinstance(operation, ir.Gate) or operation.gate not in ("softmax", *LOGARITHMS):
            continue
        read = _only_user(operation.result, users, given, state)
        if not isinstance(read, ir.View) or not _is_one_of_each_row(operation, read, state):
            continue
        together: list[ir.Operation] = [operation, read]
        if operation.gate == "softmax":
            logarithm = _only_user(read.result, users, given, state)
            if not isinstance(logarithm, ir.Gate) or logarithm.gate != "log":
                continue
            together.append(logarithm)
        if len({state.regions.home(one.results[0]) for one in together}) == 1:
            entries = Entries(read, operation)
            found[operation.result] = found[read.result] = entries
    return found


def _only_user(
    value: ir.Value,
    users: dict[ir.Value, list[ir.Operation]],
    given: set[ir.Value],
    state: Folding,
) -> ir.Operation | None:
    """Return the operation that reads a value, if the gradient goes back through no other."""
    known = {*state.cells.cells, *state.cells.views, *given, *state.inputs}
    if value not in state.active or value in known:
        return None
    active = [o for o in users.get(value, ()) if any(one in state.active for one in o.results)]
    return active[0] if len(active) == 1 else None


def _is_one_of_each_row(softmax: ir.Gate, read: ir.View, state: Folding) -> bool:
    shape = state.facts[softmax.result].shape
    if not isinstance(shape, Known) or not all(isinstance(i, ir.At) for i in read.index):
        return False
    kinds = [state.facts[operand] for operand in read.operands[1:]]
    if any(kind.kind != "number" or kind.dtype in ("bool", "float") for kind in kinds):
        return False
    axis = softmax.static("axis")
    if shape.rank == 1:
        return axis in (None, 0, -1) and len(kinds) == 1 and kinds[0].scalar
    if shape.rank != 2 or axis not in (1, -1) or len(kinds) != 2:
        return False
    rows = state.built.definition.get(read.operands[1])
    is_all = isinstance(rows, ir.Gate) and rows.gate == "arange" and len(rows.operands) == 1
    each = Known(shape.dimensions[:1])
    return is_all and all(kind.shape == each for kind in kinds)


def flows_of(entries: Entries, state: Folding) -> list[Flow] | None:
    """Return what goes back to the operand of the softmax; None if it must go the long way."""
    softmax, read = entries.softmax, entries.read
    arrivals = state.arrivals[softmax.result]
    if state.masks or len(arrivals) != 1:
        return None
    flow = arrivals[0].flow
    share = flow.term
    if softmax.gate == "softmax":
        share = t.times(t.of(e.Primal(read.result), state.facts[read.result].shape), share)
    still_read = any(node == e.Primal(read.result) for node in t.parts(share))
    if flow.index is None or flow.term.masks or flow.term.guarded or still_read:
        return None
    p = _shares(softmax, state)
    read_there = (*e.walk(flow.index), *t.parts(share), *t.parts(p))
    if any(_may_change(node, state) for node in read_there):
        return None  # it is read where the softmax is made, before what changes it
    if t.computed_shape(share.factors, ()) == SCALAR:
        share = replace(share, shape=SCALAR)  # the same for all rows
        return [Flow(0, t.negate(t.times(p, share))), Flow(0, share, flow.index, flow.mode)]
    return _by_rows(softmax.result, p, share, flow)


def _shares(softmax: ir.Gate, state: Folding) -> t.Term:
    """Return the softmax, spelled by what is at hand."""

    def of(value: ir.Value) -> t.Term:
        return t.of(e.Primal(value), state.facts[value].shape)

    match softmax:
        case ir.Gate(gate="log_shares", operands=(_, exps, total)):
            return t.times(t.inverse(of(total)), of(exps))
        case ir.Gate(gate="log_shares_of", result=out):
            return t.of(e.call("numpy.exp", e.Primal(out)), state.facts[out].shape)
    return of(softmax.result)


def _may_change(node: e.Expression, state: Folding) -> bool:
    """True for what shows an array that is written in place, or its cotangent."""
    match node:
        case e.Cotangent(value):
            return value in state.cells.cells
        case e.Primal(value):
            if state.cells.shown(value) is not None:
                return True
            spelled = state.built.spelling.get(value)
            if spelled is None or value in state.staging.staged or spelled == node:
                return False
            return any(_may_change(inner, state) for inner in e.walk(spelled))
    return False


def _by_rows(result: ir.Value, p: t.Term, share: t.Term, flow: Flow) -> list[Flow] | None:
    """Return the flows where each row has a cotangent of its own."""
    if not isinstance(share.shape, Known):
        return None
    weight = t.negate(share)
    lines: tuple[LocalLine, ...] = ()
    if not all(isinstance(factor.expression, e.Cotangent) for factor in share.factors):
        name = e.Local("weight", result)
        lines = (LocalLine(name, cast(weight, result)),)
        weight = t.of(name, share.shape)
    column = linear.reshape_like(
        weight,
        Known((*share.shape.dimensions, 1)),
        lambda inner: e.call("numpy.expand_dims", inner, e.Literal("1")),
    )
    return [
        Flow(0, t.times(column, p), locals=lines),
        Flow(0, t.negate(weight), flow.index, flow.mode, locals=lines),
    ]


def operand_of(softmax: ir.Gate, state: Folding) -> ir.Gate:
    """Return what the cotangent flows through: the softmax, or what its maximum is taken off in."""
    made = state.built.definition.get(softmax.operands[0])
    is_shift = isinstance(made, ir.Gate) and made.gate == "shifted"
    if not isinstance(made, ir.Gate) or not is_shift or made.result in state.staging.staged:
        return softmax
    return made
