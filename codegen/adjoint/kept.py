"""Words of the gates of caches that hold caches: their cotangents, put together and taken apart."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen import ir
from codegen.adjoint import zeros
from codegen.analyses.types import TypeFacts
from codegen.shapes import SCALAR
from codegen.simplify import linear
from codegen.simplify import terms as t

if TYPE_CHECKING:
    from codegen.adjoint.pullback import Body


def whole(body: Body, *places: ast.expr) -> t.Term:
    """Return the cotangent of a cache: the tuple of those of what is in it."""
    pull = body.pull
    parts = pull.built.parts[body.operation.result]
    given = []
    for node in places:
        item = parts[body.known(node)]
        if len(places) == 1:
            given.append(t.expression(body.term(ast.Name("d", ast.Load()))))
        elif item in pull.gathered:
            given.append(e.Cotangent(item))
        else:
            given.append(nothing(item, pull.facts))
    return t.of(e.Sequence("tuple", tuple(given)), SCALAR)


def parts(body: Body, node: ast.expr, *operands: ast.expr) -> t.Term:
    """Return what the cotangent of a cache holds: zeros, if nothing has come back."""
    term, _ = t.without_flags(body.term(node))
    none = tuple(nothing(body.operand(one), body.pull.facts) for one in operands)
    return t.of(e.Boolean("or", (t.expression(term), e.Sequence("tuple", none))), SCALAR)


def part(body: Body, local: ast.expr, place: ast.expr, operand: ast.expr) -> t.Term:
    """Return one of several cotangents that a cache's holds."""
    kind = body.pull.facts[body.operand(operand)]
    index = e.number(body.known(place))
    return t.of(e.Subscript(t.expression(body.term(local)), index), kind.shape)


def nothing(value: ir.Value, facts: TypeFacts) -> e.Expression:
    """Return the cotangent of what nothing has come back to; None for what is None."""
    kind = facts[value]
    if kind.scalar:
        return e.Literal("0.0")
    made = zeros.zeros(value, kind) if kind.kind == "list" else linear.zeros(value, kind)
    return or_none(value, made, facts)


def or_none(value: ir.Value, made: e.Expression, facts: TypeFacts) -> e.Expression:
    """Return an expression where a value may be None, in whose place None stands then."""
    if value not in facts.absent:
        return made
    none = e.Literal("None")
    return e.Conditional(e.Comparison(e.Primal(value), ("is",), (none,)), none, made)


WORDS: dict[str, Callable[..., Any]] = {
    "kept_whole": whole,
    "kept_parts": parts,
    "kept_part": part,
}
