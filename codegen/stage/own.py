"""Who owns memory: `+=` only on an array that nothing else can see.

`dx = dxpy` shares one array between two names. Before the first `+=` on one of them the pass looks
whether the other is still read, is the caller's or is returned; then it writes `dx = dx + t`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.axes import turns_round
from codegen.adjoint.kept import or_none
from codegen.adjoint.zeros import item_of
from codegen.analyses.types import TypeFacts
from codegen.gates.subscripts import is_reordered
from codegen.gates.type_rules_growing import is_homogeneous, is_packed, leaf_of
from codegen.shapes import SCALAR, Known, is_kept
from codegen.simplify import linear
from codegen.simplify import terms as t
from codegen.stage import own_lists
from codegen.stage.events import Events, events_of
from codegen.stage.memory import FIXED, Cuts, Memory, copied, is_fixed, met, overlap, same
from codegen.stage.program import (
    Contribution,
    LocalDefinition,
    Mirror,
    Move,
    Node,
    Restore,
    Staging,
    Step,
    Steps,
    Write,
    Zero,
)
from codegen.stage.statements import Group, MirrorStatements, Statement
from codegen.stage.statements import Node as Made

VIEW_METHODS = {"reshape", "transpose"}
VIEW_FUNCTIONS = {
    "numpy.expand_dims",
    "numpy.swapaxes",
    "numpy.transpose",
    "numpy.moveaxis",
    "numpy.asarray",
    "numpy.flip",
    "numpy.flipud",
    "numpy.fliplr",
    "numpy.rot90",
}
VIEW_FUNCTIONS |= {"numpy.ravel", "numpy.reshape"}
READ_ONLY = {
    "numpy.broadcast_to",
    "numpy.diag",
    "numpy.diagonal",
}  # views that cannot be written to
WHOLE = ("", "item", "items", "each", "list", "push")  # terms that are no part of an array


@dataclass
class Ownership:
    """Decides the form of every backward statement."""

    facts: TypeFacts
    staging: Staging
    events: Events
    must_own: set[ir.Value]
    cells: set[ir.Value]
    returned: list[ir.Value]
    lists: Mapping[ir.Value, ir.Value]
    shows: dict[ir.Value, e.Expression] = field(default_factory=dict)  # what may be a view
    shared: set[ir.Value] = field(default_factory=set)  # lists whose items are not theirs alone
    in_choice: bool = False  # on one of several paths
    memory: dict[ir.Value, Memory] = field(default_factory=dict)


def statements(
    nodes: list[Node],
    facts: TypeFacts,
    seeds: list[ir.Value],
    returned: list[ir.Value],
    staging: Staging,
    cells: set[ir.Value],
    lists: Mapping[ir.Value, ir.Value],
) -> tuple[list[Made], set[ir.Value]]:
    """Return the groups with their statements, and the gradients to copy when they are returned.

    `seeds` are cotangents that the caller gave; `returned` the inputs, in order; `lists` are those
    that grow, with what they are at last.
    """
    must_own = {
        s.target
        for s in staging.steps
        if (isinstance(s, Contribution) and s.mode not in WHOLE) or isinstance(s, Write)
    }
    state = Ownership(facts, staging, events_of(nodes, returned), must_own, cells, returned, lists)
    for seed in seeds:
        # Of a cell a copy is taken at once: what is given is the caller's.
        foreign = seed not in cells
        state.memory[seed] = Memory({seed: ()}, foreign=foreign, array=not facts[seed].scalar)
    return _nodes(nodes, state), _to_copy(returned, state)


def _nodes(nodes: list[Node], state: Ownership) -> list[Made]:
    result: list[Made] = []
    for node in nodes:
        if isinstance(node, Steps):
            result.append(_group(node, state))
        elif isinstance(node.operation, ir.If):
            result.append(_choice(node, state))
        else:
            result.append(_loop(node, state))
    return result


def _group(node: Steps, state: Ownership) -> Group:
    remarks = state.staging.remarks.get(node.line, []) if node.line is not None else []
    made = Group(node.line, remarks=tuple(remarks))
    for step in node.steps:
        match step:
            case LocalDefinition():
                made.statements.append(
                    Statement("local", None, t.expression(step.term), name=step.name)
                )
            case Contribution():
                rows = _contribution(step, state)
                if node.line is None:
                    for row in rows:
                        row.is_move = row.form == "=" and isinstance(row.expression, e.Cotangent)
                made.statements.extend(rows)
            case Zero():
                made.statements.append(_zeros(step.target, state))
                _own(step.target, state)
            case Move():
                made.statements.append(_move(step, state))
            case Write():
                made.statements.extend(_write(step, state))
            case Restore():
                index = state.staging.line_index(step.line)
                row = Statement("restore", step.target, e.Literal("0"), index)
                row.store, row.base = step.operation, e.Primal(step.target)
                made.statements.append(row)
    return made


def _write(step: Write, state: Ownership) -> list[Statement]:
    """Return what clears or scales a part of a cell's cotangent, which must own its memory."""
    if step.operator == "pop":
        return [Statement("drop", step.target, own_lists.popped(step.target))]
    rows = [] if step.target in state.lists else _owned(step.target, step, state)
    value = e.Literal("0") if step.term is None else t.expression(step.term)
    return [*rows, Statement(f"part{step.operator}=", step.target, value, step.index)]


def _owned(target: ir.Value, step: Step, state: Ownership) -> list[Statement]:
    """Return a statement that copies a cotangent, unless its memory may be written."""
    if _may_write(target, step, state):
        return []
    _own(target, state)
    return [Statement("=", target, e.Call(e.Attribute(e.Cotangent(target), "copy"), ()))]


def _move(step: Move, state: Ownership) -> Statement:
    if step.source_is_zero:
        _own(step.target, state)
        if is_homogeneous(state.facts[step.target]):
            return Statement("=", step.target, own_lists.zeros(step.source, state.facts))
        return _zeros(step.target, state)
    memory = state.memory.setdefault(step.source, Memory({step.source: ()}))
    _leave(step.target, state)
    memory.holders[step.target] = memory.holders.get(step.source, ())
    state.memory[step.target] = memory
    return Statement("=", step.target, e.Cotangent(step.source), is_move=True)


def _own(target: ir.Value, state: Ownership) -> None:
    _leave(target, state)
    state.memory[target] = Memory({target: ()}, array=not state.facts[target].scalar)


def _choice(node: Mirror, state: Ownership) -> MirrorStatements:
    before = state.memory
    after: list[dict[ir.Value, Memory]] = []
    bodies: list[list[Made]] = []
    outer, state.in_choice = state.in_choice, True
    for body in node.bodies:
        state.memory = copied(before)
        bodies.append(_nodes(body, state))
        after.append(state.memory)
    state.memory, state.in_choice = met(after), outer
    return MirrorStatements(node.line, node.operation, bodies)


def _loop(node: Mirror, state: Ownership) -> MirrorStatements:
    """Go round until what memory is known at the start of a turn holds for every turn."""
    before = state.memory
    while True:
        state.memory = copied(before)
        bodies = [_nodes(body, state) for body in node.bodies]
        again = met([before, state.memory])
        again = {value: memory for value, memory in again.items() if value in before}
        if same(again, before):
            break
        before = again
    state.memory = copied(before)
    return MirrorStatements(node.line, node.operation, bodies)


def _contribution(step: Contribution, state: Ownership) -> list[Statement]:
    target = step.target
    kind = state.facts[target]
    is_item = is_packed(kind) and target not in state.returned
    is_any = is_homogeneous(kind) and not _is_of_numbers(target, state)
    if target in state.lists or is_any or is_item:
        return _growing(step, state)
    if kind.kind == "list" and step.mode == "items":
        return own_lists.statements(step, target, state.facts)
    if kind.kind in ("list", "tuple") and step.mode == "item":
        return _item(step, step.first, state)
    if step.mode == "list":
        return [_list(step, step.first)]
    if step.mode == "each":
        return [Statement("=", target, _each(step, step.first, state))]
    if step.mode:
        before: list[Statement] = []
        if step.first:
            before.append(_zeros(target, state))
            _own(target, state)
            if step.mode == "part":
                return [*before, _part(step, "part=")]
        else:
            before += _owned(target, step, state)
        return [*before, _part(step, "at" if step.mode == "repeats" else "part+=")]
    if step.first:
        return [_first(step, state)]
    if is_kept(kind):
        total = own_lists.kept_sum(e.Cotangent(target), t.expression(step.term))
        return [Statement("=", target, total)]
    negative = step.term.coefficient < 0
    if kind.scalar or _may_write(target, step, state):
        form = "-=" if negative else "+="
        term = t.negate(step.term) if negative else step.term
        return [Statement(form, target, t.expression(term))]
    _own(target, state)
    return [Statement("rebind", target, _sum_with(target, step.term))]


def _is_of_numbers(target: ir.Value, state: Ownership) -> bool:
    """True for a list of numbers that the function is given: its gradient holds Python's."""
    kind = state.facts[target]
    return target in state.returned and bool(kind.items) and kind.items[0].scalar


def _growing(step: Contribution, state: Ownership) -> list[Statement]:
    """Return what adds to the cotangent of a list of any length."""
    last = state.lists.get(step.target, step.target)
    rows = own_lists.statements(step, last, state.facts)
    leaf = leaf_of(state.facts[last])
    is_of_arrays = leaf is not None and not leaf.scalar
    if step.first and step.mode in ("", "each", "items", "list") and is_of_arrays:
        state.shared.add(step.target)  # its items may be one array, or parts of one
    if is_of_arrays:
        _hold(t.expression(step.term), state)
    return rows


def _hold(
    expression: e.Expression, state: Ownership, seen: frozenset[ir.Value] = frozenset()
) -> None:
    """Note that a list holds an array, or parts of it: nobody is to write into it from here on."""
    if isinstance(expression, e.Binary | e.Unary):
        return  # a new one
    for value in [v for v in _cotangents(expression) if v not in seen]:
        known = state.memory.setdefault(value, Memory({value: ()}))
        known.foreign = True
        if value in state.shows:
            _hold(state.shows[value], state, seen | {value})


def _cotangents(expression: e.Expression) -> list[ir.Value]:
    return [node.value for node in e.walk(expression) if isinstance(node, e.Cotangent)]


def _sum_with(target: ir.Value, term: t.Term) -> e.Expression:
    negative, expression = t.product(term)
    return e.Binary("-" if negative else "+", e.Cotangent(target), t.masked(term, expression))


def _first(step: Contribution, state: Ownership) -> Statement:
    target, term = step.target, step.term
    kind = state.facts[target]
    if is_kept(kind):
        _hold(t.expression(term), state)
    arm = state.staging.arms.get(target, ())
    term = t.without_masks(term, arm)
    if term.shape != kind.shape and kind.kind == "number":
        expression = linear.whole(term, kind, target)
    else:
        expression = t.expression(term)
    if arm:
        expression = t.chosen(arm, expression, e.Literal("0.0"))
    shared = _shared(expression, state, kind.shape == SCALAR)
    if target not in _cotangents(expression):
        state.shows[target] = expression
    is_array = shared is not None and kind.shape != SCALAR
    is_returned = state.in_choice and target in state.returned
    # Other paths need no copy, so it is taken here and not where the gradient is returned.
    here = is_returned and shared is not None and shared[0].foreign
    must_own = target in state.must_own and not _is_left(expression, step, state)
    if is_array and (here or must_own or _is_part_of_cell(expression, state)):
        expression = e.Call(e.Attribute(expression, "copy"), ())
        shared = None
    if shared is None:
        _own(target, state)
        return Statement("=", target, expression)
    memory, cuts = shared
    memory.holders[target] = cuts
    state.memory[target] = memory
    for node in e.walk(expression):
        if isinstance(node, e.Conditional):
            _note_arms(node, target, state)
    return Statement("=", target, expression)


def _is_left(expression: e.Expression, step: Contribution, state: Ownership) -> bool:
    """True for a whole cotangent that is read no more: its memory goes over to the next."""
    match expression:
        case e.Cotangent(value) if value not in state.cells and step.target not in state.cells:
            memory = state.memory.get(value)
        case _:
            return False
    if memory is None or memory.foreign or any(memory.holders.values()):
        return False
    others = [other for other in memory.holders if other is not step.target]
    return not any(state.events.is_read_later(other, step) for other in others)


def _note_arms(node: e.Conditional, target: ir.Value, state: Ownership) -> None:
    """Note that a choice may show the memory of either arm: it is not to be written to then."""
    for arm in (node.then, node.otherwise):
        found = _shared(arm, state, False)
        if found is not None and not found[0].foreign and found[0].array:
            found[0].holders[target] = ((target, FIXED),)


def _is_part_of_cell(expression: e.Expression, state: Ownership) -> bool:
    """True for a part of what is cleared or written next."""
    match expression:
        case e.Call(e.Library(path), (e.Cotangent(value), *_), _) if path in READ_ONLY:
            return value in state.cells
        case e.Subscript(e.Cotangent(value), _):
            return value in state.cells
    return False


def _list(step: Contribution, first: bool) -> Statement:
    """Return a statement for a whole list, whose `+=` would be longer instead."""
    target, whole = step.target, t.expression(step.term)
    if not first:
        before = e.call("numpy.array", e.Cotangent(target))
        whole = e.Binary("+", before, whole)
    return Statement("=", target, e.Call(e.Attribute(whole, "tolist"), ()))


def _item(step: Contribution, first: bool, state: Ownership) -> list[Statement]:
    assert step.index is not None
    before = [_zeros(step.target, state)] if first else []
    return [*before, _part(step, "part+=")]


def _each(step: Contribution, first: bool, state: Ownership) -> e.Expression:
    """Return a new list that holds the term for each item, on top of what it held."""
    target, each = step.target, item_of(step.target)
    reads_item = any(node == each for node in t.parts(step.term))
    if first and not reads_item:
        whole = e.Sequence("list", (t.expression(step.term),))
        return e.Binary("*", whole, _length(target, state.facts))
    through: list[tuple[e.Local, e.Expression]] = [(each, e.Primal(target))] if reads_item else []
    if first:
        term = t.expression(step.term)
    else:
        before = e.Local(f"d{each.stem}", target)
        through.insert(0, (before, e.Cotangent(target)))
        negative, term = t.product(step.term)
        term = e.Binary("-" if negative else "+", before, t.masked(step.term, term))
    names, sources = zip(*through, strict=True)
    return e.Comprehension(term, names, sources)


def _length(value: ir.Value, facts: TypeFacts) -> e.Expression:
    known = facts[value].dimension
    if isinstance(known, int):
        return e.number(known)
    return e.Call(e.Name("len"), (e.Primal(value),))


def _zeros(target: ir.Value, state: Ownership) -> Statement:
    if target in state.lists:
        return Statement("=", target, own_lists.zeros(state.lists[target], state.facts))
    made = zeros(target, state.facts)
    arms = state.staging.arms.get(target, ())
    return Statement("=", target, t.chosen(arms, made, e.Literal("0.0")))


def _part(step: Contribution, form: str) -> Statement:
    """Return a statement for a part; under its flags, since its index may hold only there."""
    term, flags = t.without_flags(step.term)
    if form == "part+=" and term.coefficient < 0:
        form, term = "part-=", t.negate(term)
    test = t.test(flags) if flags else None
    return Statement(form, step.target, t.expression(term), step.index, test=test)


def zeros(value: ir.Value, facts: TypeFacts) -> e.Expression:
    """Return an expression for a gradient of zeros."""
    kind = facts[value]
    if kind.scalar:
        return e.Literal("0.0")
    if is_packed(kind) and not all(item.scalar for item in kind.items):
        return own_lists.zeros(value, facts)
    if is_homogeneous(kind) and kind.items and not kind.items[0].scalar:
        return own_lists.zeros(value, facts)
    if kind.kind in ("list", "tuple"):
        none = e.Binary("*", e.Sequence("list", (e.Literal("0.0"),)), _length(value, facts))
        return or_none(value, none, facts)
    return or_none(value, linear.zeros(value, kind), facts)


def _may_write(target: ir.Value, step: Step, state: Ownership) -> bool:
    memory = state.memory[target]
    later, own = state.events.is_read_later, memory.holders.get(target, ())
    if memory.foreign or is_fixed(own):
        return False
    return not any(
        other is not target and overlap(own, cuts) and later(other, step)
        for other, cuts in memory.holders.items()
    )


def _leave(target: ir.Value, state: Ownership) -> None:
    if target in state.memory:
        state.memory[target].holders.pop(target, None)


def _shared(expression: e.Expression, state: Ownership, scalar: bool) -> tuple[Memory, Cuts] | None:
    """Return the memory that an expression's value shares, and its part; None if it is new."""
    match expression:
        case e.Call(e.Attribute(e.Cotangent(), "pop"), (), _):
            return Memory(foreign=True, array=not scalar), ()  # other items may be the same array
        case e.Cotangent(value):
            memory = state.memory.get(value) or Memory({value: ()}, foreign=True)
            return memory, memory.holders.get(value, ())
        case e.Attribute(base, "T"):
            return _shared(base, state, scalar)
        case e.Call(e.Attribute(base, method), _, _) if method in VIEW_METHODS:
            return _shared(base, state, scalar)
        case e.Subscript():
            return _shared_part(expression, state, scalar)
        case e.Call(e.Library(path), (base, *_), _) if path in READ_ONLY:
            return None if scalar else _fixed(base, state)
        case e.Call(e.Library(path), (base, *_), _) if path in VIEW_FUNCTIONS:
            return _shared(base, state, scalar)
        case e.Call(e.Library("numpy.einsum"), (e.Literal(text), base), _):
            return _shared(base, state, scalar) if is_reordered(text) else None
        case e.Conditional(_, then, otherwise):
            return _one_of([_shared(arm, state, scalar) for arm in (then, otherwise)], scalar)
        case e.Primal():
            return Memory(foreign=True), ()
    return None


def _shared_part(
    expression: e.Subscript, state: Ownership, scalar: bool
) -> tuple[Memory, Cuts] | None:
    """Return the same of a part of something."""
    match expression:
        case e.Subscript(e.Local(stem="grads"), _):
            return None  # of the tuple that a pair's backward pass gives: memory of its own
        case e.Subscript() if scalar:
            return None  # an entry is a number
        case e.Subscript(_, index) if _picks(index, state.facts):
            return None
        case e.Subscript(base, index) if turns_round(index):
            return _shared(base, state, scalar)
        case e.Subscript(e.Cotangent(value) as base, index):
            found = _shared(base, state, scalar)
            assert found is not None
            memory, cuts = found
            return memory, (*cuts, (value, index))
    return Memory(foreign=True), ()


def _one_of(arms: list[tuple[Memory, Cuts] | None], scalar: bool) -> tuple[Memory, Cuts] | None:
    shared = [arm[0] for arm in arms if arm is not None]
    if not shared:
        return None
    array = not scalar and any(memory.array for memory in shared)
    return Memory(foreign=True, array=array), ()


def _fixed(base: e.Expression, state: Ownership) -> tuple[Memory, Cuts]:
    """Return the memory that a view shows which nobody may write to."""
    found = _shared(base, state, False)
    if found is None or found[0].foreign or not found[0].array:
        return Memory(foreign=True), ()
    memory, cuts = found
    of = next(node.value for node in e.walk(base) if isinstance(node, e.Cotangent))
    return memory, (*cuts, (of, FIXED))


def _picks(index: e.Expression, facts: TypeFacts) -> bool:
    """True for an index by an array or a mask: what it reads is a copy."""
    items = index.items if isinstance(index, e.Sequence) else (index,)
    kinds = [facts[item.value] for item in items if isinstance(item, e.Primal)]
    return any(
        kind.kind == "number" and isinstance(kind.shape, Known) and kind.shape.rank > 0
        for kind in kinds
    )


def _to_copy(returned: list[ir.Value], state: Ownership) -> set[ir.Value]:
    """Return the gradients that share memory with the caller's or with one another."""
    seen: list[tuple[Memory, Cuts]] = []
    copied: set[ir.Value] = set()
    for value in returned:
        if value in state.shared:
            copied.add(value)
        memory = state.memory.get(value)
        if memory is None or not memory.array:
            continue
        if state.facts[value].scalar and not memory.foreign:
            continue
        cuts = memory.holders.get(value, ())
        if (
            memory.foreign
            or is_fixed(cuts)
            or any(memory is m and overlap(cuts, other) for m, other in seen)
        ):
            copied.add(value)
        else:
            seen.append((memory, cuts))
    return copied
