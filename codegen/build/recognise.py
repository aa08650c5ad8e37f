"""Composite expressions that are one gate as a whole, in the spellings that gates declare.

In a spelling, lower-case names stand for any expression, the same wherever the name is repeated;
`+` and `*` may be turned round, `math` may stand for `np` where no axis is named, and keywords have
their defaults.
MAX is the largest of x along the axis that is summed, or of all of x: it is taken out before `exp`
and put back, so that the result does not depend on it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import field
from functools import cache
from typing import Any

from codegen import ir
from codegen.frozen import changed, frozen
from codegen.gates.declare import GATES, GateDefinition
from codegen.gates.pattern import LIBRARIES

Path = Callable[[ast.expr], str | None]
TURNED = (ast.Add, ast.Mult)
LARGEST = (
    "np.max(x, axis=None, keepdims=False)",
    "np.amax(x, axis=None, keepdims=False)",
    "x.max(axis=None, keepdims=False)",
)


@frozen
class Names:
    """What names mean at the place where an expression stands."""

    path: Path  # the full library name of an expression
    value: Callable[[str], ir.Value | None]  # of a variable
    definition: Callable[[ir.Value], ir.Operation | None]
    takes_math: bool = True  # `math` may stand for `np`


@frozen
class Found:
    """A composite: its gate, where its parts stand, and its static arguments."""

    gate: GateDefinition
    places: dict[str, list[ast.expr]]
    statics: dict[str, Any]
    reads: list[ast.expr] = field(default_factory=list)  # a largest entry that has a name


def composite(node: ast.expr, names: Names) -> Found | None:
    """Return the gate that an expression is as a whole, or None.

    >>> names = Names(ast.unparse, lambda name: None, lambda value: None)
    >>> node = ast.parse("1.0 / (numpy.exp(-(a + b)) + 1)", mode="eval").body
    >>> found = composite(node, names)
    >>> found.gate.name, ast.unparse(found.places["x"][0])
    ('sigmoid', 'a + b')
    """
    for gate, spelling in _spellings().get(_root(node), ()):
        if not _could_fit(spelling, node):
            continue
        names = changed(names, takes_math=not gate.spelled_statics)
        for match in _fits(spelling, node, _Match(), names):
            found = _complete(gate, match, names)
            if found is not None:
                return found
    return None


@frozen
class _Match:
    places: dict[str, list[ast.expr]] = field(default_factory=dict)
    statics: dict[str, Any] = field(default_factory=dict)

    def at(self, name: str, node: ast.expr) -> _Match | None:
        """Return the match with one more place; None if other text stands there."""
        before = self.places.get(name, [])
        if before and ast.dump(before[0]) != ast.dump(node):
            return None
        return _Match({**self.places, name: [*before, node]}, self.statics)


@cache
def _spellings() -> dict[str, list[tuple[GateDefinition, ast.expr]]]:
    found: dict[str, list[tuple[GateDefinition, ast.expr]]] = {}
    for gate in GATES.values():
        for text in gate.spellings:
            node = ast.parse(text, mode="eval").body
            row = found.setdefault(_root(node), [])
            row.insert(0 if "MAX" in text else len(row), (gate, node))
    return found


def _root(node: ast.expr) -> str:
    match node:
        case ast.BinOp(op=operator):
            return type(operator).__name__
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name
    return ""


def _fits(spelling: ast.expr, node: ast.expr, match: _Match, names: Names) -> Iterator[_Match]:
    """Yield every way in which the expression is the spelling."""
    match spelling, node:
        case ast.Name(name), _:
            more = match.at(name, node)
            if more is not None:
                yield more
        case ast.Constant(wanted), ast.Constant(given):
            if type(given) in (int, float) and given == wanted:
                yield match
        case ast.UnaryOp(operator, inner), ast.UnaryOp(other, operand):
            if type(operator) is type(other):
                yield from _fits(inner, operand, match, names)
        case ast.BinOp(left, operator, right), ast.BinOp(first, other, second):
            if type(operator) is not type(other):
                return
            yield from _both((left, first), (right, second), match, names)
            if isinstance(operator, TURNED):
                yield from _both((left, second), (right, first), match, names)
        case ast.Call(), ast.Call():
            yield from _calls(spelling, node, match, names)


def _could_fit(spelling: ast.expr, node: ast.expr) -> bool:
    """False where operators alone tell that an expression is not the spelling: most of them."""
    match spelling:
        case ast.BinOp(left, operator, right):
            if not isinstance(node, ast.BinOp) or type(operator) is not type(node.op):
                return False
            if _could_fit(left, node.left) and _could_fit(right, node.right):
                return True
            is_turned = isinstance(operator, TURNED)
            return is_turned and _could_fit(left, node.right) and _could_fit(right, node.left)
        case ast.Name():
            return True
    return type(spelling) is type(node)


def _both(
    one: tuple[ast.expr, ast.expr], two: tuple[ast.expr, ast.expr], match: _Match, names: Names
) -> Iterator[_Match]:
    for first in _fits(*one, match, names):
        yield from _fits(*two, first, names)


def _calls(spelling: ast.Call, node: ast.Call, match: _Match, names: Names) -> Iterator[_Match]:
    """Yield the ways in which a call is another, of a library function or of a method."""
    assert isinstance(spelling.func, ast.Attribute)
    base = spelling.func.value
    statics = _statics(spelling, node)
    if statics is None:
        return
    match = _Match(match.places, {**match.statics, **statics})
    if isinstance(base, ast.Name) and base.id in LIBRARIES:
        word = spelling.func.attr
        wanted = [f"numpy.{word}", f"math.{word}"] if names.takes_math else [f"numpy.{word}"]
        if names.path(node.func) not in wanted:
            return
        matches = [match]
        for part, given in zip(spelling.args, node.args, strict=False):
            matches = [more for one in matches for more in _fits(part, given, one, names)]
        yield from matches
    elif (
        isinstance(node.func, ast.Attribute)
        and node.func.attr == spelling.func.attr
        and names.path(node.func) is None
    ):
        yield from _fits(base, node.func.value, match, names)


def _statics(spelling: ast.Call, node: ast.Call) -> dict[str, Any] | None:
    """Return a call's static arguments, by position or keyword; None if it has others."""
    defaults = {k.arg or "": ast.literal_eval(k.value) for k in spelling.keywords}
    extra = node.args[len(spelling.args) :]
    if len(node.args) < len(spelling.args) or len(extra) > min(len(defaults), 1):
        return None  # only the axis may be given by position
    given = dict(zip(defaults, extra, strict=False))
    for keyword in node.keywords:
        if keyword.arg not in defaults or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    try:
        return defaults | {name: ast.literal_eval(value) for name, value in given.items()}
    except (ValueError, TypeError):
        return None


def _complete(gate: GateDefinition, match: _Match, names: Names) -> Found | None:
    """Return the composite if what its spelling cannot say holds too."""
    places, statics = dict(match.places), match.statics
    largest = places.pop("MAX", [])
    if any(len(nodes) > 1 and not _may_repeat(nodes[0], names) for nodes in places.values()):
        return None
    if gate.needs is not None and not gate.needs(statics):
        return None
    if not largest:
        return Found(gate, places, statics)
    if isinstance(largest[0], ast.Name):
        if not _is_named_largest(largest[0], places["x"][0], statics, names):
            return None
        return Found(gate, places, statics, largest)
    for node in largest:
        inner = _largest_of(node, places["x"][0], statics, names)
        if inner is None:
            return None
        places["x"] = [*places["x"], inner]
    return Found(gate, places, statics)


def _may_repeat(node: ast.expr, names: Names) -> bool:
    """False if the text may stand for another value each time: a random draw, an own function."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            path = names.path(part.func) or ""
            if not path.startswith(("numpy.", "math.")) or path.startswith("numpy.random"):
                return False
    return True


def _is_shift(largest: dict[str, Any], summed: dict[str, Any]) -> bool:
    """True if a maximum of such axes is constant along the axes that are summed."""
    if largest["axis"] is None and not largest["keepdims"]:
        return True
    return bool(largest["keepdims"] and summed["keepdims"] and largest["axis"] == summed["axis"])


def _largest_of(
    node: ast.expr, x: ast.expr, statics: dict[str, Any], names: Names
) -> ast.expr | None:
    """Return where x stands in `np.max(x, ...)`; None if the expression is something else."""
    for text in LARGEST:
        spelling = ast.parse(text, mode="eval").body
        for match in _fits(spelling, node, _Match(), names):
            (place,) = match.places["x"]
            if ast.dump(place) == ast.dump(x) and _is_shift(match.statics, statics):
                return place
    return None


def _is_named_largest(node: ast.Name, x: ast.expr, statics: dict[str, Any], names: Names) -> bool:
    """True for a name whose value is the maximum of x, as x is now."""
    value = names.value(node.id)
    of = names.value(x.id) if isinstance(x, ast.Name) else None
    made = None if value is None else names.definition(value)
    if not isinstance(made, ir.Gate) or made.gate != "max" or of is None:
        return False
    return made.operands == (of,) and _is_shift(dict(made.statics), statics)
