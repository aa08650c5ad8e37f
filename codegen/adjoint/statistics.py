"""Words of backward bodies of covariances: entries of the cotangent, and both its halves."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen.shapes import SCALAR, Known
from codegen.simplify import linear, sums
from codegen.simplify import terms as t

if TYPE_CHECKING:
    from codegen.adjoint.pullback import Body


def lost(body: Body, bias: ast.expr, ddof: ast.expr) -> int:
    """Return how much less than the number of observations a covariance is divided by."""
    given = body.known(ddof)
    if given is not None:
        return int(given)
    return 0 if body.value(bias) else 1


def twice(body: Body, node: ast.expr) -> t.Term:
    """Return the cotangent and its transpose together."""
    term = body.term(node)
    shape = t.whole_shape(term.shape)
    assert isinstance(shape, Known)  # the body has seen to it
    turned = linear.apply(term, Known(shape.dimensions[::-1]), linear.transposed_matrix)
    return sums.add([term, turned])


def entry(body: Body, node: ast.expr, row: ast.expr, column: ast.expr) -> t.Term:
    """Return an entry of a matrix."""
    places = [body.known(place) for place in (row, column)]
    index = e.Sequence("tuple", tuple(e.number(place) for place in places))
    term = body.term(node)
    return linear.apply(term, SCALAR, lambda inner: e.Subscript(inner, index))


def entries(body: Body, node: ast.expr, row: ast.expr, column: ast.expr) -> t.Term:
    """Return an entry of a matrix and the one across the diagonal together."""
    return sums.add([entry(body, node, row, column), entry(body, node, column, row)])


WORDS: dict[str, Callable[..., Any]] = {
    "lost": lost,
    "twice": twice,
    "entry": entry,
    "entries": entries,
}
