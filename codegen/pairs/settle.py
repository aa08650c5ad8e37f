"""What is known of pairs: what a result is, and which arguments have a gradient.

Both are fixed points, as a pair calls pairs: of the ranks, one that holds if it is taken to hold in
the calls inside; of the arguments, the fewest.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from codegen import ir, shapes
from codegen.analyses.activity import useful, varied
from codegen.analyses.declared import from_annotation
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import CodegenError, Problems
from codegen.gates.declare import GATES
from codegen.pairs.gates import gates_known
from codegen.pairs.names import Pair, names_of
from codegen.pairs.parameters import Seen, promise, promise_to_callers
from codegen.pairs.refuse import refuse, refuse_containers, refuse_endless
from codegen.parse import Module
from codegen.shapes import Known, Type

BuildTyped = Callable[[Module, ast.FunctionDef, Problems], tuple[Built, TypeFacts]]
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
    has_effects: bool


def settle(
    module: Module, pairs: dict[str, Pair], roots: list[str], build_typed: BuildTyped
) -> None:
    """Find what is known of the pairs; raise CodegenError with what is refused in them."""
    for pair in pairs.values():
        pair.types = tuple(_first(module, pair) for _ in pair.results)
    for turn in range(MOST_ROUNDS):
        try:
            news, found = _round(module, pairs, roots, build_typed)
        except CodegenError:
            if all(kind == UNKNOWN for pair in pairs.values() for kind in pair.types):
                raise
            for pair in pairs.values():
                pair.types = tuple(UNKNOWN for _ in pair.results)
            continue
        after = [_after(pairs[name], state, turn) for name, state in found.items()]
        before = [State(p.wrt, p.of, p.types, p.has_effects) for p in pairs.values()]
        for pair, state in zip(pairs.values(), after, strict=True):
            pair.wrt, pair.of, pair.types = state.wrt, state.of, state.types
            pair.has_effects = state.has_effects
        if after == before and not news:
            return
    raise AssertionError("what is known of pairs does not settle")


def _first(module: Module, pair: Pair) -> Type:
    """Return what a result is taken to be at first: what the author says, or a number."""
    if not pair.is_tuple:
        stated = from_annotation(module, pair.node.returns, "result")
        if stated is not None and stated.kind == "number":
            return _abstract(stated)
    return Type("number", shapes.SCALAR, "float")


def _after(pair: Pair, state: State, turn: int) -> State:
    """Return what is known after a look: no less than before."""
    wrt = {*pair.wrt, *state.wrt}
    return State(
        tuple(name for name in names_of(pair.node) if name in wrt),
        tuple(sorted({*pair.of, *state.of})),
        tuple(
            new if turn == 0 or old == new else UNKNOWN
            for old, new in zip(pair.types, state.types, strict=True)
        ),
        pair.has_effects or state.has_effects,
    )


def _round(
    module: Module, pairs: dict[str, Pair], roots: list[str], build_typed: BuildTyped
) -> tuple[bool, dict[str, State]]:
    """Look at all pairs once, taking what is known so far for what their calls give.

    True if something of their parameters is news.
    """
    by_forward = {pair.forward: pair for pair in pairs.values()}
    with gates_known(pairs.values()):
        owns: dict[str, Seen] = {}
        found: dict[str, State] = {}
        for name, pair in pairs.items():
            problems = Problems(module.source)
            owns[name] = built, facts = build_typed(module, pair.node, problems)
            refuse(module, pair, built, facts, problems)
            problems.raise_if_any()
            pair.containers = tuple(
                p.name for p in built.parameters if facts[p.value].kind in CONTAINERS
            )
            found[name] = _seen(pair, built, facts, problems)
            problems.raise_if_any()
        refuse_endless(module, {name: built for name, (built, _) in owns.items()}, pairs)
        for node in module.functions.values():
            promise_to_callers(module, by_forward, owns, node)
        looks = [*owns.values(), *_looks(module, roots, build_typed)]
        news = [promise(module, pair, owns[name], looks) for name, pair in pairs.items()]
    return any(news), found


def _looks(module: Module, roots: list[str], build_typed: BuildTyped) -> Iterator[Seen]:
    """Yield the functions that are written out, but for those that are to be refused."""
    for name in roots:
        try:
            yield build_typed(module, module.functions[name], Problems(module.source))
        except CodegenError:
            continue


def _seen(pair: Pair, built: Built, facts: TypeFacts, problems: Problems) -> State:
    types = tuple(_abstract(facts[returned.value]) for returned in built.returned)
    floats = {place for place, kind in enumerate(types) if kind.dtype not in ("int", "bool")}
    reach = useful(built.function, {built.returned[place].value for place in floats}, facts)
    reaching = [p for p in built.inputs() if p.value in reach]
    wrt = [p for p in reaching if is_number(facts[p.value]) and p.kind != "entry"]
    refuse_containers(pair, [p for p in reaching if p not in wrt], facts, problems)
    depends = varied(built.function, {p.value for p in wrt}, facts)
    return State(
        tuple(p.name for p in wrt),
        tuple(sorted(place for place in floats if built.returned[place].value in depends)),
        types,
        any(_lasts(operation) for operation in ir.operations(built.function.body)),
    )


def is_number(kind: Type) -> bool:
    """True for what may have a gradient."""
    return kind.kind == "number" and kind.dtype not in ("int", "bool")


def _lasts(operation: ir.Operation) -> bool:
    if isinstance(operation, ir.Gate):
        return GATES[operation.gate].has_effects
    return isinstance(operation, ir.Effect) and operation.kind in LASTING


def _abstract(kind: Type) -> Type:
    """Return what is kept of a type: the rank, what its entries are, and whose object it is."""
    shape: shapes.Shape = shapes.unknown("result.")
    if isinstance(kind.shape, Known):
        shape = Known(tuple(f"result.{place}" for place in range(kind.shape.rank)))
    return Type(kind.kind, shape, kind.dtype, kind.array)
