"""Which parameters of a pair reach what it returns, whether or not a call gives them what varies.

A parameter may reach a result by way of another one of a call inside: `f(x, n - 1, acc * x)`. So
this is a fixed point of its own. That some call gives it what has a gradient is another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from codegen import ir
from codegen.analyses.activity import carrying, useful
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.declare import GATES
from codegen.pairs.kept_gates import pack_name, take_name
from codegen.pairs.names import Pair, names_of


def reached_from(built: Built, facts: TypeFacts, pairs: Iterable[Pair]) -> set[ir.Value]:
    """Return the values that a function's floats depend on, as far as is known so far."""
    floats = {r.value for r in built.returned if facts[r.value].dtype not in ("int", "bool")}
    named = {gate: pair for pair in pairs for gate in _gates(pair)}
    carried: dict[ir.Operation, tuple[int, ...]] = {
        operation: _places(operation, named[operation.gate], facts)
        for operation in ir.operations(built.function.body)
        if isinstance(operation, ir.Gate) and operation.gate in named
    }
    return useful(built.function, floats, replace(facts, carrying=carried, paths={}))


def _gates(pair: Pair) -> Iterator[str]:
    if pair.is_plain:
        return
    for place in range(len(pair.results)):
        yield f"{pair.path or pair.forward} {place}"
    if pair.keeps:
        yield pack_name(pair)
        yield from (take_name(pair, place) for place in range(len(pair.keeps)))


def _places(operation: ir.Gate, pair: Pair, facts: TypeFacts) -> tuple[int, ...]:
    """Return the places of the operands that a gate of a pair may hand something back to."""
    kinds = [facts[operand] for operand in operation.operands]
    may = [
        place
        for place, kind in enumerate(kinds)
        if kind.kind in ("number", "list") and kind.dtype != "bool"
    ]
    if operation.gate == pack_name(pair):
        return tuple(place for place in may if place in pair.used)
    if operation.gate.startswith("take "):
        return tuple(may)
    skipped = GATES[operation.gate].follows is not None  # the one that leads stands first
    names = names_of(pair.node)
    reaching = [place for place in may if names[place - skipped] in pair.reaching]
    return tuple(sorted({*reaching, *carrying(operation, facts)}))


def taken(pair: Pair, built: Built, reach: set[ir.Value]) -> tuple[int, ...]:
    """Return the places of what is taken out of a pair's cache and reaches a result."""
    gates = {take_name(pair, place): place for place in range(len(pair.keeps))}
    return tuple(
        gates[operation.gate]
        for operation in ir.operations(built.function.body)
        if isinstance(operation, ir.Gate) and operation.gate in gates
        if operation.result in reach
    )
