"""Reverse of stores: what was written gets its part of the cotangent, and the part is cleared.

`A[i] = v` gives v a copy of `dA[i]` and clears it; `A[i] += v` only gives. What reads the array's
old contents later in the reverse finds them again: each store offers to put them back (`Restore`),
and `keep` decides which of the offers are taken.
"""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.pullback import Flow
from codegen.analyses.distinct import swapped
from codegen.analyses.lengths import Lengths
from codegen.analyses.overlap import Access, Overlap, loops_of
from codegen.build.lines import Built, Line
from codegen.gates import type_rules_shape
from codegen.refuse.stores import power_of
from codegen.shapes import SCALAR, Type
from codegen.simplify import linear
from codegen.simplify import terms as t
from codegen.stage.folding import Arrival, Folding, emit
from codegen.stage.program import Path, Restore, Write

FIRST: Path = (-4,)
BEFORE: Path = (-3,)
CLEAR: Path = (-2,)
RESTORE: Path = (-1,)
AT_ONCE: Path = (-6,)
AFTER: Path = (1 << 30,)


def slot_type(operation: ir.Store, built: Built, facts: dict[ir.Value, Type]) -> Type:
    """Return what is known of the part that a store writes."""
    values = [operation.operands[0], *operation.operands[2:]]
    index = tuple(_shifted(item) for item in operation.index)
    length = Lengths(built, facts, values, index)
    kinds = [facts[value] for value in values]
    return type_rules_shape.view(kinds, index, f"v{operation.result.number}.", length)


def _shifted(item: ir.IndexItem) -> ir.IndexItem:
    """Count operands without the value that is stored."""
    match item:
        case ir.At(place):
            return ir.At(place - 1)
        case ir.Range(lower, upper, step):
            return ir.Range(*(None if p is None else p - 1 for p in (lower, upper, step)))
    return item


def fold_store(operation: ir.Store, state: Folding) -> None:
    """Add what a store gives back."""
    result, value = operation.result, operation.operands[1]
    cell = state.cells.of(result)
    line = state.built.line_of[operation]
    assert line.index is not None
    steps = state.staging.steps
    # `A[i] *= v` gives v what was there; what `A[i] /= v` gives is read off the quotient.
    # But not of one whose divisor was overwritten too: `A[1:] /= A[1]`.
    is_own = operation.operator == "/" and _reads_what_it_writes(operation, state)
    at_once = operation.operator in ("*", "**") or is_own
    steps.append(Restore(cell, operation, line, AT_ONCE if at_once else RESTORE))
    if result not in state.active:
        return
    part = e.Subscript(e.Cotangent(cell), line.index)
    slot = slot_type(operation, state.built, state.facts.types)
    d = t.of(part, slot.shape)
    operator = operation.operator
    read = swapped(operation, state.built, state.facts)
    if read is not None:
        steps.append(Write(cell, read, "", d, line, CLEAR))
        return
    gives = value in state.active
    reads_cell = gives and _reads_cell(value, cell, state)
    name_it = gives and value.name is None and (reads_cell or operator in ("*", "/"))
    where = BEFORE if name_it or reads_cell or operator in ("*", "/") or value.name else (0,)
    if operator in ("*", "/"):
        factor = _primal(value, state)
        steps.append(
            Write(cell, line.index, operator, factor, line, FIRST if operator == "/" else CLEAR)
        )
        _note_reads(factor, state)
    if operator == "**":
        exponent = power_of(operation, state.built)
        assert exponent is not None
        steps.append(Write(cell, line.index, "*", _slope(cell, line, exponent, slot), line, CLEAR))
        _note_reads(_slope(cell, line, exponent, slot), state)
        return
    if operator == "":
        clear = CLEAR if where == BEFORE or not gives else AFTER
        steps.append(Write(cell, line.index, "", None, line, clear))
    if not gives:
        return
    term = d
    if operator == "-":
        term = t.negate(d)
    elif operator == "*":
        old = e.Subscript(e.Primal(cell), line.index)
        term = t.times(t.of(old, slot.shape, slot.dtype), d)
    elif is_own:
        read = e.Subscript(e.Primal(cell), line.index)
        ratio = e.Binary("/", read, e.Primal(value))
        term = t.negate(t.times(t.of(ratio, slot.shape, slot.dtype), d))
    elif operator == "/":
        new = e.Subscript(e.Primal(cell), line.index)
        term = t.negate(t.times(t.of(new, slot.shape, slot.dtype), d))
    kind = state.facts[value]
    if operator != "at" or slot.shape != kind.shape:
        term = linear.to_shape(term, slot, kind, result, value)
    if name_it:
        state.staging.named.add(value)
        state.held[value] = line
    _note_reads(term, state)
    flow = Flow(1, term)
    target = state.cells.of(value)
    state.arrivals[target].append(Arrival(flow, line, where))
    if target in state.inputs or target not in state.built.definition or target is not value:
        emit(target, state)


def _slope(cell: ir.Value, line: Line, exponent: int, slot: Type) -> t.Term:
    """Return n * old**(n - 1)."""
    assert line.index is not None
    old: e.Expression = e.Subscript(e.Primal(cell), line.index)
    if exponent > 2:
        old = e.Binary("**", old, e.number(exponent - 1))
    if exponent == 1:
        return t.of(e.Literal("1"), SCALAR)
    factor = t.of(e.number(exponent), SCALAR)
    return t.times(factor, t.of(old, slot.shape, slot.dtype))


def _primal(value: ir.Value, state: Folding) -> t.Term:
    spelled = state.built.spelling.get(value)
    if spelled is not None and t.literal_value(spelled) is not None:
        return t.of(spelled, SCALAR)
    kind = state.facts[value]
    return t.of(e.Primal(value), kind.shape, kind.dtype)


def _note_reads(term: t.Term, state: Folding) -> None:
    for node in t.leaves(term):
        if isinstance(node, e.Primal):
            state.staging.reads.add(node.value)
        elif isinstance(node, e.ShapeOf | e.SizeOf):
            state.shapes_read.add(node.value)


def _reads_what_it_writes(operation: ir.Store, state: Folding) -> bool:
    """True if a store may overwrite what it is made of."""
    cell, value = state.cells.of(operation.result), operation.operands[1]
    if not _reads_cell(value, cell, state):
        return False
    line, read = state.built.line_of[operation], state.built.spelling.get(value)
    match read:
        case e.Subscript(e.Primal(base), index) if state.cells.cells.get(base) is cell:
            loops = loops_of(operation, state.built, state.regions)
            overlap = Overlap(state.built, state.facts, state.regions, {}, loops)
            return overlap.meets(Access(line, line.index), Access(line, index))
    return True


def _reads_cell(value: ir.Value, cell: ir.Value, state: Folding) -> bool:
    """True if what is stored is made, in the same line, of what the array held."""
    stack = [value]
    seen: set[ir.Value] = set()
    while stack:
        one = stack.pop()
        if one in seen:
            continue
        seen.add(one)
        if state.cells.shown(one) is cell:
            return True
        made = state.built.definition.get(one)
        if made is None or (one.name is not None and one is not value):
            continue
        stack += made.operands
        for block in made.blocks():
            stack += block.yields
    return False
