"""The gates of what a call of a pair's forward gives: each result, and the cache."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from codegen import shapes
from codegen.gates.declare import GateDefinition, Statics, TypeRule, register, unregister
from codegen.gates.pattern import Argument, Pattern
from codegen.gates.type_rules_growing import is_homogeneous
from codegen.pairs.kept_gates import kept_gates
from codegen.pairs.names import LIBRARY, Pair, names_of
from codegen.shapes import OTHER, Dimension, Known, Type, kept

FLOAT = Type("number", shapes.unknown("result."), "float")


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
    if pair.keeps:
        yield from kept_gates(pair)
    if pair.is_plain:
        yield from _plain(pair)
        return
    count = len(pair.results)
    lead = pair.of[0] if pair.of else None
    arguments = _arguments(pair.node)
    for place in range(count + 1):
        key = f"{pair.library}.{pair.path or pair.forward}[{place}]"
        given, body, follows = arguments, "def value():\n    pass", None
        if place == lead:
            body = _body(pair, count)
        elif place in pair.of:
            given, follows = (LED, *arguments), lead
            none = "None, " * len(arguments)
            body = f"def follow(d, {LED.name}):\n    return d, {none}"
        node = ast.parse(body).body[0]
        assert isinstance(node, ast.FunctionDef)
        yield GateDefinition(
            name=f"{pair.path or pair.forward} {place}",
            kind="gate" if place in pair.of else "value",
            patterns=(Pattern(f"{pair.name}()", key, "item", given),),
            rule=_cache if place == count else _value(pair, place),
            doc=f"A call of {pair.forward}.",
            function=_no_function,
            also={name: operand(name) for name in names_of(pair.node)},
            tree=node,
            holomorphic=False,
            family="pairs",
            keeps=True,
            gives_list=place < len(pair.types) and is_homogeneous(pair.types[place]),
            serves=tuple((operand(name), group) for name, group in pair.serves),
            sequences=tuple(map(operand, pair.containers)),
            has_effects=pair.has_effects,
            singular=pair.is_singular,
            gives=len(pair.wrt),
            gathers=pair.of,
            follows=follows,
            in_tuple=count if pair.is_nested else 0,
        )


def _plain(pair: Pair) -> Iterator[GateDefinition]:
    """Yield the gates of a function that is called as it is: of what it gives, or its items."""
    node = ast.parse("def value():\n    pass").body[0]
    assert isinstance(node, ast.FunctionDef)
    for place in range(len(pair.types)):
        item = f"[{place}]" if pair.is_tuple else ""
        key = f"{LIBRARY}.{pair.name}{item}"
        form = "item" if pair.is_tuple else "function"
        yield GateDefinition(
            name=f"{pair.forward} {place}",
            kind="value",
            stem=f"{pair.name}_out",
            patterns=(Pattern(f"{pair.name}()", key, form, _arguments(pair.node)),),
            rule=_value(pair, place),
            doc=f"A call of {pair.name}.",
            function=_no_function,
            also={name: operand(name) for name in names_of(pair.node)},
            tree=node,
            holomorphic=False,
            family="pairs",
            sequences=tuple(map(operand, pair.containers)),
            serves=tuple((operand(name), group) for name, group in pair.serves),
        )


def operand(name: str) -> str:
    """Return what a parameter is called in the body, where `d` is the cotangent."""
    return f"given_{name}"


def _arguments(node: ast.FunctionDef) -> tuple[Argument, ...]:
    """Return a function's parameters as a pattern has them: what has a default may be left out."""
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults))
    rows = zip(
        [*plain, *given.kwonlyargs], [*defaults, *given.defaults, *given.kw_defaults], strict=True
    )
    return tuple(
        Argument(
            operand(argument.arg),
            "operand" if default is None else "optional",
            keyword_only=argument in given.kwonlyargs,
            positional_only=argument in given.posonlyargs,
        )
        for argument, default in rows
    )


LED = Argument("led", "optional", keyword_only=True)  # the item that goes back for this one


def _body(pair: Pair, count: int) -> str:
    """Return the source of the backward body: the call of the pair's backward."""
    names = names_of(pair.node)
    cells = [
        f"gradient(grads, {pair.wrt.index(name)}, {operand(name)})" if name in pair.wrt else "None"
        for name in names
    ]
    given = ", ".join(f"cotangent({place})" for place in pair.of)
    return (
        f"def pair({', '.join(['d', *map(operand, names)])}):\n"
        f"    grads = {pair.library}.{pair.backward}({given}, part({count}))\n"
        f"    return {', '.join(cells)}"
    )


def _value(pair: Pair, place: int) -> TypeRule:
    """Return the rule of a result: its lengths are those of what is given, or not known."""
    kind = pair.types[place] if pair.types else FLOAT

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        if pair.keeps and place == len(pair.results) - 1:
            return kept(pair.name)
        if kind.kind != "number":
            return kind.with_(fresh=True) if kind.kind == "list" else kind
        shape: shapes.Shape = shapes.unknown(symbol)
        if isinstance(kind.shape, Known):
            lengths = _lengths(pair, types[len(types) - len(pair.shapes) :])
            shape = Known(
                tuple(
                    d if isinstance(d, int) else lengths.get(d, f"{symbol}.{place}")
                    for place, d in enumerate(kind.shape.dimensions)
                )
            )
        # What a cache that holds caches may hold too is nobody's own.
        return Type("number", shape, kind.dtype, kind.array, fresh=not pair.keeps)

    return rule


def _lengths(pair: Pair, types: list[Type]) -> dict[Dimension, Dimension]:
    """Return what the lengths of a pair's parameters are in a call."""
    found: dict[Dimension, Dimension] = {}
    for shape, kind in zip(pair.shapes, types, strict=False):
        if isinstance(shape, Known) and isinstance(kind.shape, Known):
            found.update(zip(shape.dimensions, kind.shape.dimensions, strict=False))
    return found


def _cache(types: list[Type], statics: Statics, symbol: str) -> Type:
    return OTHER


def _no_function() -> None:
    """Stand in for bodies, which are trees."""
