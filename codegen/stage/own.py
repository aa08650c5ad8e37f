"""Who owns memory: `+=` only on an array that nothing else can see.

`dx = dxpy` shares one array between two names. Before the first `+=` on one of them the pass looks
whether the other is still read, is the caller's or is returned; then it writes `dx = dx + t`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.adjoint import item_of
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Line
from codegen.shapes import SCALAR
from codegen.simplify import linear
from codegen.simplify import terms as t
from codegen.stage.program import Contribution, LocalDefinition, Staging, Step
from codegen.stage.statements import Group, Statement

VIEW_METHODS = {"reshape"}
VIEW_FUNCTIONS = {"numpy.expand_dims", "numpy.broadcast_to", "numpy.swapaxes", "numpy.asarray"}
ALWAYS = 1 << 60
WHOLE = ("", "item", "each")  # terms that are no part of an array


@dataclass
class Memory:
    """One piece of memory: who has it, and whether it may be written."""

    holders: set[ir.Value] = field(default_factory=set)
    foreign: bool = False  # the caller's, a forward value's, or not writable
    array: bool = True  # False for a Python number, which nobody can write to


@dataclass
class Ownership:
    """Decides the form of every backward statement."""

    facts: TypeFacts
    arms: dict[ir.Value, tuple[t.Mask, ...]]
    is_read_later: Callable[[ir.Value, int], bool]
    memory: dict[ir.Value, Memory] = field(default_factory=dict)
    started: set[ir.Value] = field(default_factory=set)


def statements(
    groups: list[tuple[Line, list[Step]]],
    facts: TypeFacts,
    seeds: list[ir.Value],
    returned: list[ir.Value],
    staging: Staging,
) -> tuple[list[Group], set[ir.Value]]:
    """Return the groups with their statements, and the gradients to copy when they are returned.

    `seeds` are cotangents that the caller gave; `returned` the inputs, in order.
    """
    steps = [step for _, group in groups for step in group]
    last = _last_reads(steps)
    for value in returned:
        last[value] = ALWAYS
    state = Ownership(facts, staging.arms, lambda value, place: last.get(value, -1) > place)
    for seed in seeds:
        state.memory[seed] = Memory({seed}, foreign=True, array=not facts[seed].scalar)
        state.started.add(seed)
    place = 0
    result = []
    must_own = {s.target for s in steps if isinstance(s, Contribution) and s.mode not in WHOLE}
    for line, group in groups:
        made = Group(line, remarks=tuple(staging.remarks.get(line, ())))
        for step in group:
            if isinstance(step, LocalDefinition):
                made.statements.append(
                    Statement("local", None, t.expression(step.term), name=step.name)
                )
            else:
                made.statements.extend(_contribution(step, place, state, step.target in must_own))
            place += 1
        result.append(made)
    return result, _to_copy(returned, state)


def _last_reads(steps: list[Step]) -> dict[ir.Value, int]:
    """Return for each cotangent the last step that reads it."""
    last: dict[ir.Value, int] = {}
    for place, step in enumerate(steps):
        for node in _leaves(step):
            last[node] = place
    return last


def _leaves(step: Step) -> set[ir.Value]:
    return {node.value for node in t.parts(step.term) if isinstance(node, e.Cotangent)}


def _contribution(
    step: Contribution, place: int, state: Ownership, must_own: bool
) -> list[Statement]:
    target = step.target
    kind = state.facts[target]
    first = target not in state.started
    state.started.add(target)
    if kind.kind in ("list", "tuple") and step.mode == "item":
        return _item(step, first, state)
    if step.mode == "each":
        return [Statement("=", target, _each(step, first, state))]
    if step.mode:
        before: list[Statement] = []
        if first:
            before.append(_zeros(target, state))
            state.memory[target] = Memory({target})
            if step.mode == "part":
                return [*before, _part(step, "part=")]
        elif not _may_write(target, place, state):
            copy = e.Call(e.Attribute(e.Cotangent(target), "copy"), ())
            before.append(Statement("=", target, copy))
            _leave(target, state)
            state.memory[target] = Memory({target})
        return [*before, _part(step, "at" if step.mode == "repeats" else "part+=")]
    if first:
        return [_first(step, state, must_own)]
    negative = step.term.coefficient < 0
    if kind.scalar or _may_write(target, place, state):
        form = "-=" if negative else "+="
        term = t.negate(step.term) if negative else step.term
        return [Statement(form, target, t.expression(term))]
    _leave(target, state)
    state.memory[target] = Memory({target})
    return [Statement("rebind", target, _sum_with(target, step.term))]


def _sum_with(target: ir.Value, term: t.Term) -> e.Expression:
    negative, expression = t.product(term)
    return e.Binary("-" if negative else "+", e.Cotangent(target), t.masked(term, expression))


def _first(step: Contribution, state: Ownership, must_own: bool) -> Statement:
    target, term = step.target, step.term
    kind = state.facts[target]
    arm = state.arms.get(target, ())
    term = t.without_masks(term, arm)
    if term.shape != kind.shape and kind.kind == "number":
        expression = linear.whole(term, kind, target)
    else:
        expression = t.expression(term)
    expression = t.chosen(arm, expression, e.Literal("0.0"))
    memory = _memory_of(expression, state, kind.shape == SCALAR)
    if must_own and memory is not None and kind.shape != SCALAR:
        expression = e.Call(e.Attribute(expression, "copy"), ())
        memory = None
    if memory is None:
        state.memory[target] = Memory({target})
    else:
        memory.holders.add(target)
        state.memory[target] = memory
    return Statement("=", target, expression)


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
    made = zeros(target, state.facts)
    return Statement("=", target, t.chosen(state.arms.get(target, ()), made, e.Literal("0.0")))


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
    if kind.kind in ("list", "tuple"):
        return e.Binary("*", e.Sequence("list", (e.Literal("0.0"),)), _length(value, facts))
    return linear.zeros(value, kind)


def _may_write(target: ir.Value, place: int, state: Ownership) -> bool:
    memory = state.memory[target]
    if memory.foreign:
        return False
    return not any(
        other is not target and state.is_read_later(other, place) for other in memory.holders
    )


def _leave(target: ir.Value, state: Ownership) -> None:
    state.memory[target].holders.discard(target)


def _memory_of(expression: e.Expression, state: Ownership, scalar: bool) -> Memory | None:
    """Return the memory that an expression's value shares, or None if it is new."""
    match expression:
        case e.Cotangent(value):
            return state.memory.get(value) or Memory(foreign=True)
        case e.Attribute(base, "T"):
            return _memory_of(base, state, scalar)
        case e.Call(e.Attribute(base, method), _, _) if method in VIEW_METHODS:
            return _memory_of(base, state, scalar)
        case e.Call(e.Library("numpy.broadcast_to"), _, _):
            return None if scalar else Memory(foreign=True)
        case e.Call(e.Library(path), (base, *_), _) if path in VIEW_FUNCTIONS:
            return _memory_of(base, state, scalar)
        case e.Conditional(_, then, otherwise):
            arms = [_memory_of(arm, state, scalar) for arm in (then, otherwise)]
            shared = [arm for arm in arms if arm is not None]
            if not shared:
                return None
            return Memory(foreign=True, array=not scalar and any(arm.array for arm in shared))
        case e.Primal() | e.Subscript():
            return Memory(foreign=True)
    return None


def _to_copy(returned: list[ir.Value], state: Ownership) -> set[ir.Value]:
    """Return the gradients that share memory with the caller's or with one another."""
    seen: list[Memory] = []
    copied: set[ir.Value] = set()
    for value in returned:
        memory = state.memory.get(value)
        if memory is None or not memory.array:
            continue
        if state.facts[value].scalar and not memory.foreign:
            continue
        if memory.foreign or any(memory is other for other in seen):
            copied.add(value)
        else:
            seen.append(memory)
    return copied
