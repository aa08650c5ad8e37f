"""Words of backward bodies that run along an axis: sums from the end, ranks, differences."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen import ir
from codegen.adjoint import moves
from codegen.adjoint.axes import literal
from codegen.gates.type_rules_running import margins, pairs
from codegen.shapes import Known, Shape
from codegen.simplify import linear
from codegen.simplify import terms as t

if TYPE_CHECKING:
    from codegen.adjoint.pullback import Body

BACKWARDS = e.Slice(None, None, literal(-1))


def _whole(body: Body, node: ast.expr, shape: Shape, operation: linear.Apply) -> t.Term:
    """Return a linear operation on the cotangent in the result's whole shape."""
    result = body.operation.result
    term = linear.movable(body.term(node), body.pull.facts[result], result)
    return linear.apply(term, shape, operation)


def _axis(body: Body, axis: int | None, value: Any) -> dict[str, e.Expression]:
    """Return `axis=` as a keyword, where it says something."""
    shape = body.pull.facts[value].shape
    if axis is None or (isinstance(shape, Known) and shape.rank == 1):
        return {}
    if isinstance(shape, Known):
        axis %= shape.rank
    return {"axis": literal(axis)}


def sums_from_end(body: Body, node: ast.expr, x: ast.expr, axis: ast.expr) -> t.Term:
    """Return, for every entry, the sum of the cotangents from there to the end of the axis."""
    value, along = body.operand(x), body.value(axis)
    wanted = body.pull.facts[value].shape
    index = moves.along(body, along or 0, BACKWARDS)
    keywords = _axis(body, along, value)

    def summed(inner: e.Expression) -> e.Expression:
        turned = e.call("numpy.cumsum", e.Subscript(inner, index), **keywords)
        return e.Subscript(turned, index)

    result = body.pull.facts[body.operation.result].shape
    return moves.back(_whole(body, node, result, summed), wanted, e.ShapeOf(value))


def by_rank(body: Body, node: ast.expr, x: ast.expr, axis: ast.expr) -> t.Term:
    """Return, for every entry, the cotangent of the place that it has in sorted order."""
    value, along = body.operand(x), body.value(axis)
    wanted = body.pull.facts[value].shape
    is_row = isinstance(wanted, Known) and wanted.rank == 1
    base: e.Expression = e.Primal(value)
    keywords = _axis(body, along, value)
    if along == -1 or (isinstance(wanted, Known) and along == wanted.rank - 1):
        keywords = {}  # the default
    if along is None and not is_row:
        base, keywords = e.call("numpy.ravel", base), {}
    order = e.call("numpy.argsort", base, **keywords, kind=e.Literal('"stable"'))
    ranks = e.call("numpy.argsort", order, **keywords)

    def picked(inner: e.Expression) -> e.Expression:
        if is_row or along is None:
            return e.Subscript(inner, ranks)
        whole = _axis(body, along, value)
        return e.call("numpy.take_along_axis", inner, ranks, **whole)

    result = body.pull.facts[body.operation.result].shape
    return moves.back(_whole(body, node, result, picked), wanted, e.ShapeOf(value))


def repeats_added(
    body: Body, node: ast.expr, x: ast.expr, repeats: ast.expr, axis: ast.expr
) -> t.Term:
    """Return, for every entry, the sum of the cotangents of its copies in np.repeat."""
    value, along, times = body.operand(x), body.value(axis), body.value(repeats)
    shape = body.pull.facts[value].shape
    if along is None or (isinstance(shape, Known) and shape.rank == 1):
        sizes: list[e.Expression] = [literal(-1), literal(times)]
        summed = 1
    else:
        assert isinstance(shape, Known)  # the type rule has seen to it
        along %= shape.rank
        sizes = [e.SizeOf(value, (place,)) for place in range(shape.rank)]
        sizes.insert(along + 1, literal(times))
        summed = along + 1
    is_whole = along is not None or (isinstance(shape, Known) and shape.rank == 1)
    after = shape if is_whole else Known((f"{body.symbol()}r",))
    added = _whole(body, node, after, lambda inner: _split_sum(inner, sizes, (summed,)))
    return moves.back(added, shape, e.ShapeOf(value))


def tiles_added(body: Body, node: ast.expr, x: ast.expr, reps: ast.expr) -> t.Term:
    """Return, for every entry, the sum of the cotangents of its copies in np.tile."""
    value, given = body.operand(x), body.value(reps)
    shape = body.pull.facts[value].shape
    assert isinstance(shape, Known)  # the type rule has seen to it
    times = given if isinstance(given, tuple) else (given,)
    rank = max(len(times), shape.rank)
    times = (1,) * (rank - len(times)) + times
    sizes: list[e.Expression] = []
    summed: list[int] = []
    for place, count in enumerate(times):
        own = place - (rank - shape.rank)
        if count != 1 or own < 0:
            summed.append(len(sizes))
            sizes.append(literal(count))
        if own >= 0:
            sizes.append(literal(-1) if rank == 1 else e.SizeOf(value, (own,)))
    if not summed:
        return moves.cotangent(body, node)
    return _whole(body, node, shape, lambda inner: _split_sum(inner, sizes, tuple(summed)))


def _split_sum(
    inner: e.Expression, sizes: list[e.Expression], axes: tuple[int, ...]
) -> e.Expression:
    split = e.Call(e.Attribute(inner, "reshape"), tuple(sizes))
    return e.call("numpy.sum", split, axis=literal(axes[0] if len(axes) == 1 else axes))


def moved_by(body: Body, name: ast.expr, node: ast.expr, x: ast.expr, *given: ast.expr) -> t.Term:
    """Return the cotangent with its entries moved by a numpy function, to x's shape."""
    shape = body.pull.facts[body.operand(x)].shape
    path = body.value(name)
    arguments = [moves.static(body.known(item)) for item in given if body.value(item) is not None]
    return moves.moved(
        moves.cotangent(body, node), shape, lambda inner: e.call(path, inner, *arguments)
    )


def grad_by(body: Body, name: ast.expr, node: ast.expr, x: ast.expr, *given: ast.expr) -> t.Term:
    """Return what a helper makes of the whole cotangent, in x's shape."""
    value = body.operand(x)
    arguments = tuple(_argument(body, item) for item in given)
    call = e.Helper(body.value(name))
    result = body.operation.result
    whole = linear.movable(body.term(node), body.pull.facts[result], result)
    term, flags = t.without_flags(whole)
    made = t.of(e.Call(call, (t.expression(term), *arguments)), body.pull.facts[value].shape)
    return t.with_masks(made, flags)


def _argument(body: Body, node: ast.expr) -> e.Expression:
    return moves.static(body.value(node))


def _inside(given: Any, shape: Known) -> list[e.Expression]:
    """Return the slices between literal margins."""
    slices: list[e.Expression] = []
    for axis, (before, after) in enumerate(margins(given, shape.rank)):
        start = literal(before) if before else None
        stop: e.Expression | None = literal(-after) if after else None
        dimension = shape.dimensions[axis]
        if isinstance(dimension, int) and after:
            stop = literal(before + dimension)
        slices.append(e.Slice(start, stop, None))
    return slices


def _inside_by(
    body: Body, given: ir.Value, value: ir.Value, shape: Known
) -> list[e.Expression] | None:
    """Return the slices between margins that the run knows; None where they are one tuple."""
    built, facts = body.pull.built, body.pull.facts

    def items_of(one: ir.Value) -> tuple[ir.Value, ...] | None:
        made = built.definition.get(one)
        return made.operands if isinstance(made, ir.Aggregate) else None

    sides = pairs(given, shape.rank, items_of)
    if sides is None:
        if not facts[given].scalar:
            return None
        sides = [(given, given)] * shape.rank
    slices: list[e.Expression] = []
    for axis, (before, after) in enumerate(sides):
        size = e.SizeOf(value, (axis,))
        if facts[before].dimension == 0:
            is_whole = facts[after].dimension == 0
            slices.append(moves.WHOLE if is_whole else e.Slice(None, size, None))
        else:
            start = e.Primal(before)
            slices.append(e.Slice(start, e.Binary("+", start, size), None))
    return slices


def margins_back(
    body: Body, node: ast.expr, x: ast.expr, width: ast.expr, mode: ast.expr
) -> t.Term:
    """Return the cotangent without the margins of np.pad, or with those that copy entries added."""
    value = body.operand(x)
    shape = body.pull.facts[value].shape
    slices: list[e.Expression] | None = None
    if body.value(mode) == "constant" and isinstance(shape, Known):
        if body.gate.name == "pad_by":
            slices = _inside_by(body, body.operand(width), value, shape)
        else:
            slices = _inside(body.value(width), shape)
    if slices is None:
        of_shape = ast.Call(ast.Name("shape"), [x], [])
        return grad_by(body, ast.Constant("_pad_grad"), node, x, of_shape, width, mode)
    while len(slices) > 1 and slices[-1] == moves.WHOLE:
        slices.pop()
    index = slices[0] if len(slices) == 1 else e.Sequence("tuple", tuple(slices))
    return moves.moved(moves.cotangent(body, node), shape, lambda inner: e.Subscript(inner, index))


def differences_back(body: Body, node: ast.expr, x: ast.expr, axis: ast.expr) -> t.Term:
    """Return what np.diff gives back: each difference to its two entries."""
    value, along = body.operand(x), body.known(axis)
    shape = body.pull.facts[value].shape
    assert isinstance(shape, Known)  # the body has seen to it
    along %= shape.rank
    one: Any = 1
    if shape.rank > 1:
        one = tuple((1, 1) if place == along else (0, 0) for place in range(shape.rank))
    keywords = _axis(body, along, value) if along != shape.rank - 1 else {}
    length = shape.dimensions[along]
    may_be_empty = not isinstance(length, int) or not length
    first = moves.along(body, along, e.Slice(None, e.SizeOf(value, (along,)), None))

    def differences(inner: e.Expression) -> e.Expression:
        padded = e.call("numpy.pad", inner, literal(one))
        made = e.call("numpy.diff", padded, **keywords)
        return e.Subscript(made, first) if may_be_empty else made

    return t.negate(_whole(body, node, shape, differences))


def spread(body: Body, node: ast.expr, x: ast.expr) -> t.Term:
    """Return a cotangent that is one number for all of x as an array in x's dtype."""
    term, value = body.term(node), body.operand(x)
    kind = body.pull.facts[value]
    if not (term.scalar or t.may_be_one_number(term)) or (kind.scalar and not kind.array):
        return term
    bare, flags = t.without_flags(term)
    return t.with_masks(t.of(linear.filled(bare, value), kind.shape), flags)


WORDS: dict[str, Callable[..., Any]] = {
    "sums_from_end": sums_from_end,
    "by_rank": by_rank,
    "repeats_added": repeats_added,
    "tiles_added": tiles_added,
    "spread": spread,
    "moved_by": moved_by,
    "grad_by": grad_by,
    "margins_back": margins_back,
    "differences_back": differences_back,
}
