"""The gates of caches that hold caches: `kept = (x, h_cache)`, and `x, h_cache = kept`.

To all passes such a cache is one number, with whose cotangent nothing is done but handing it on.
That is a tuple of the cotangents of what has one in the cache, or 0.0 where nothing has come back.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from codegen import shapes
from codegen.gates.declare import GateDefinition, Statics, TypeRule
from codegen.pairs.names import Pair
from codegen.shapes import Known, Type


def pack_name(pair: Pair) -> str:
    """Return the name of the gate that puts a cache together."""
    return f"pack {pair.name}"


def take_name(pair: Pair, place: int) -> str:
    """Return the name of the gate that gives one thing in a cache."""
    return f"take {pair.name} {place}"


def kept_gates(pair: Pair) -> Iterator[GateDefinition]:
    """Return the gates of the cache that a pair's function puts together."""
    yield _pack(pair)
    for place in range(len(pair.keeps)):
        yield _take(pair, place)


def _pack(pair: Pair) -> GateDefinition:
    """Return the gate that puts a cache together: its backward takes the cotangent apart."""
    count = len(pair.keeps)
    given = tuple(f"part_{place}" for place in range(count))
    cells = ["None"] * count
    for number, place in enumerate(pair.packed):
        cells[place] = f"kept_part(parts, {number}, {given[place]})"
    zeros = ", ".join(given[place] for place in pair.packed)
    body = (
        f"def pack(d, {', '.join(given)}):\n"
        f"    parts = kept_parts(d, {zeros})\n"
        f"    return ({', '.join(cells)},)"
    )
    made = _gate(pack_name(pair), given, body, _kept(pair))
    kind = "gate" if pair.packed else "value"
    return replace(made, kind=kind, sequences=given, keeps=True, gives=len(pair.packed))


def _take(pair: Pair, place: int) -> GateDefinition:
    """Return the gate that gives one thing in a cache: the first puts the cotangent together."""
    places = ", ".join(map(str, pair.packed))
    takes: tuple[str, ...] = ("kept",)
    body, is_led = "def take():\n    pass", place in pair.packed[1:]  # by the first
    if place in pair.packed[:1]:
        body = f"def take(d, kept):\n    return kept_whole({places})"
    elif is_led:
        takes, body = ("led", "kept"), "def take(d, led):\n    return d, None"
    made = _gate(take_name(pair, place), takes, body, _item(pair, place))
    return replace(
        made,
        kind="gate" if place in pair.packed else "value",
        view=True,
        sequences=("led",),
        gathers=pair.packed,
        follows=pair.packed[0] if is_led else None,
        may_be_none=place in pair.keeps_absent,
    )


def _gate(name: str, takes: tuple[str, ...], body: str, rule: TypeRule) -> GateDefinition:
    tree = ast.parse(body).body[0]
    assert isinstance(tree, ast.FunctionDef)
    return GateDefinition(
        name=name,
        kind="gate",
        patterns=(),
        rule=rule,
        doc="A cache that holds caches.",
        function=_no_function,
        takes=takes,
        tree=tree,
        holomorphic=False,
        family="pairs",
    )


def _kept(pair: Pair) -> TypeRule:
    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        return shapes.kept(pair.name)

    return rule


def _item(pair: Pair, place: int) -> TypeRule:
    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        known = place < len(pair.keeps_types)
        return _renamed(pair.keeps_types[place], symbol) if known else Type(dtype="float")

    return rule


def _renamed(kind: Type, symbol: str) -> Type:
    """Return a type with lengths of its own: two things in a cache need not be as long."""
    if kind.kind == "number" and not shapes.is_kept(kind):
        shape: shapes.Shape = shapes.unknown(symbol)
        if isinstance(kind.shape, Known):
            lengths = enumerate(kind.shape.dimensions)
            shape = Known(tuple(d if isinstance(d, int) else f"{symbol}{n}" for n, d in lengths))
        return kind.with_(shape=shape)
    items = enumerate(kind.items)
    return kind.with_(items=tuple(_renamed(item, f"{symbol}{n}.") for n, item in items))


def _no_function() -> None:
    """Stand in for bodies, which are trees."""
