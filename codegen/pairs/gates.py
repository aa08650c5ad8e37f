"""The gates of what a call of a pair's forward gives: each result, and the cache."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from codegen import shapes
from codegen.gates.declare import GateDefinition, Statics, TypeRule, register, unregister
from codegen.gates.pattern import parse_pattern
from codegen.pairs.names import LIBRARY, Pair, names_of
from codegen.shapes import OTHER, Known, Type


@contextmanager
def gates_known(pairs: Iterable[Pair]) -> Iterator[None]:
    """Let calls of pairs be known."""
    made: list[GateDefinition] = []
    try:
        for pair in pairs:
            for definition in gates_of(pair):
                register(definition)
                made.append(definition)
        yield
    finally:
        for definition in made:
            unregister(definition)


def gates_of(pair: Pair) -> Iterator[GateDefinition]:
    """Return the gates of a pair."""
    names = names_of(pair.node)
    count = len(pair.results)
    lead = pair.of[0] if pair.of else 0
    for place in range(count + 1):
        body = "def value():\n    pass"
        is_lead = place == lead and bool(pair.wrt)
        if is_lead:
            body = _body(pair, names, count)
        node = ast.parse(body).body[0]
        assert isinstance(node, ast.FunctionDef)
        yield GateDefinition(
            name=f"{pair.forward} {place}",
            kind="gate" if is_lead else "value",
            patterns=(parse_pattern(f"{LIBRARY}.{pair.forward}({_signature(pair.node)})[{place}]"),),
            rule=_cache if place == count else _value(pair.types[place]),
            doc=f"A call of {pair.forward}.",
            function=_no_function,
            tree=node,
            holomorphic=False,
            family="pairs",
            has_effects=pair.has_effects,
            gives=len(pair.wrt) if len(pair.wrt) > 1 else 0,
        )


def _signature(node: ast.FunctionDef) -> str:
    """Return a function's parameters as a pattern has them: what has a default may be left out."""
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    first = len(plain) - len(given.defaults)
    rows = [f"{a.arg}=..." if place >= first else a.arg for place, a in enumerate(plain)]
    if given.posonlyargs:
        rows.insert(len(given.posonlyargs), "/")
    if given.kwonlyargs:
        rows.append("*")
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        rows.append(argument.arg if default is None else f"{argument.arg}=...")
    return ", ".join(rows)


def _body(pair: Pair, names: list[str], count: int) -> str:
    """Return the source of the backward body: the call of the pair's backward."""
    back = f"{LIBRARY}.{pair.backward}(d, part({count}))"
    several = len(pair.wrt) > 1
    cells = [
        (
            "None"
            if name not in pair.wrt
            else f"given(grads, {pair.wrt.index(name)}, {name})" if several else back
        )
        for name in names
    ]
    lines = [f"def pair({', '.join(['d', *names])}):"]
    lines += [f"    grads = {back}"] if several else []
    return "\n".join([*lines, f"    return {', '.join(cells)}"])


def _value(kind: Type) -> TypeRule:
    """Return the rule of a result: its rank is known, or nothing is."""

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        if kind.kind != "number":
            return kind
        shape: shapes.Shape = shapes.unknown(symbol)
        if isinstance(kind.shape, Known):
            shape = Known(tuple(f"{symbol}.{place}" for place in range(kind.shape.rank)))
        return Type("number", shape, kind.dtype, kind.array, fresh=True)

    return rule


def _cache(types: list[Type], statics: Statics, symbol: str) -> Type:
    return OTHER


def _no_function() -> None:
    """Stand in for bodies, which are trees."""

