"""Words of backward bodies of averages with weights of some axes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen.adjoint.axes import literal
from codegen.shapes import Known, normalized
from codegen.simplify import linear
from codegen.simplify import terms as t

if TYPE_CHECKING:
    from codegen.adjoint.pullback import Body


def of_each(body: Body, weights: ast.expr, a: ast.expr, axis: ast.expr) -> bool:
    """True if there surely is a weight for every entry."""
    if body.value(axis) is None:
        return True  # numpy asks for it
    shapes = [body.pull.facts[body.operand(node)].shape for node in (weights, a)]
    ranks = [shape.rank for shape in shapes if isinstance(shape, Known)]
    return len(ranks) == 2 and ranks[0] == ranks[1]


def beside(body: Body, weights: ast.expr, a: ast.expr, axis: ast.expr) -> t.Term:
    """Return weights of some axes of an array, with axes of length 1 behind them."""
    rank, axes = _axes(body, a, axis)
    missing = tuple(place for place in range(axes[0], rank) if place not in axes)
    term = body.term(weights)
    if not missing:
        return term
    given = iter(term.shape.dimensions if isinstance(term.shape, Known) else ())
    shape = Known(tuple(next(given) if p in axes else 1 for p in range(axes[0], rank)))
    places = tuple(place - axes[0] for place in missing)
    spelled = literal(places[0] if len(places) == 1 else places)
    return linear.apply(term, shape, lambda inner: e.call("numpy.expand_dims", inner, spelled))


def sums_beside(body: Body, node: ast.expr, a: ast.expr, axis: ast.expr) -> t.Term:
    """Return the sums over the axes of an array that are not in `axis`."""
    rank, axes = _axes(body, a, axis)
    others = tuple(place for place in range(rank) if place not in axes)
    term = body.term(node)
    assert isinstance(term.shape, Known)  # the distances from the average have the array's
    shape = Known(tuple(term.shape.dimensions[place] for place in axes))
    spelled = literal(others[0] if len(others) == 1 else others)
    return linear.apply(term, shape, lambda inner: e.call("numpy.sum", inner, axis=spelled))


def _axes(body: Body, a: ast.expr, axis: ast.expr) -> tuple[int, tuple[int, ...]]:
    shape = body.pull.facts[body.operand(a)].shape
    assert isinstance(shape, Known)  # the body has seen to it
    return shape.rank, normalized(body.known(axis), shape.rank)


def whole(body: Body, node: ast.expr, a: ast.expr) -> t.Term:
    """Return a term that is broadcast to an operand's shape, at once where its rank is unknown."""
    term, value = body.term(node), body.operand(a)
    shape = body.pull.facts[value].shape
    if isinstance(shape, Known) or t.without_flags(term)[0].scalar:
        return term
    return linear.apply(
        term, shape, lambda inner: e.call("numpy.broadcast_to", inner, e.ShapeOf(value))
    )


WORDS: dict[str, Callable[..., Any]] = {
    "of_each": of_each,
    "beside": beside,
    "sums_beside": sums_beside,
    "whole": whole,
}
