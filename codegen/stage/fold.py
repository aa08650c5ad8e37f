"""Reverse program to statements: what gets a line of its own and what is folded into its uses.

One walk over the operations from last to first. When an operation is reached, everything that reads
its result is known: the cotangent's terms have arrived, and so have the reads of its forward value.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TypeGuard

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.lists import list_flows
from codegen.adjoint.pullback import Flow, Pullback
from codegen.adjoint.zeros import item_of
from codegen.analyses.activity import carrying
from codegen.analyses.cells import Cells
from codegen.analyses.finite import singular
from codegen.analyses.regions import is_statement, regions_of
from codegen.analyses.rows import rows_of
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line, all_lines
from codegen.gates.declare import GATES
from codegen.gates.type_rules_growing import is_homogeneous, is_packed
from codegen.shapes import SCALAR
from codegen.simplify import sums
from codegen.simplify import terms as t
from codegen.stage.cost import (
    FEW,
    arithmetic,
    beyond_a_literal_factor,
    count_scalar,
    has_call_or_power,
    is_cheap,
)
from codegen.stage.fold_entries import REMARK, entries_of, flows_of, operand_of
from codegen.stage.fold_items import gathered, gathered_place, has_own, nothing_arrived
from codegen.stage.fold_lists import (
    ListChanged,
    fold_change,
    is_popped,
    reads_changed,
    whole_lists,
)
from codegen.stage.fold_regions import edge, fold_if, fold_loop
from codegen.stage.fold_rows import through_rows
from codegen.stage.fold_stores import fold_store
from codegen.stage.folding import Arrival, Folding, emit, stage_value
from codegen.stage.program import LocalDefinition, Path, Staging
from codegen.stage.resolve import has_witness
from codegen.stage.witness import Witnesses


def fold(
    built: Built,
    facts: TypeFacts,
    active: set[ir.Value],
    inputs: set[ir.Value],
    seeds: list[ir.Value],
    cells: Cells,
    unit_seeds: bool = False,
) -> Staging:
    """Return the staging of a function's forward and backward lines.

    `active` are the values between the inputs and the outputs; `seeds` the outputs whose cotangents
    are given, or with `unit_seeds` 1.
    """
    named = {v for line in all_lines(built.lines) for v in line.values()}
    named |= {p.value for p in built.parameters}
    regions = regions_of(built)
    named |= _given_by_regions(built)
    witnesses = Witnesses(facts, named, regions.homes)
    given = {*seeds, *map(cells.of, seeds)}
    active = whole_lists(active, cells)
    state = Folding(built, facts, active, inputs, given, witnesses, regions)
    state.cells, state.unit_seeds = cells, unit_seeds
    state.rows = rows_of(built, facts, cells)
    state.turns = {o.body.parameters[0] for o in regions.of if isinstance(o, ir.For)}
    _name_crossing(state, named)
    state.popped = {
        operation.operands[1]
        for operation in ir.operations(built.function.body)
        if isinstance(operation, ir.Store) and operation.operator == "pop"
    }
    state.staging.staged = named
    state.staging.named = {v for v in named if v in active} | set(seeds)
    state.entries = entries_of(state)
    state.staging.named -= set(state.entries)
    state.scalar_code = all(k.scalar for k in facts.types.values() if k.kind == "number")
    state.singular = singular(built)
    _count_uses(state)
    state.will_be_named = set(named)
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.Gate) and _is_surely_staged(operation, state):
            state.will_be_named.add(operation.result)
        if isinstance(operation, ir.Effect):
            state.will_be_named.update(operation.results)
    for line in all_lines(built.lines):
        if line.kind == "assign" and not any(value in active for value in line.values()):
            state.drawn_inside |= _drawn_inside(line, state)
    state.will_be_named -= state.drawn_inside
    fold_block(built.function.body, state)
    state.staging.steps.reverse()
    _place_lines(state)
    return state.staging


def _drawn_inside(line: Line, state: Folding) -> set[ir.Value]:
    """Return what a line draws that may stay in it: all of it, or nothing, to keep the order."""
    drawn: set[ir.Value] = set()
    stack = list(e.primals(line.expression)) if line.expression else []
    while stack:
        value = stack.pop()
        if value in state.staging.staged:
            continue
        if state.uses[value] > 1:
            return set()
        if isinstance(state.built.definition[value], ir.Effect):
            drawn.add(value)
        stack += e.primals(state.built.spelling[value])
    return drawn


def _given_by_regions(built: Built) -> set[ir.Value]:
    """Return what the regions of statements are given and give: all of it has names."""
    found: set[ir.Value] = set()
    for operation in ir.operations(built.function.body):
        if is_statement(operation, built):
            found.update(operation.results)
            for block in operation.blocks():
                found.update(block.parameters)
    return found


def _name_crossing(state: Folding, named: set[ir.Value]) -> None:
    """Find nameless values that a region reads and that stand outside of it."""
    if not state.regions.of:
        return
    definition, home = state.built.definition, state.regions.home
    for operation in ir.operations(state.built.function.body):
        for operand in operation.operands if operation.results else ():
            made = definition.get(operand)
            if operand in named or made is None or isinstance(made, ir.Constant | ir.Aggregate):
                continue
            if home(operand) != home(operation.results[0]):
                state.crossing.add(operand)


def _count_uses(state: Folding) -> None:
    """Count how often the forward pass would print each nameless value."""
    for line in all_lines(state.built.lines):
        for part in (line.expression, line.detail, line.index):
            if part is not None:
                _count(part, state)
    for value, spelled in state.built.spelling.items():
        if value not in state.staging.staged:
            _count(spelled, state)
    _number(state.built.function.body, state)


def _number(block: ir.Block, state: Folding) -> None:
    """Number the values in the order of their lines: what is in an arm before the choice."""
    for operation in block.operations:
        for inner in operation.blocks():
            _number(inner, state)
        for result in operation.results:
            state.order[result] = len(state.order)


def _count(expression: e.Expression, state: Folding) -> None:
    for value in e.primals(expression):
        state.uses[value] += 1


def _is_surely_staged(operation: ir.Gate, state: Folding) -> bool:
    value = operation.result
    if value in state.staging.staged:
        return True
    return value in state.active and GATES[operation.gate].always_reads_out


def fold_block(block: ir.Block, state: Folding) -> None:
    """Walk the operations of a block from last to first."""
    for operation in reversed(block.operations):
        if state.masks:
            state.staging.arms |= dict.fromkeys(operation.results, tuple(state.masks))
        if operation in state.regions.of and isinstance(operation, ir.For | ir.While):
            fold_loop(operation, state, fold_block)
        elif isinstance(operation, ir.If) and is_statement(operation, state.built):
            fold_if(operation, state, fold_block)
        elif isinstance(operation, ir.If):
            _fold_choice(operation, state)
        elif isinstance(operation, ir.Store) and is_homogeneous(state.facts[operation.result]):
            fold_change(operation, state)
        elif isinstance(operation, ir.Store):
            fold_store(operation, state)
        elif _makes_list(operation, state):
            _fold_list(operation, state)
        elif len(operation.results) == 1:
            _fold_operation(operation, state)


def _fold_choice(operation: ir.If, state: Folding) -> None:
    """A conditional expression: each arm is walked under its condition."""
    value = operation.result
    if any(_is_read_back(block, state) for block in operation.blocks()):
        state.will_be_named.add(value)  # an arm's value is read back: under the choice's name
    _decide(operation, value, state)
    if value in state.staging.staged or value in state.staging.chosen:
        for block in operation.blocks():
            if _gives_own(block, state):
                state.staging.chosen[block.yields[0]] = state.staging.chosen.get(value, value)
    if value not in state.active or not (state.arrivals[value] or value in state.seeds):
        return
    d, line, path = _cotangent(operation, value, state)
    (test,) = operation.operands
    condition = e.Primal(test)
    _read(t.of(condition, SCALAR), state)
    for place, block in enumerate(operation.blocks()):
        mask = t.Mask(condition, place == 0, lazy=True)
        (arm,) = block.yields
        if arm in state.active:
            flow = Flow(0, t.with_mask(_in_shape(d, value, arm, state), mask))
            target = state.cells.of(arm)  # an array that is written in place has one cotangent
            state.arrivals[target].append(Arrival(flow, line, (*path, place + 1)))
            _read(flow.term, state)
            if not _is_defined(target, state) or target is not arm:
                emit(target, state)
        state.masks.append(mask)
        fold_block(block, state)
        state.masks.pop()


def _in_shape(d: t.Term, choice: ir.Value, arm: ir.Value, state: Folding) -> t.Term:
    """Return the choice's cotangent in the arm's own shape, which it has where the arm is taken."""
    bare, flags = t.without_flags(d)
    if bare.shape != state.facts[choice].shape:
        return d
    shape = state.facts[arm].shape
    factors = bare.factors
    if len(factors) == 1:
        factors = (replace(factors[0], shape=shape),)
    return t.with_masks(replace(bare, factors=factors, shape=shape), flags)


def _is_read_back(block: ir.Block, state: Folding) -> bool:
    (arm,) = block.yields
    made = state.built.definition.get(arm)
    if isinstance(made, ir.If) and made in block.operations:
        return any(_is_read_back(inner, state) for inner in made.blocks())
    return _gives_own(block, state) and arm in state.will_be_named


def _gives_own(block: ir.Block, state: Folding) -> bool:
    """True for an arm that gives what it computes; what is from outside stays what it is."""
    (arm,) = block.yields
    made = state.built.definition.get(arm)
    return (
        isinstance(made, ir.Gate | ir.View | ir.If)
        and made in block.operations
        and arm not in state.staging.staged
    )


def _fold_operation(operation: ir.Operation, state: Folding) -> None:
    value = operation.result
    if value not in state.active:
        _decide(operation, value, state)
        return
    if value in state.inputs:
        return  # an entry of a dict that the function is given
    if gathered(operation, state, _cotangent):
        return
    places = [
        place
        for place in carrying(operation, state.facts)
        if operation.operands[place] in state.active
    ]
    _decide(operation, value, state, len(places))
    if is_homogeneous(state.facts[value]):
        state.staging.named.add(value)  # of a pair
    if is_popped(value, state):
        return  # the list has got its cotangent back where the item was taken off
    if nothing_arrived(operation, state):
        return  # nothing comes back: `0 / y`, `x**0`
    if value in state.entries and _fold_entries(operation, state):
        return
    if not has_own(value, state):
        d, (line, path) = t.ZERO, gathered_place(operation, state)
    else:
        d, line, path = _cotangent(operation, value, state, len(places))
    pull = _pull(operation, d, state)
    flows = _as_chosen(pull.flows(places), state)
    costs = _costs(t.without_masks(d, state.masks), state) and pull.d_reads > 1
    fills = pull.fills and max(pull.d_reads, len(flows)) > 1
    if (costs or fills) and value not in state.staging.named:
        # The body reads d more than once: it is computed once, under a name.
        state.staging.named.add(value)
        d, line, path = _cotangent(operation, value, state)
        flows = _as_chosen(_pull(operation, d, state).flows(places), state)
    if _reads_own_shape(value, flows, state):
        # A shape that is read nowhere else: the value itself gets a line.
        stage_value(operation, value, state)
        d, line, path = _cotangent(operation, value, state)
        flows = _as_chosen(_pull(operation, d, state).flows(places), state)
    _remark(operation, line, state)
    for flow in flows:
        if not flow.term.is_zero:
            _send(operation, flow, line, path, state)


def _fold_entries(operation: ir.Operation, state: Folding) -> bool:
    """Go back through a softmax by the entries that are read of it, where that can be told."""
    value = operation.result
    entries = state.entries[value]
    if operation is entries.read:
        return False
    flows = flows_of(entries, state)
    line = state.built.line_of.get(operation)
    if flows is None or line is None or value not in state.staging.staged:
        return False
    state.staging.remarks.setdefault(line, []).append(REMARK)
    through = operand_of(entries.softmax, state)
    if through is not operation:
        _remark(through, line, state)
    for place, flow in enumerate(flows):
        _send(through, flow, line, (-state.order[value], place), state)
    return True


def _makes_list(operation: ir.Operation, state: Folding) -> TypeGuard[ir.View | ir.Gate]:
    """True for what makes a list of another list, or of an array or a number."""
    if not isinstance(operation, ir.View | ir.Gate):
        return False
    if isinstance(operation, ir.Gate) and GATES[operation.gate].family == "pairs":
        return False  # it goes back as all of its calls do
    kind = state.facts[operation.result]
    return is_homogeneous(kind) or (is_packed(kind) and _is_item_tuple(operation, state))


def _is_item_tuple(operation: ir.View | ir.Gate, state: Folding) -> bool:
    """True for a tuple that is an item of a list."""
    if isinstance(operation, ir.Gate):
        return operation.gate == "packed"
    return is_homogeneous(state.facts[operation.operands[0]])


def _fold_list(operation: ir.View | ir.Gate, state: Folding) -> None:
    """Hand the cotangent of a list on, part by part; it always has a name."""
    value = operation.result
    if value in state.active and value not in state.rows:
        state.staging.named.add(value)
    _decide(operation, value, state)
    if is_popped(value, state):
        return  # the list has got its cotangent back where the item was taken off
    cell = state.cells.of(value)
    has_any = state.arrivals[cell] or value in state.seeds or cell in state.pushed
    if value not in state.active or not has_any:
        return
    places = set(carrying(operation, state.facts))
    if not places:
        return  # marked `# codegen: stop`
    line = state.built.line_of[operation]
    path: Path = (0,)
    if cell is value and state.arrivals[value]:
        _, line, path = _cotangent(operation, value, state)
    d = e.Cotangent(cell)
    for flow in list_flows(operation, d, state.built, state.facts, state.rows):
        if flow.place in places and operation.operands[flow.place] in state.active:
            _send(operation, flow, line, path, state)


def _as_chosen(flows: list[Flow], state: Folding) -> list[Flow]:
    """Read an arm's value under the name of the choice, which it is where the arm was taken."""
    if not state.masks:
        return flows

    def leaf(node: e.Expression) -> e.Expression | None:
        if isinstance(node, e.Primal):
            choice = state.staging.chosen.get(node.value)
            return None if choice is None else replace(node, value=choice)
        return None

    return [
        replace(
            flow,
            term=t.rewritten(flow.term, leaf),
            index=None if flow.index is None else e.rewrite(flow.index, leaf),
            locals=tuple(
                replace(local, term=t.with_masks(t.rewritten(local.term, leaf), state.masks))
                for local in flow.locals
            ),
        )
        for flow in flows
    ]


def _pull(operation: ir.Operation, d: t.Term, state: Folding) -> Pullback:
    return Pullback(
        _by_what_is_kept(operation, state),
        state.built,
        state.facts,
        d,
        lambda v: v in state.staging.staged or v in state.staging.chosen,
        state.singular,
        frozenset(state.gathered),
    )


def _by_what_is_kept(operation: ir.Operation, state: Folding) -> ir.Operation:
    """Take `1 / y`, a line of a loop, for `np.reciprocal(y)`: -out**2 spares a list of the ys."""
    if not isinstance(operation, ir.Gate) or operation.gate != "reciprocal":
        return operation
    values = (operation.result, operation.operands[0])
    is_of_turn = all(state.regions.in_loop(state.regions.home(value)) for value in values)
    is_one = operation.static("C") in ("1", "1.0")
    if not (is_one and is_of_turn and operation.result in state.staging.staged):
        return operation
    return replace(operation, gate="one_over", statics=())


def _remark(operation: ir.Operation, line: Line, state: Folding) -> None:
    if isinstance(operation, ir.Gate):
        remark = GATES[operation.gate].remark
        if remark is not None and remark not in state.staging.remarks.setdefault(line, []):
            state.staging.remarks[line].append(remark)


def _send(operation: ir.Operation, flow: Flow, line: Line, path: Path, state: Folding) -> None:
    operation, flow = through_rows(operation, flow, state)
    operand = operation.operands[flow.place]
    below = (*path, flow.place)
    for local in reversed(flow.locals):  # as the walk is from last to first
        _read(local.term, state)
        if local.name not in state.locals:
            state.locals.add(local.name)
            state.staging.steps.append(LocalDefinition(local.name, local.term, line, path))
    _read(flow.term, state)
    if flow.index is not None:
        _read(t.of(flow.index, SCALAR), state)
    target = state.cells.of(operand)
    if flow.mode == "each" and target is not operand:
        each = item_of(operand)
        if any(node == each for node in t.parts(flow.term)):
            if state.cells.is_changed(operand):
                raise ListChanged(operand)
            whole = item_of(target)
            term = t.rewritten(flow.term, lambda node: whole if node == each else None)
            flow = replace(flow, term=term)
    state.arrivals[target].append(Arrival(flow, line, below))
    if target in state.inputs or not _is_defined(target, state) or target is not operand:
        emit(target, state)


def _is_defined(value: ir.Value, state: Folding) -> bool:
    return value in state.built.definition


def _decide(operation: ir.Operation, value: ir.Value, state: Folding, places: int = 0) -> None:
    """Decide whether a nameless value becomes a stage."""
    staging = state.staging
    if value in staging.staged or value in state.staging.chosen or value in state.entries:
        return
    if isinstance(operation, (ir.Aggregate, ir.Constant)):
        return
    if (
        (isinstance(operation, ir.Effect) and value not in state.drawn_inside)
        or (_is_read_again(value, places, state) and not _costs_little(operation, value, state))
        or _pairs_up(value, places, state)
    ):
        stage_value(operation, value, state)


def _is_read_again(value: ir.Value, places: int, state: Folding) -> bool:
    """True if more than the line that a nameless value stands in asks for it."""
    return (
        state.uses[value] > 1
        or value in state.staging.reads
        or (
            (value in state.shapes_read or _will_need_shape(value, places, state))
            and not has_witness(value, state.built, state.witnesses)
        )
        or (value in state.active and (value in state.will_be_named or value in state.crossing))
    )


def _costs_little(operation: ir.Operation, value: ir.Value, state: Folding) -> bool:
    """True if a nameless value is rather computed again than kept."""
    if _is_of_changed(operation, state):
        return False
    if is_cheap(value, state.built, state.facts, state.will_be_named):
        return True
    if value in state.built.regrouped:
        return True  # its line would not read it
    if not state.regions.in_loop(state.regions.home(value)):
        return False
    # A list with an entry a turn costs more than a few operations on numbers.
    return count_scalar(value, state.built, state.facts, state.will_be_named) <= FEW


def _is_of_changed(operation: ir.Operation, state: Folding) -> bool:
    """True for an expression that reads a list which is another at the end."""
    if not state.cells.lists:
        return False
    if reads_changed(operation, state):
        return True
    inner = [
        state.built.definition.get(operand)
        for operand in operation.operands
        if operand not in state.staging.staged
    ]
    return any(_is_of_changed(one, state) for one in inner if isinstance(one, ir.Gate | ir.View))


def _reads_own_shape(value: ir.Value, flows: list[Flow], state: Folding) -> bool:
    """True if a flow needs the shape of the nameless value it comes from."""
    if value in state.staging.staged or value in state.staging.chosen:
        return False
    reads = any(
        isinstance(node, e.ShapeOf | e.SizeOf) and node.value is value
        for flow in flows
        for node in t.leaves(flow.term)
    )
    return reads and not has_witness(value, state.built, state.witnesses)


def _will_need_shape(value: ir.Value, places: int, state: Folding) -> bool:
    """True if the cotangent starts as zeros, or as a term that is still to be broadcast."""
    kind = state.facts[value]
    arm = state.staging.arms.get(value, ())
    return any(
        a.flow.index is not None
        or (places > 1 and t.without_masks(a.flow.term, arm).shape != kind.shape)
        for a in state.arrivals[value]
    )


def _pairs_up(value: ir.Value, places: int, state: Folding) -> bool:
    """In scalar code, a value whose gradient costs arithmetic and is used twice: num and dnum."""
    in_loop = state.regions.in_loop(state.regions.home(value))
    if places < 2 or state.masks or in_loop or not state.scalar_code or value not in state.active:
        return False
    arrivals = state.arrivals[value]
    if not arrivals or any(a.flow.index is not None for a in arrivals):
        return False
    return beyond_a_literal_factor(sums.add([a.flow.term for a in arrivals]))


def _cotangent(
    operation: ir.Operation, value: ir.Value, state: Folding, places: int = 1
) -> tuple[t.Term, Line, Path]:
    """Return a value's cotangent as a term, and the line and path of what follows from it."""
    arrivals = state.arrivals[value]
    staging = state.staging
    kind = state.facts[value]
    if value not in staging.named:
        if all(a.flow.index is None for a in arrivals):  # no parts, of other shapes
            total = sums.add([a.flow.term for a in arrivals])
            costs = _costs(t.without_masks(total, state.masks), state)
            if not total.guarded and not (places > 1 and costs):
                last = max(arrivals, key=lambda a: (-staging_order(a.line, state), a.path))
                return total, last.line, last.path
        staging.named.add(value)
    emit(value, state)
    # A seed of its own holds everywhere, whatever else arrives under a mask.
    arrivals = [] if value in state.seeds else arrivals
    common = () if value in state.cells.cells else _common_masks(arrivals)
    common = tuple(m for m in common if _holds_at(m, value, state))
    # What an arm computes is read only under the arm's flags.
    masks = (*state.masks, *(m for m in common if m not in state.masks))
    d = t.Term(factors=(t.Factor(e.Cotangent(value), 1, kind.shape, "float"),), shape=kind.shape)
    if value in state.seeds and state.unit_seeds:
        d = t.Term(shape=kind.shape)
    is_cell = value in state.cells.cells
    if arrivals and not is_cell and all(_is_partial(a.flow.term, masks) for a in arrivals):
        # No mask holds for all: but where the cotangent is 0, so is everything that it reaches.
        test = e.Comparison(e.Cotangent(value), ("!=",), (e.Literal("0"),))
        masks = (*masks, t.Mask(test, True, False, kind.shape))
    for mask in masks:
        d = t.with_mask(d, mask)
    d = t.settle(d)
    own = staging.own.get(value)
    if own is not None:
        return d, own, (-state.order[value],)
    if value in state.held:
        return d, state.held[value], (0,)
    line = state.built.line_of.get(operation)
    if line is not None and value in staging.staged:
        return d, line, (-state.order[value],)
    if line is not None and line.operation is not None and value in state.crossing:
        # A loop runs over it, `x[1:]`: its cotangent is whole when all turns are through.
        return d, edge(staging, line, "behind"), (-state.order[value],)
    if not arrivals and line is not None:
        return d, line, (-state.order[value],)  # a seed that is another name of what has a line
    last = max(arrivals, key=lambda a: (-staging_order(a.line, state), a.path))
    return d, last.line, last.path


def _costs(d: t.Term, state: Folding) -> bool:
    """True if a cotangent that is used twice deserves a name."""
    if state.scalar_code:
        return beyond_a_literal_factor(d)
    return has_call_or_power(d) if d.scalar else arithmetic(d) > 0


def staging_order(line: Line, state: Folding) -> int:
    """Return a number that grows with the place of a line in the forward pass."""
    return max((state.order.get(v, -1) for v in line.values()), default=-1)


def _common_masks(arrivals: list[Arrival]) -> tuple[t.Mask, ...]:
    if not arrivals or any(a.flow.index is not None for a in arrivals):
        return ()
    first = arrivals[0].flow.term.masks
    return tuple(m for m in first if all(m in a.flow.term.masks for a in arrivals[1:]))


def _holds_at(mask: t.Mask, value: ir.Value, state: Folding) -> bool:
    """True if what a mask reads stands where a value does, not in an arm or turn further in."""
    home = state.regions.home(value)
    leaves = (n.value for n in mask.condition.leaves() if isinstance(n, e.Primal | e.Cotangent))
    homes = (state.regions.home(leaf) for leaf in leaves)
    return all(inner == home[: len(inner)] for inner in homes)


def _is_partial(term: t.Term, masks: tuple[t.Mask, ...]) -> bool:
    """True if a term is 0 in more places than these masks say."""
    return term.guarded or any(mask not in masks for mask in term.masks)


def _read(term: t.Term, state: Folding) -> None:
    """Note the forward values, and the shapes, that a term reads."""
    for node in t.leaves(term):
        if isinstance(node, e.Primal):
            state.staging.reads.add(node.value)
        elif isinstance(node, e.ShapeOf | e.SizeOf):
            state.shapes_read.add(node.value)


def _place_lines(state: Folding) -> None:
    """Put our own lines right before the author's line that they are part of."""
    by_line: dict[Line, list[ir.Value]] = defaultdict(list)
    for value in state.staging.own:
        by_line[state.built.line_of[state.built.definition[value]]].append(value)
    state.staging.lines = _placed(state.built.lines, by_line, state)


def _placed(lines: list[Line], by_line: dict[Line, list[ir.Value]], state: Folding) -> list[Line]:
    placed: list[Line] = []
    for line in lines:
        ours = sorted(by_line.get(line, []), key=state.order.__getitem__)
        placed += [state.staging.own[value] for value in ours]
        if line.kind == "item":
            # What a header gives is not computed in the forward pass, nor is what it is made of.
            for value in ours:
                state.staging.own[value].kind = "item"
        placed.append(line)
        if line.bodies:
            bodies = tuple(_placed(body, by_line, state) for body in line.bodies)
            state.staging.bodies[line] = bodies
    return placed
