"""Words of backward bodies of polynomials: sums over powers of x."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen.adjoint.axes import literal
from codegen.shapes import Known
from codegen.simplify import linear
from codegen.simplify import terms as t

if TYPE_CHECKING:
    from codegen.adjoint.pullback import Body


def coefficients(body: Body, node: ast.expr, x: ast.expr, p: ast.expr) -> t.Term:
    """Return for each coefficient the sum of the cotangents times its power of x."""
    value = body.operation.operands[0]
    shape = body.pull.facts[value].shape
    row = isinstance(shape, Known) and e.SizeOf(value)
    size = row or e.Attribute(t.expression(body.term(p)), "size")
    points, d = body.term(x), body.term(node)
    given = body.operation.operands[1]
    flat = _flat(points)
    if body.pull.facts[given].dtype != "float":  # powers of whole numbers could overflow
        flat = e.call("numpy.asarray", flat, e.DtypeOf(given))
    powers = e.Attribute(e.call("numpy.vander", flat, size), "T")
    outside, inside = linear.split(d)
    made = e.Binary("@", powers, _flat(inside))
    return t.times(outside, t.of(made, shape))


def _flat(term: t.Term) -> e.Expression:
    shape = t.whole_shape(term.shape)
    inner = t.expression(term)
    is_row = isinstance(shape, Known) and shape.rank == 1
    return inner if is_row else e.call("numpy.ravel", inner)


def powers_back(body: Body, node: ast.expr, out: ast.expr, increasing: ast.expr) -> t.Term:
    """Return for each row of powers the sum of the cotangents times the powers' slopes."""
    value = body.operation.result
    shape = body.pull.facts[value].shape
    assert isinstance(shape, Known)  # np.vander's is
    count = e.SizeOf(value, (1,))
    but_last = _columns(e.Slice(None, literal(-1), None))
    but_first = _columns(e.Slice(literal(1), None, None))
    if body.value(increasing):
        steep, powers = but_first, but_last
        exponents = e.call("numpy.arange", literal(1), count)
    else:
        steep, powers = but_last, but_first
        length = shape.dimensions[1]
        highest: e.Expression = e.Binary("-", count, literal(1))
        if isinstance(length, int):
            highest = literal(length - 1)
        exponents = e.call("numpy.arange", highest, literal(0), literal(-1))
    known = t.expression(body.term(out))

    def summed(inner: e.Expression) -> e.Expression:
        product = e.Binary("*", e.Subscript(inner, steep), e.Subscript(known, powers))
        return e.call("numpy.sum", e.Binary("*", product, exponents), axis=literal(1))

    return linear.apply(body.term(node), Known(shape.dimensions[:1]), summed)


def _columns(columns: e.Slice) -> e.Expression:
    return e.Sequence("tuple", (e.Slice(None, None, None), columns))


WORDS: dict[str, Callable[..., Any]] = {"coefficients": coefficients, "powers_back": powers_back}
