"""What is known of pairs: what a result is, and which arguments have a gradient.

Both are fixed points, as a pair calls pairs: of the ranks, one that holds if it is taken to hold in
the calls inside; of the arguments, the fewest.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

from codegen import ir, shapes
from codegen.analyses.activity import varied
from codegen.analyses.declared import from_annotation
from codegen.analyses.evidence import served
from codegen.analyses.finite import singular
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import CodegenError, Problems
from codegen.gates.declare import GATES
from codegen.gates.type_rules_growing import holds_numbers, is_homogeneous
from codegen.pairs.gates import gates_known
from codegen.pairs.guessed import guessed
from codegen.pairs.names import Pair, names_of
from codegen.pairs.parameters import (
    Seen,
    active_in_calls,
    kinds_given,
    promise,
    promise_to_callers,
)
from codegen.pairs.reaching import reached_from, taken
from codegen.pairs.refuse import (
    refuse,
    refuse_containers,
    refuse_endless,
    refuse_other_cache,
)
from codegen.parse import Module
from codegen.shapes import Known, Type, is_kept, kept

BuildTyped = Callable[[Module, ast.FunctionDef, Problems], tuple[Built, TypeFacts]]
Looks = Callable[[], Iterable[Seen]]
MOST_ROUNDS = 16
UNKNOWN = Type("number", shapes.unknown("result."))
CONTAINERS = ("list", "tuple", "dict")
LASTING = ("print", "call", "draw", "setting")


@dataclass(frozen=True)
class State:
    """What one look at a pair's function shows."""

    wrt: tuple[str, ...]
    of: tuple[int, ...]
    types: tuple[Type, ...]
    shapes: tuple[shapes.Shape, ...]
    has_effects: bool
    is_singular: bool
    is_exact: bool
    containers: tuple[str, ...]
    serves: tuple[tuple[str, str], ...]
    active: frozenset[str]
    keeps_types: tuple[Type, ...]
    keeps_absent: tuple[int, ...]
    packed: tuple[int, ...]
    used: tuple[int, ...]
    reaching: frozenset[str]


def settle(module: Module, pairs: dict[str, Pair], build_typed: BuildTyped, looks: Looks) -> None:
    """Find what is known of the pairs; raise CodegenError with what is refused in them.

    `looks` gives the functions that are written out, as they are with what is known so far.
    """
    for pair in pairs.values():
        pair.types = _firsts(module, pair)
    _look_into_caches(module, pairs, build_typed)
    is_new = True  # more is known of the parameters than in the look before
    for _ in range(MOST_ROUNDS):
        try:
            news, found = _round(module, pairs, build_typed, looks)
        except CodegenError:
            if all(kind == UNKNOWN for pair in pairs.values() for kind in pair.types):
                raise
            for pair in pairs.values():
                pair.types = tuple(UNKNOWN for _ in pair.results)
            continue
        after = [_after(pairs[name], state, is_new or news) for name, state in found.items()]
        before = [State(*(getattr(p, part.name) for part in fields(State))) for p in pairs.values()]
        for pair, state in zip(pairs.values(), after, strict=True):
            vars(pair).update(vars(state))
        if after == before and not news:
            return
        if news:  # what came out of less knowledge may keep itself up
            for pair in pairs.values():
                pair.types = _firsts(module, pair)
        is_new = news
    raise AssertionError("what is known of pairs does not settle")


def _look_into_caches(module: Module, pairs: dict[str, Pair], build_typed: BuildTyped) -> None:
    """Find what caches that hold caches hold: who takes one apart must know before."""
    with gates_known(pairs.values()):
        for pair in pairs.values():
            if pair.keeps:
                built, facts = build_typed(module, pair.node, Problems(module.source))
                held = _held(pair, Seen(built, facts, []), set())
                pair.keeps_types, pair.keeps_absent, _ = held


def _firsts(module: Module, pair: Pair) -> tuple[Type, ...]:
    return tuple(_first(module, pair, place) for place in range(len(pair.results)))


def _first(module: Module, pair: Pair, place: int) -> Type:
    """Return what a result is taken to be at first: what the author says, or a number."""
    made = guessed(pair.node, pair.results[place])
    if made is not None:
        return made
    if not pair.is_tuple:
        stated = from_annotation(module, pair.node.returns, "result")
        if stated is not None and holds_numbers(stated):
            return _abstract(stated, ())
    return Type("number", shapes.SCALAR, "float")


def _after(pair: Pair, state: State, is_news: bool) -> State:
    """Return what is known after a look: no less than before.

    A rank may be another one only where more is known of the parameters.
    """
    wrt = {*pair.wrt, *state.wrt}
    return State(
        tuple(name for name in names_of(pair.node) if name in wrt),
        tuple(sorted({*pair.of, *state.of})),
        tuple(
            new if is_news else _wider(old, new)
            for old, new in zip(pair.types, state.types, strict=True)
        ),
        state.shapes,
        pair.has_effects or state.has_effects,
        pair.is_singular or state.is_singular,
        state.is_exact,
        state.containers,
        state.serves,
        pair.active | state.active,
        tuple(
            new if is_news or not pair.keeps_types else _wider(pair.keeps_types[n], new)
            for n, new in enumerate(state.keeps_types)
        ),
        state.keeps_absent,
        tuple(sorted({*pair.packed, *state.packed})),
        tuple(sorted({*pair.used, *state.used})),
        pair.reaching | state.reaching,
    )


def _wider(old: Type, new: Type) -> Type:
    """Return what holds of both."""
    if old == new or old.kind != new.kind:
        return old if old == new else UNKNOWN
    if is_homogeneous(old) and is_homogeneous(new):
        if not old.items or not new.items:
            return new if new.items else old
        return Type("list", items=(_wider(old.items[0], new.items[0]),))
    if not isinstance(old.shape, Known) or not isinstance(new.shape, Known):
        return UNKNOWN
    if old.shape.rank != new.shape.rank:
        return UNKNOWN
    dimensions = zip(old.shape.dimensions, new.shape.dimensions, strict=True)
    shape = Known(tuple(a if a == b else f"result.{n}" for n, (a, b) in enumerate(dimensions)))
    dtype = old.dtype if old.dtype == new.dtype else "unknown"
    return Type(old.kind, shape, dtype, old.array and new.array)


def _round(
    module: Module, pairs: dict[str, Pair], build_typed: BuildTyped, looks: Looks
) -> tuple[bool, dict[str, State]]:
    """Look at all pairs once, taking what is known so far for what their calls give.

    True if something of their parameters is news.
    """
    by_forward = {pair.forward: pair for pair in pairs.values()}
    with gates_known(pairs.values()):
        own: dict[str, Seen] = {}
        for name, pair in pairs.items():
            problems = Problems(module.source)
            built, facts = build_typed(module, pair.node, problems)
            refuse(module, pair, built, facts, problems)
            problems.raise_if_any()
            own[name] = Seen(built, facts, [p for p in built.parameters if p.name in pair.wrt])
        refuse_endless(module, {name: seen.built for name, seen in own.items()}, pairs)
        for node in module.functions.values():
            promise_to_callers(module, by_forward, own, node)
        for pair in pairs.values():
            promise_to_callers(module, by_forward, own, pair.node, is_pair=True)
        outside, inside = [*looks()], [*own.values()]
        seen = [*inside, *outside]
        news = [promise(module, pair, own[name], outside, inside) for name, pair in pairs.items()]
        _check_given(module, pairs, seen)
        found = {name: _state(module, pair, pairs, own, seen) for name, pair in pairs.items()}
    return any(news), found


def _check_given(module: Module, pairs: dict[str, Pair], seen: list[Seen]) -> None:
    """Refuse calls of what takes a cache apart that give it another one, or something else."""
    problems = Problems(module.source)
    for pair in pairs.values():
        taker = pairs.get(pair.taker)
        if taker is None:
            continue
        name = names_of(taker.node)[-1]
        for given, kind in (row for one in seen for row in kinds_given(taker, one)):
            if given == name and kind.items != kept(pair.name).items:
                refuse_other_cache(module, taker, problems)
    problems.raise_if_any()


def _state(
    module: Module,
    pair: Pair,
    pairs: dict[str, Pair],
    looks: dict[str, Seen],
    seen: list[Seen],
) -> State:
    """Return what a look at a pair's function, and at its calls, shows."""
    own, taker = looks[pair.name], looks.get(pair.taker)
    built, facts = own.built, own.facts
    known = tuple(facts[p.value].shape for p in built.parameters)
    types = tuple(_abstract(facts[returned.value], known) for returned in built.returned)
    floats = {place for place, kind in enumerate(types) if kind.dtype not in ("int", "bool")}
    reach = reached_from(built, facts, pairs.values())
    used: tuple[int, ...] = ()
    if taker is not None:
        used = taken(pair, taker.built, reached_from(taker.built, taker.facts, pairs.values()))
    active = active_in_calls(pair, seen)
    if module.classes:  # whose methods may call it
        active = set(names_of(pair.node))
    problems = Problems(module.source)
    reaching = [p for p in built.inputs() if p.value in reach]
    reaching_names = frozenset(p.name for p in reaching)
    refuse_containers(pair, reaching, facts, problems)
    problems.raise_if_any()
    reaching = [p for p in reaching if p.name in active and facts[p.value].dtype != "bool"]
    depends = varied(built.function, {p.value for p in reaching}, facts)
    parameters = [(p.name, p.value) for p in built.parameters]
    return State(
        tuple(p.name for p in reaching),
        tuple(sorted(place for place in floats if built.returned[place].value in depends)),
        types,
        known,
        any(_lasts(operation) for operation in ir.operations(built.function.body)),
        bool(singular(built)),
        all(_is_exact(kind) for kind in (*types, *(facts[value] for _, value in parameters))),
        tuple(name for name, value in parameters if facts[value].kind in CONTAINERS),
        tuple(served(parameters, facts.evidence)),
        frozenset(active),
        *_held(pair, own, active),
        used,
        reaching_names,
    )


def _held(
    pair: Pair, own: Seen, active: set[str]
) -> tuple[tuple[Type, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the types of what is in a pair's cache, what of it may be None, what is active."""
    facts, function = own.facts, own.built.function
    found = [
        operation.operands
        for operation in ir.operations(function.body)
        if isinstance(operation, ir.Gate) and operation.gate == f"pack {pair.name}"
    ]
    if not pair.keeps or not found:
        return (), (), ()
    (held,) = found
    inputs = [p.value for p in own.built.inputs() if p.name in active]
    depends = varied(function, {v for v in inputs if facts[v].dtype != "bool"}, facts)
    return (
        tuple(_abstract(facts[value], ()) for value in held),
        tuple(place for place, value in enumerate(held) if value in facts.absent),
        tuple(p for p, value in enumerate(held) if value in depends and p in pair.used),
    )


def _is_exact(kind: Type) -> bool:
    return kind.kind in ("text", "none") or (
        kind.kind == "number" and isinstance(kind.shape, Known)
    )


def _lasts(operation: ir.Operation) -> bool:
    if isinstance(operation, ir.Gate):
        return GATES[operation.gate].has_effects
    return isinstance(operation, ir.Effect) and operation.kind in LASTING


def _abstract(kind: Type, given: Sequence[shapes.Shape]) -> Type:
    """Return what is kept of a type: its rank, and lengths that the parameters have too."""
    if is_homogeneous(kind):
        items = tuple(_abstract(item, given) for item in kind.items)
        return Type("list", items=items)
    if is_kept(kind) or kind.kind == "none":
        return kind
    lengths = {d for shape in given if isinstance(shape, Known) for d in shape.dimensions}
    shape: shapes.Shape = shapes.unknown("result.")
    if isinstance(kind.shape, Known):
        shape = Known(
            tuple(
                d if isinstance(d, int) or d in lengths else f"result.{place}"
                for place, d in enumerate(kind.shape.dimensions)
            )
        )
    return Type(kind.kind, shape, kind.dtype, kind.array)
