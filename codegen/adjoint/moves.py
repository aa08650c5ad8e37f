"""Words of backward bodies that move a cotangent's entries: slices of it, axes, diagonals.

Each takes the body that is evaluated and the nodes of its arguments.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.axes import literal
from codegen.frozen import changed, frozen
from codegen.gates.declare import BY_KEY
from codegen.gates.type_rules_apart import section_axis
from codegen.gates.type_rules_axes import size
from codegen.shapes import SCALAR, Known, Shape, Type, normalized, unknown
from codegen.simplify import linear
from codegen.simplify import terms as t

if TYPE_CHECKING:
    from codegen.adjoint.pullback import Body

WHOLE = e.Slice(None, None, None)


@frozen
class Where:
    """Which entries of a gradient: an index, and whether it may name one twice."""

    index: e.Expression
    mode: str  # as a flow's: "part" or "repeats"


@frozen
class Into:
    """A term that goes to some entries of a gradient that is zero elsewhere."""

    term: t.Term
    where: Where


# whole arrays


def cotangent(body: Body, node: ast.expr) -> t.Term:
    """Return d to be moved; where it is one number for all entries, that number."""
    if not isinstance(node, ast.Name) or node.id != "d":
        return body.term(node)
    if body.pull.d.scalar:
        body.pull.d_reads += 1
        return body.pull.d
    body.pull.d_reads += 1
    result = body.operation.result
    return linear.movable(body.pull.d, body.pull.facts[result], result)


def moved(term: t.Term, shape: Shape, operation: linear.Apply) -> t.Term:
    """Return a term with its entries in other places; one number stays one number."""
    return term if term.scalar else linear.reshape_like(term, shape, operation)


def reshaped(body: Body, node: ast.expr, shape: e.ShapeOf) -> t.Term:
    """Return `d.reshape(shape)`; of a number's gradient the only entry."""
    term = cotangent(body, node)
    return back(term, body.pull.facts[shape.value].shape, shape)


def back(term: t.Term, wanted: Shape, shape: e.ShapeOf) -> t.Term:
    """Return a term in the shape from which its value was reshaped."""
    had = t.whole_shape(term.shape)
    if had == wanted:
        return term
    if wanted == SCALAR:
        return moved(term, SCALAR, lambda inner: _only_entry(inner, had))

    def operation(inner: e.Expression) -> e.Expression:
        dropped = linear.without_kept_axes(inner, had, wanted)
        return dropped or e.Call(e.Attribute(inner, "reshape"), (shape,))

    return moved(term, wanted, operation)


def _only_entry(inner: e.Expression, shape: Shape) -> e.Expression:
    if not isinstance(shape, Known):
        return e.call("numpy.sum", inner)
    return e.Subscript(inner, _index([e.number(0)] * shape.rank))


def _index(items: list[e.Expression]) -> e.Expression:
    return items[0] if len(items) == 1 else e.Sequence("tuple", tuple(items))


def library(body: Body, path: str, node: ast.Call) -> t.Term:
    """Return a numpy function that only moves entries, or clears some."""
    name = path.removeprefix("numpy.")
    given = [body.known(argument) for argument in node.args[1:]]
    if name in ("tril", "triu"):
        if body.gate.name != name:
            return body.called(path, node)
        return _triangle(body, path, node, given)
    is_moved = name in ("diag", "diagonal", "swapaxes", "moveaxis", "transpose")
    term = cotangent(body, node.args[0])
    if is_moved and term.scalar:
        return term
    if term.scalar:
        term = body.term(node.args[0])
    shape = _shape(body, path, term, given)
    if name == "transpose":
        (axes,) = given
        return moved(term, shape, lambda inner: _transposed(inner, axes))
    return moved(term, shape, lambda inner: e.call(path, inner, *_spelled(given)))


MOVES = ("tril", "triu", "diag", "diagonal", "swapaxes", "moveaxis", "transpose", "expand_dims")


def _shape(body: Body, path: str, term: t.Term, given: list[Any]) -> Shape:
    """Return what numpy's function makes of the term's shape."""
    if path in ("numpy.diag", "numpy.diagonal"):
        return body.pull.facts[body.operation.operands[0]].shape
    (pattern, gate), *_ = BY_KEY[path]
    names = [a.name for a in pattern.arguments if a.role == "static"]
    statics = dict(zip(names, given, strict=False))
    return gate.rule([Type("number", term.shape, "float", True)], statics, body.symbol()).shape


def _transposed(inner: e.Expression, axes: tuple[int, ...]) -> e.Expression:
    if axes == (1, 0):
        return e.Attribute(inner, "T")
    if axes == tuple(range(len(axes))):
        return inner
    return e.Call(e.Attribute(inner, "transpose"), tuple(e.number(a) for a in axes))


def inverse(body: Body, node: ast.expr) -> tuple[int, ...]:
    """Return the order of axes that undoes another."""
    axes = body.value(node)
    order = [axis % len(axes) for axis in axes]
    return tuple(order.index(place) for place in range(len(order)))


def _triangle(body: Body, path: str, node: ast.Call, given: list[Any]) -> t.Term:
    """Return the triangle of a term; its masks stay where they are."""
    result = body.operation.result
    kind = body.pull.facts[result]
    term = body.term(node.args[0])
    bare = changed(term, masks=(), shape=t.computed_shape(term.factors, ()))
    whole = linear.materialized(bare, kind, result)
    made = linear.apply(whole, kind.shape, lambda inner: e.call(path, inner, *_spelled(given)))
    return t.with_masks(changed(made, guarded=term.guarded), term.masks)


def _spelled(given: list[Any]) -> list[e.Expression]:
    """Return static arguments, without a trailing 0, which is the default."""
    kept = given[:-1] if given and given[-1] == 0 and type(given[-1]) is int else given
    return [static(item) for item in (kept if len(given) == 1 else given)]


def static(item: Any) -> e.Expression:
    """Return a static argument, or a term, as an expression."""
    if isinstance(item, e.Expression):
        return item
    if isinstance(item, t.Term):
        if item.factors:
            return t.expression(item)
        number = item.coefficient
        return literal(int(number) if number.denominator == 1 else float(number))
    return literal(item)


# parts of what was put together


def own_entry(body: Body, node: ast.expr, axis: ast.expr) -> t.Term:
    """Return the entry along a new axis that is this part."""
    return _cut(body, node, along(body, body.value(axis), e.number(body.place)))


def own_item(body: Body, node: ast.expr) -> t.Term:
    """Return the entry that is this item of nested lists."""
    paths: Any = body.operation.static("items")
    path = paths[body.place]
    return _cut(body, node, _index([e.number(place) for place in path]))


def own_part(body: Body, node: ast.expr, axis: ast.expr) -> t.Term:
    """Return the slice along an axis that is this part."""
    axis_ = body.value(axis)
    if axis_ is not None:
        return _slice(body, node, axis_)
    value = _own(body)
    wanted = body.pull.facts[value].shape
    bounds = _bounds(body, None)
    if wanted == SCALAR:
        start = bounds.lower if isinstance(bounds, e.Slice) else bounds
        return _cut(body, node, start or e.number(0))
    if isinstance(wanted, Known) and wanted.rank == 1:
        return _cut(body, node, bounds)
    term = _cut(body, node, bounds, Known((f"{body.symbol()}p",)))
    return term if term.scalar else back(term, wanted, e.ShapeOf(value))


def own_beside(body: Body, node: ast.expr) -> t.Term:
    """Return the slice that is this part of np.hstack."""
    ranks = [_rank(body, value) for value in body.operation.operands]
    if any(rank is not None and rank > 1 for rank in ranks):
        return _slice(body, node, 1)
    if None in ranks[: body.place + 1]:
        return _by_helper(body, node, "_hstack_grad")
    return _slice(body, node, 0)


def own_below(body: Body, node: ast.expr) -> t.Term:
    """Return the rows that are this part of np.vstack."""
    ranks = [_rank(body, value) for value in body.operation.operands[: body.place + 1]]
    if None in ranks:
        return _by_helper(body, node, "_vstack_grad")
    return _slice(body, node, 0)


def own_deep(body: Body, node: ast.expr) -> t.Term:
    """Return the layers that are this part of np.dstack; a row or a matrix is in one of them."""
    ranks = [_rank(body, value) for value in body.operation.operands[: body.place + 1]]
    own = ranks[-1]
    if own is None or None in ranks:
        return _by_helper(body, node, "_dstack_grad")
    if own > 2:
        return _slice(body, node, 2)
    bounds = _bounds(body, 2)
    before: list[e.Expression] = [*[e.number(0)] * (2 - own), *[WHOLE] * own]
    if own == 1:
        before = [e.number(0), WHOLE]
    assert not isinstance(bounds, e.Slice)
    return _cut(body, node, _index([*before, bounds]))


def own_first(body: Body, node: ast.expr) -> t.Term:
    """Return the slice along the first axis that is this part of np.r_."""
    ranks = [_rank(body, value) for value in body.operation.operands[: body.place + 1]]
    return _by_helper(body, node, "_r_grad") if None in ranks else _slice(body, node, 0)


def own_last(body: Body, node: ast.expr) -> t.Term:
    """Return the slice along the last axis that is this part of np.c_."""
    ranks = [_rank(body, value) for value in body.operation.operands[: body.place + 1]]
    if None in ranks:
        return _by_helper(body, node, "_c_grad")
    if ranks[-1] == 0:
        return _cut(body, node, _index([e.number(0), _bounds(body, -1)]))
    return _slice(body, node, -1)


def own_columns(body: Body, node: ast.expr) -> t.Term:
    """Return the columns that are this part of np.column_stack."""
    ranks = [_rank(body, value) for value in body.operation.operands[: body.place + 1]]
    if None in ranks:
        return _by_helper(body, node, "_column_stack_grad")
    return _slice(body, node, 1)


def _own(body: Body) -> ir.Value:
    return body.operation.operands[body.place]


def _rank(body: Body, value: ir.Value) -> int | None:
    shape = body.pull.facts[value].shape
    return shape.rank if isinstance(shape, Known) else None


def _by_helper(body: Body, node: ast.expr, name: str) -> t.Term:
    term, flags = t.without_flags(cotangent(body, node))
    if term.scalar:
        return t.with_masks(term, flags)
    before = tuple(e.ShapeOf(value) for value in body.operation.operands[: body.place])
    arguments = (t.expression(term), e.Sequence("list", before), e.ShapeOf(_own(body)))
    call = e.Call(e.Helper(name), arguments)
    return t.with_masks(t.of(call, body.pull.facts[_own(body)].shape), flags)


def _slice(body: Body, node: ast.expr, axis: int) -> t.Term:
    if len(body.operation.operands) == 1:
        own = body.pull.facts[_own(body)].shape
        if own == body.pull.facts[body.operation.result].shape:
            return cotangent(body, node)
    index = along(body, axis, _bounds(body, axis))
    missing = (_rank_of_result(body) or 0) - (_rank(body, _own(body)) or 0)
    if _rank(body, _own(body)) is not None and missing > 1:
        index = _index([index, *[e.number(0)] * (missing - 1)])  # a number in a row
    return _cut(body, node, index)


def _rank_of_result(body: Body) -> int | None:
    return _rank(body, body.operation.result)


def _bounds(body: Body, axis: int | None) -> e.Expression:
    """Return the slice between the parts before and behind; a number for a part without axes."""
    operands = body.operation.operands
    start = _total([_length(body, value, axis) for value in operands[: body.place]])
    own = _length(body, _own(body), axis)
    if isinstance(own, str):
        return start or e.number(0)
    last = body.place == len(operands) - 1
    stop = None if last else _total([*([start] if start is not None else []), own])
    return e.Slice(start, stop, None)


def _length(body: Body, value: ir.Value, axis: int | None) -> e.Expression | str:
    """Return how far a part reaches along an axis; "1" for one that has not the axis itself."""
    shape = body.pull.facts[value].shape
    if axis is None:
        total = size(shape, "")
        return e.number(total) if isinstance(total, int) else e.SizeOf(value)
    result = _rank_of_result(body)
    if isinstance(shape, Known):
        if result is not None and shape.rank < result:
            return "1"
        known = shape.dimensions[axis]
        if isinstance(known, int):
            return e.number(known)
        return e.SizeOf(value, (normalized(axis, shape.rank)[0],))
    return e.SizeOf(value, (axis,))


def _total(lengths: list[e.Expression | str]) -> e.Expression | None:
    """Return the sum, numbers added up; None for nothing."""
    parts: list[e.Expression | int] = []
    for length in [part for one in lengths for part in _summands(one)]:
        known = t.literal_value(length)
        if known is None:
            parts.append(length)
            continue
        place = next((i for i, part in enumerate(parts) if isinstance(part, int)), None)
        if place is None:
            parts.append(int(known))
        else:
            parts[place] = int(known) + int(parts[place])  # type: ignore[arg-type]
    made = [e.number(part) if isinstance(part, int) else part for part in parts]
    kept = [part for part in made if t.literal_value(part) != 0] or made[:1]
    return functools.reduce(lambda left, right: e.Binary("+", left, right), kept) if kept else None


def _summands(length: e.Expression | str) -> list[e.Expression]:
    if isinstance(length, str):
        return [e.number(1)]
    if isinstance(length, e.Binary) and length.operator == "+":
        return [*_summands(length.left), *_summands(length.right)]
    return [length]


def along(body: Body, axis: int, here: e.Expression) -> e.Expression:
    """Return the index that has `here` at an axis."""
    rank = _rank_of_result(body)
    if axis < 0 and rank is not None:
        axis += rank
    if axis >= 0:
        return _index([*[WHOLE] * axis, here])
    return _index([e.Literal("..."), here, *[WHOLE] * (-axis - 1)])


def _cut(body: Body, node: ast.expr, index: e.Expression, shape: Shape | None = None) -> t.Term:
    term = cotangent(body, node)
    wanted = shape or body.pull.facts[_own(body)].shape
    return moved(term, wanted, lambda inner: _read(inner, index))


def _read(base: e.Expression, index: e.Expression) -> e.Expression:
    """Return `base[index]`; an entry of a slice from a known place is an entry of its base."""
    match base, t.literal_value(index):
        case e.Subscript(inner, e.Slice(start, _, None)), number if number is not None:
            return e.Subscript(inner, _total([start or e.number(0), index]) or index)
    return e.Subscript(base, index)


# some entries


def into(body: Body, node: ast.expr, where: ast.expr) -> Into:
    """Return d for some entries, zeros elsewhere."""
    place = body.value(where)
    assert isinstance(place, Where)
    body.pull.d_reads += 1
    assert isinstance(node, ast.Name)
    assert node.id == "d"
    return Into(body.pull.d, place)


def position(body: Body, x: ast.expr, indices: ast.expr, axis: ast.expr) -> Where:
    """Return where np.take reads."""
    value, index = (body.operand(node) for node in (x, indices))
    shape = body.pull.facts[value].shape
    along = body.value(axis)
    kind = body.pull.facts[index]
    single = kind.kind == "number" and kind.scalar
    mode = "part" if single or body.pull.never_repeats([index]) else "repeats"
    at = _as_index(index, body)
    if along is None and isinstance(shape, Known) and shape.rank == 1:
        return Where(at, mode)
    if along is None:
        if kind.kind == "list":
            at = e.call("numpy.array", at)
        counted = e.Binary("%", at, e.SizeOf(value))  # negative numbers count from the end
        return Where(e.call("numpy.unravel_index", counted, e.ShapeOf(value)), mode)
    return Where(_at_axis(at, along, shape), mode)


def _as_index(index: ir.Value, body: Body) -> e.Expression:
    """Return what stands between brackets for whole numbers: a tuple would name one entry."""
    read = e.Primal(index)
    return e.call("numpy.array", read) if body.pull.facts[index].kind == "tuple" else read


def _at_axis(at: e.Expression, axis: int, shape: Shape) -> e.Expression:
    """Return the index that has `at` at an axis of a shape."""
    if axis < 0 and isinstance(shape, Known):
        axis += shape.rank
    if axis >= 0:
        return _index([*[WHOLE] * axis, at])
    return _index([e.Literal("..."), at, *[WHOLE] * (-axis - 1)])


def picked(body: Body, node: ast.expr, indices: ast.expr) -> t.Term:
    """Return the entries of d with these numbers."""
    index = body.operand(indices)
    shape = body.pull.facts[index].shape
    if body.pull.facts[index].kind != "number":
        shape = Known((f"{body.symbol()}i",))
    read = _as_index(index, body)
    return moved(cotangent(body, node), shape, lambda inner: e.Subscript(inner, read))


def taken_once(body: Body, x: ast.expr, indices: ast.expr, axis: ast.expr) -> bool:
    """True if np.take_along_axis surely takes no entry twice: one of each row, or by an order."""
    value, index = body.operand(x), body.operand(indices)
    shape, given = (body.pull.facts[one].shape for one in (value, index))
    along = body.value(axis)
    if along is None or not isinstance(shape, Known) or not isinstance(given, Known):
        return False
    (place,) = normalized(along, shape.rank)
    pairs = zip(shape.dimensions, given.dimensions, strict=True)
    if any(one != other for at, (one, other) in enumerate(pairs) if at != place):
        return False
    made = body.pull.built.definition.get(index)
    if isinstance(made, ir.Gate) and made.gate in ("argsort", "argpartition"):
        order = made.static("axis")
        return order is not None and normalized(order, shape.rank) == (place,)
    return given.dimensions[place] == 1


def kept_places(body: Body, x: ast.expr, obj: ast.expr, axis: ast.expr) -> Where:
    """Return where the entries are that np.delete leaves."""
    value = body.operand(x)
    shape = body.pull.facts[value].shape
    along = body.value(axis)
    is_row = isinstance(shape, Known) and shape.rank == 1
    size = e.SizeOf(value) if along is None else e.SizeOf(value, (along,))
    if isinstance(shape, Known) and along is not None:
        size = e.SizeOf(value, (along % shape.rank,))
    gone = e.Primal(body.operand(obj))
    kept = e.call("numpy.delete", e.call("numpy.arange", size), gone)
    if along is None and not is_row:
        return Where(e.call("numpy.unravel_index", kept, e.ShapeOf(value)), "part")
    return Where(_at_axis(kept, along or 0, shape), "part")


def diagonal(body: Body, x: ast.expr, k: ast.expr) -> Where:
    """Return the places of a diagonal of the first two axes, as a mask."""
    return Where(_eye(body, x, k, e.Name("bool"), (0, 1)), "part")


def identity(body: Body, x: ast.expr, k: ast.expr) -> t.Term:
    """Return ones on a diagonal of the last two axes, in the dtype of x's gradient."""
    value = body.operand(x)
    shape = body.pull.facts[value].shape
    made = _eye(body, x, k, e.DtypeOf(value), (-2, -1))
    known = Known(shape.dimensions[-2:]) if isinstance(shape, Known) else unknown(body.symbol())
    return t.of(made, known)


def _eye(
    body: Body, x: ast.expr, k: ast.expr, dtype: e.Expression, axes: tuple[int, int]
) -> e.Expression:
    value = body.operand(x)
    shape = body.pull.facts[value].shape
    if isinstance(shape, Known):
        axes = (axes[0] % shape.rank, axes[1] % shape.rank)
        square = shape.dimensions[axes[0]] == shape.dimensions[axes[1]]
    else:
        square = False
    sizes = [e.SizeOf(value, (axis,)) for axis in (axes[:1] if square else axes)]
    offset = body.known(k)
    keywords = {} if offset == 0 and type(offset) is int else {"k": static(offset)}
    return e.call("numpy.eye", *sizes, **keywords, dtype=dtype)


def shares(body: Body, num: ast.expr, endpoint: ast.expr) -> t.Term:
    """Return how much of np.linspace's numbers is its end."""
    keywords = {} if body.value(endpoint) else {"endpoint": e.Literal("False")}
    count = body.known(num)
    made = e.call("numpy.linspace", e.number(0), e.number(1), static(count), **keywords)
    length = count if isinstance(count, int) else f"{body.symbol()}n"
    return t.of(made, Known((length,)))


def axes_of(body: Body, x: ast.expr) -> int | tuple[int, ...]:
    """Return the axes of an outer sum or product that are those of an operand, one as a number."""
    assert isinstance(x, ast.Name)
    first, second = (_rank(body, value) for value in body.operation.operands)
    assert first is not None
    assert second is not None  # the body has seen to it
    is_first = body.gate.operands.index(x.id) == 0
    axes = range(first) if is_first else range(first, first + second)
    return axes[0] if len(axes) == 1 else tuple(axes)


def section_of(body: Body, x: ast.expr) -> Where:
    """Return where a part of np.split is in its array."""
    value = body.operand(x)
    shape = body.pull.facts[value].shape
    statics: dict[str, Any] = body.statics
    axis, count, place = (statics[word] for word in ("axis", "count", "place"))
    size: e.Expression = e.SizeOf(value, (axis,))
    if isinstance(shape, Known):
        axis = section_axis(statics, shape.rank)
        known = shape.dimensions[axis]
        size = e.number(known) if isinstance(known, int) else e.SizeOf(value, (axis,))
    uneven = statics["name"] == "array_split"
    lower = None if place == 0 else _section_start(size, place, count, uneven)
    upper = None if place == count - 1 else _section_start(size, place + 1, count, uneven)
    return Where(along(body, axis, e.Slice(lower, upper, None)), "part")


def _section_start(size: e.Expression, place: int, count: int, uneven: bool) -> e.Expression:
    known = t.literal_value(size)
    if known is not None:
        short, longer = divmod(int(known), count)
        return e.number(place * short + min(place, longer))
    if uneven and place == 1:
        return e.Binary("//", e.Binary("+", size, e.number(count - 1)), e.number(count))
    if uneven:
        least = e.Binary("//", size, e.number(count))
        longer_ones = e.Binary("%", size, e.number(count))
        most = e.Call(e.Name("min"), (e.number(place), longer_ones))
        return e.Binary("+", e.Binary("*", e.number(place), least), most)
    several = size if place == 1 else e.Binary("*", e.number(place), size)
    return e.Binary("//", several, e.number(count))


def mesh_sum(body: Body, node: ast.expr, x: ast.expr) -> t.Term:
    """Return d summed over the axes of np.meshgrid that are not x's own."""
    value = body.operand(x)
    statics: dict[str, Any] = body.statics
    result = body.pull.facts[body.operation.result].shape
    assert isinstance(result, Known)
    own: int = statics["place"]
    if statics["indexing"] == "xy" and own < 2 <= result.rank:
        own = 1 - own
    wanted = body.pull.facts[value].shape
    others = tuple(place for place in range(result.rank) if place != own)
    term = cotangent(body, node)
    if not statics["sparse"] and others:
        whole = linear.materialized(term, body.pull.facts[body.operation.result], _result(body))
        axes = literal(others[0] if len(others) == 1 else others)
        row = Known((result.dimensions[own],))
        term = linear.apply(whole, row, lambda inner: e.call("numpy.sum", inner, axis=axes))
    if isinstance(wanted, Known) and wanted.rank == 1 and not statics["sparse"]:
        return changed(term, shape=wanted) if not term.scalar else term
    return back(term, wanted, e.ShapeOf(value))


def _result(body: Body) -> ir.Value:
    return body.operation.result


WORDS: dict[str, Callable[..., Any]] = {
    "inverse": inverse,
    "own_entry": own_entry,
    "own_item": own_item,
    "own_part": own_part,
    "own_beside": own_beside,
    "own_below": own_below,
    "own_columns": own_columns,
    "own_deep": own_deep,
    "own_first": own_first,
    "own_last": own_last,
    "into": into,
    "position": position,
    "kept_places": kept_places,
    "taken_once": taken_once,
    "picked": picked,
    "diagonal": diagonal,
    "identity": identity,
    "shares": shares,
    "axes_of": axes_of,
    "section_of": section_of,
    "mesh_sum": mesh_sum,
}
