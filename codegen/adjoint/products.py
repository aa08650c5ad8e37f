"""Words of backward bodies of products along named axes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.axes import literal
from codegen.gates.type_rules_products import Axes, cross_axes, multi_dot, pairs
from codegen.shapes import Dimension, Known, Shape, Type, broadcast, unbroadcast, unknown
from codegen.simplify import linear
from codegen.simplify import terms as t

if TYPE_CHECKING:
    from codegen.adjoint.pullback import Body

Sides = tuple[t.Term, t.Term]


def tensordot_left(body: Body, node: ast.expr, x: ast.expr, y: ast.expr, axes: ast.expr) -> t.Term:
    """Return the gradient of x: what is left of y's axes is summed."""
    own, other, kept, rest = _axes(body, x, y, axes)
    d, term = body.term(node), body.term(y)
    places = tuple(range(len(kept), len(kept) + len(rest)))
    left = [*kept, *_partners(own, other)]
    right = [*_partners(own, other), *kept]
    return _product(d, places, term, rest, left, right, _shape(body, x))


def tensordot_right(body: Body, node: ast.expr, x: ast.expr, y: ast.expr, axes: ast.expr) -> t.Term:
    """Return the gradient of y: what is left of x's axes is summed."""
    own, other, kept, rest = _axes(body, x, y, axes)
    term, d = body.term(x), body.term(node)
    places = tuple(range(len(kept)))
    left = [*_partners(other, own), *rest]
    right = [*rest, *_partners(other, own)]
    return _product(term, kept, d, places, left, right, _shape(body, y))


def _shape(body: Body, node: ast.expr) -> Known:
    shape = body.pull.facts[body.operand(node)].shape
    assert isinstance(shape, Known)  # the body has seen to it
    return shape


def _axes(body: Body, x: ast.expr, y: ast.expr, axes: ast.expr) -> tuple[Axes, Axes, Axes, Axes]:
    """Return the axes that are summed, of x and of y, and those that are left."""
    left, right = _shape(body, x).rank, _shape(body, y).rank
    given = body.known(axes)
    own, other = pairs(given, left, right)
    kept = tuple(axis for axis in range(left) if axis not in own)
    rest = tuple(axis for axis in range(right) if axis not in other)
    return own, other, kept, rest


def _partners(own: Axes, other: Axes) -> list[int]:
    """Return the axes of one side in the order of those that they were summed with."""
    return [own[other.index(axis)] for axis in sorted(other)]


def _product(
    left: t.Term,
    own: Axes,
    right: t.Term,
    other: Axes,
    order: list[int],
    turned: list[int],
    shape: Known,
) -> t.Term:
    """Return the product summed over own axes of one side and the other's, in a shape.

    `order` says which axis of the shape each axis of the product is, `turned` the same if the
    sides change places.
    """
    if order != sorted(order) and turned == sorted(turned):
        left, right, own, other, order = right, left, other, own, turned
    ranks = [_rank(left.shape), _rank(right.shape)]
    if shape.rank == 0 and ranks[0]:
        product = t.times(left, right)
        return linear.apply(product, shape, lambda inner: e.call("numpy.sum", inner))
    if 0 in ranks:
        one = right if ranks[0] == 0 else left
        moved = linear.apply(one, shape, lambda inner: _ordered(inner, order))
        return t.times(left, moved) if ranks[0] == 0 else t.times(moved, right)
    after: Shape = Known(tuple(shape.dimensions[axis] for axis in order))
    if len(own) == 1 and max(ranks) <= 2:
        left = _transposed(left) if own[0] != ranks[0] - 1 else left
        right = _transposed(right) if other[0] != 0 else right
        made = linear.product("@", left, right, after)
    elif not own and ranks == [1, 1]:
        made = linear.product("numpy.outer", left, right, after)
    else:
        made = linear.product(
            "numpy.tensordot", left, right, after, axes=_spelled(own, other, ranks[0])
        )
    return linear.apply(made, shape, lambda inner: _ordered(inner, order))


def _rank(shape: Shape) -> int:
    whole = t.whole_shape(shape)
    assert isinstance(whole, Known)
    return whole.rank


def _transposed(term: t.Term) -> t.Term:
    shape = t.whole_shape(term.shape)
    assert isinstance(shape, Known)
    return linear.apply(term, Known(shape.dimensions[::-1]), linear.transposed_matrix, moves=True)


def _ordered(inner: e.Expression, order: list[int]) -> e.Expression:
    """Return what has its axes in another order with each in its place."""
    if order == sorted(order):
        return inner
    if len(order) == 2:
        return linear.transposed_matrix(inner)
    places = tuple(order.index(axis) for axis in range(len(order)))
    return e.call("numpy.transpose", inner, literal(places))


def _spelled(own: Axes, other: Axes, rank: int) -> e.Expression:
    """Return `axes=` in its shortest form."""
    if own == tuple(range(rank - len(own), rank)) and other == tuple(range(len(other))):
        return literal(len(own))
    return literal((own[0], other[0]) if len(own) == 1 else (own, other))


def crossed(body: Body, own: ast.expr, left: ast.expr, right: ast.expr, *axes: ast.expr) -> t.Term:
    """Return a cross product of the cotangent and the other operand, in the shape of its own."""
    statics = dict(zip(("axisa", "axisb", "axisc", "axis"), map(body.known, axes), strict=True))
    a, b = body.operation.operands
    places = dict(zip(("a", "b", "d"), cross_axes(statics), strict=True))
    sides = (body.term(left), body.term(right))
    value = body.operand(own)
    here = [places[node.id] for node in (own, left, right) if isinstance(node, ast.Name)]
    shapes_ = [body.pull.facts[one].shape for one in (a, b, body.operation.result)]
    if not all(isinstance(shape, Known) for shape in shapes_):
        return _cross_by_helper(body, value, sides, tuple(here))
    ranks = [_rank(shape) for shape in shapes_]
    if len(set(ranks)) == 1 and len({axis % ranks[0] for axis in here}) == 1:
        axis = here[0] % ranks[0]
        return _summed(body, _cross(sides, axis - ranks[0]), value, None)
    sides = (_to_end(sides[0], here[1]), _to_end(sides[1], here[2]))
    made = _cross(sides, -1)
    axis = here[0] % _rank(body.pull.facts[value].shape)
    return _summed(body, made, value, axis)


def _cross(sides: Sides, axis: int) -> t.Term:
    """Return the cross product along an axis, counted from the end.

    numpy's other function checks the length, where it is not known to be 3.
    """
    dims = [_dimensions(side) for side in sides]
    is_sure = all(row[axis] == 3 for row in dims)
    rest = [Known((*row[:axis], *row[len(row) + axis + 1 :])) for row in dims]
    batch = broadcast(*rest)
    assert isinstance(batch, Known)
    place = batch.rank + 1 + axis
    shape = Known((*batch.dimensions[:place], dims[0][axis], *batch.dimensions[place:]))
    path = "numpy.cross" if is_sure else "numpy.linalg.cross"
    keywords = {} if axis == -1 else {"axis": literal(place)}
    return linear.product(path, sides[0], sides[1], shape, **keywords)


def _cross_by_helper(body: Body, value: ir.Value, sides: Sides, axes: tuple[int, ...]) -> t.Term:
    """Return a cross product where ranks are not known."""
    wanted, shape = body.pull.facts[value].shape, e.ShapeOf(value)
    if axes == (-1, -1, -1):
        after = unknown(f"{body.symbol()}c")
        made = linear.product("numpy.linalg.cross", sides[0], sides[1], after)
        helper = e.Helper("_unbroadcast")
        return linear.apply(made, wanted, lambda inner: e.Call(helper, (inner, shape)))
    outside = t.ONE
    given: list[e.Expression] = []
    for scalars, inside in map(linear.split, sides):
        outside = t.times(outside, scalars)
        given.append(t.expression(inside))
    call = e.Call(e.Helper("_cross_grad"), (*given, shape, literal(axes)))
    return t.times(outside, t.of(call, wanted))


def _dimensions(term: t.Term) -> tuple[Dimension, ...]:
    shape = t.whole_shape(term.shape)
    assert isinstance(shape, Known)
    return shape.dimensions


def _to_end(term: t.Term, axis: int) -> t.Term:
    """Return a term with an axis moved to the end."""
    dims = _dimensions(term)
    axis %= len(dims)
    if axis == len(dims) - 1:
        return term
    shape = Known((*dims[:axis], *dims[axis + 1 :], dims[axis]))
    spelled = literal(axis), literal(-1)
    return linear.apply(term, shape, lambda inner: e.call("numpy.moveaxis", inner, *spelled))


def _summed(body: Body, term: t.Term, value: ir.Value, axis: int | None) -> t.Term:
    """Return a term summed to a value's shape, whose axis stands at the end of the term."""
    kind = body.pull.facts[value]
    assert isinstance(kind.shape, Known)
    dims, rank = kind.shape.dimensions, kind.shape.rank
    if axis is None or axis == rank - 1:
        return _fitted(term, kind.shape, e.ShapeOf(value))
    wanted = Known((*dims[:axis], *dims[axis + 1 :], dims[axis]))
    sizes = [e.SizeOf(value, (place,)) for place in (*range(axis), *range(axis + 1, rank), axis)]
    made = _fitted(term, wanted, e.Sequence("tuple", tuple(sizes)))
    spelled = literal(-1), literal(axis)
    return linear.apply(made, kind.shape, lambda inner: e.call("numpy.moveaxis", inner, *spelled))


def _fitted(term: t.Term, wanted: Known, shape: e.Expression) -> t.Term:
    """Return a term summed to a shape, at run time where only that can tell."""
    plan = unbroadcast(term.shape, wanted)
    if plan is None:
        helper = e.Helper("_unbroadcast")
        return linear.apply(term, wanted, lambda inner: e.Call(helper, (inner, shape)))
    if plan.kept:
        axes = literal(plan.kept[0] if len(plan.kept) == 1 else plan.kept)
        assert isinstance(term.shape, Known)
        dims = enumerate(term.shape.dimensions)
        kept = Known(tuple(1 if place in plan.kept else d for place, d in dims))
        term = linear.apply(
            term, kept, lambda x: e.call("numpy.sum", x, axis=axes, keepdims=e.Literal("True"))
        )
    if plan.leading:
        axes = literal(plan.leading[0] if len(plan.leading) == 1 else plan.leading)
        return linear.apply(term, wanted, lambda x: e.call("numpy.sum", x, axis=axes))
    return linear.apply(term, wanted, lambda inner: inner)


def chained(body: Body, node: ast.expr, _: ast.expr) -> t.Term:
    """Return the gradient of one factor of np.linalg.multi_dot."""
    operands, facts = body.operation.operands, body.pull.facts
    place, own = body.place, operands[body.place]
    d = body.term(node)
    terms = [body.primal(value) for value in operands]
    kinds = [facts[value] for value in operands]
    is_known = all(isinstance(kind.shape, Known) for kind in kinds)
    may_overflow = any(kind.dtype != "float" for kind in kinds) and any(
        isinstance(kind.shape, Known) and kind.shape.rank == 1 for kind in kinds
    )  # whole numbers among themselves
    if not is_known or may_overflow:
        listed = e.Sequence("list", tuple(t.expression(term) for term in terms))
        bare, flags = t.without_flags(d)
        helper = e.Helper("_multi_dot_grad")
        call = e.Call(helper, (t.expression(bare), listed, e.number(place)))
        return t.with_masks(t.of(call, facts[own].shape), flags)
    before, after = terms[:place], terms[place + 1 :]
    is_row = _rank(facts[operands[0]].shape) == 1
    is_column = _rank(facts[operands[-1]].shape) == 1
    wanted = facts[own].shape
    turned_before = [_turned(term) for term in reversed(before)]
    turned_after = [_turned(term) for term in reversed(after)]
    if is_row and is_column:
        sides = [_chain(side) for side in (before, after) if side]
        return t.times(d, _outer(sides, wanted))
    if is_row and before:
        return _outer([_chain(before), _chain([d, *turned_after])], wanted)
    if is_column and after:
        return _outer([_chain([*turned_before, d]), _chain(after)], wanted)
    return _chain([*turned_before, d, *turned_after])


def _turned(term: t.Term) -> t.Term:
    return _transposed(term) if _rank(term.shape) == 2 else term


def _outer(sides: list[t.Term], shape: Shape) -> t.Term:
    """Return the outer product of two rows, or the only one."""
    if len(sides) == 1:
        return sides[0]
    return linear.product("numpy.outer", sides[0], sides[1], shape)


def _chain(terms: list[t.Term]) -> t.Term:
    """Return the product of matrices; numpy orders three or more of them."""
    if len(terms) == 1:
        return terms[0]
    kinds = [Type("number", t.whole_shape(term.shape), "float", True) for term in terms]
    shape = multi_dot(kinds, {}, "").shape
    if len(terms) == 2:
        return linear.product("@", terms[0], terms[1], shape)
    outside, sides = t.ONE, []
    for scalars, inside in map(linear.split, terms):
        outside = t.times(outside, scalars)
        sides.append(t.expression(inside))
    listed = e.Sequence("list", tuple(sides))
    return t.times(outside, t.of(e.call("numpy.linalg.multi_dot", listed), shape))


WORDS: dict[str, Callable[..., Any]] = {
    "tensordot_left": tensordot_left,
    "tensordot_right": tensordot_right,
    "crossed": crossed,
    "chained": chained,
}
