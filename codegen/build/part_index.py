"""The index of a part of a part: `a[1:-1][2:]` is `a[3:-1]`, and `a[i][j]` is `a[i, j]`.

All of it is text: what holds only if a part of an index is one number says so by a mark on that
part (`must_be_number`), which is held against the types when they are known.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

Bounds = Mapping[str, int]  # the least that a name may be

MADE = "made"  # the kind of a constant that the author did not write
_MARK = "_codegen_number"
_MATRIX = "_codegen_matrix"
_RANK = "_codegen_rank"


def must_be_number(node: ast.expr) -> bool:
    """True for a part of an index that must be one number: an array would mean something else."""
    return bool(getattr(node, _MARK, False))


def as_number(node: ast.expr) -> ast.expr:
    """Mark a part of an index: it must be one number."""
    setattr(node, _MARK, True)
    return node


def must_be_matrix(node: ast.expr) -> bool:
    """True for an array that must have two axes: else an index of its `.T` means another."""
    return bool(getattr(node, _MATRIX, False))


def turned(array: ast.expr, index: ast.expr) -> ast.expr | None:
    """Return the index that picks of a matrix what `.T[index]` picks: `a.T[j]` is `a[:, j]`.

    None where more than a row is picked, which lies the other way round.
    """
    items = items_of(index)
    numbers = [item for item in items if not isinstance(item, ast.Slice)]
    if not isinstance(array, ast.Name) or len(items) > 2 or not numbers:
        return None
    if any(_is_rest(item) or _is_axis(item) for item in numbers):
        return None
    setattr(array, _MATRIX, True)
    for item in numbers:
        as_number(item)
    both = [*items, *([ast.copy_location(ast.Slice(), index)] * (2 - len(items)))]
    return ast.copy_location(ast.Tuple(both[::-1], ast.Load()), index)


def axes_taken(node: ast.AST) -> int | None:
    """Return how many axes an array must have more than none: it is a part, and not a number."""
    return getattr(node, _RANK, None)


def takes_axes(base: ast.Name, numbers: int) -> None:
    """Mark an array of which a part is picked by as many numbers: it must have more axes."""
    setattr(base, _RANK, numbers)


def of_column(
    array: ast.expr, outer: ast.expr, inner: ast.expr, bounds: Bounds
) -> ast.expr | None:
    """Return the index of `a[:, j][m]` for an index array or a mask: `a[m, j]` of a matrix."""
    if least(inner, bounds) is not None:
        return None
    match items_of(outer), items_of(inner):
        case [ast.Slice() as rows, column], [picked] if _is_all(rows) and isinstance(
            array, ast.Name
        ):
            if any(_is_rest(one) or _is_axis(one) for one in (column, picked)):
                return None
            if isinstance(column, ast.Slice) or isinstance(picked, ast.Slice):
                return None
            setattr(array, _MATRIX, True)
            return ast.copy_location(ast.Tuple([picked, as_number(column)], ast.Load()), outer)
    return None


def items_of(index: ast.expr) -> list[ast.expr]:
    """Return the parts of an index."""
    return list(index.elts) if isinstance(index, ast.Tuple) else [index]


def least(node: ast.expr, bounds: Bounds) -> int | None:
    """Return the least that a whole number may be, if that is known.

    >>> least(ast.parse("2 * i + 1", mode="eval").body, {"i": 3})
    7
    """
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(value=int() as value)):
            return -value
        case ast.Name(name):
            return bounds.get(name)
        case ast.BinOp(left, ast.Add(), right):
            one, other = least(left, bounds), least(right, bounds)
            return None if one is None or other is None else one + other
        case ast.BinOp(left, ast.Sub(), ast.Constant(value=int() as value)):
            one = least(left, bounds)
            return None if one is None else one - value
        case ast.BinOp(left, ast.Mult(), right):
            one, other = least(left, bounds), least(right, bounds)
            if one is None or other is None or one < 0 or other < 0:
                return None
            return one * other
        case ast.Call(ast.Name("len"), [_], []):
            return 0
        case ast.Subscript(ast.Attribute(_, "shape"), _):
            return 0
    return None


def turns_from(node: ast.For, bounds: Bounds) -> int | None:
    """Return the least that the variable of `for i in range(...)` may be, if that is known."""
    match node.target, node.iter:
        case ast.Name(), ast.Call(ast.Name("range"), [_], []):
            return 0
        case ast.Name(), ast.Call(ast.Name("range"), [start, _], []):
            return least(start, bounds)
        case ast.Name(), ast.Call(ast.Name("range"), [start, stop, step], []):
            by = _number(step)
            if by is None or by == 0:
                return None
            if by > 0:
                return least(start, bounds)
            end = least(stop, bounds)
            return None if end is None else end + 1
    return None


def composed(
    outer: ast.expr, inner: ast.expr, bounds: Bounds, is_read: bool = False
) -> ast.expr | None:
    """Return the index that picks of an array what `[outer][inner]` picks; None if it is not known.

    One that `is_read` may stay as it is: there is none that holds for numbers only.

    >>> index = composed(ast.parse("a[1:-1]").body[0].value.slice, ast.parse("2").body[0].value, {})
    >>> ast.unparse(index)
    '3'
    """
    first, second = items_of(outer), items_of(inner)
    if any(_is_rest(part) or _is_axis(part) for part in first):
        return outer if len(second) == 1 and _is_rest(second[0]) else None
    if len(second) == 1 and (_is_rest(second[0]) or _is_all(second[0])):
        return outer
    numbers = [part for part in first if not isinstance(part, ast.Slice)]
    # `a[i][m]` is `a[i, m]` for an index array m too, and `a[i][:, m]` is not `a[i, :, m]`.
    marked = list(numbers)
    if len(numbers) < len(first) or len(second) > 1:
        new = [part for part in second if not isinstance(part, ast.Slice)]
        new = [part for part in new if not _is_rest(part) and not _is_axis(part)]
        if is_read and any(least(part, bounds) is None for part in new):
            return None
        marked += new
    found: list[ast.expr] = []
    left = list(second)
    if len(numbers) < len(first):
        if any(_is_rest(part) or _is_axis(part) for part in second):
            return None
        for part in first:
            made: ast.expr | None = part
            if isinstance(part, ast.Slice) and left:
                made = _within(part, left.pop(0), bounds)
            if made is None:
                return None
            found.append(made)
    else:
        found = list(first)
    for part in marked:
        as_number(part)
    parts = [*found, *left]
    return parts[0] if len(parts) == 1 else ast.copy_location(ast.Tuple(parts, ast.Load()), outer)


def _within(outer: ast.Slice, inner: ast.expr, bounds: Bounds) -> ast.expr | None:
    """Return what `[outer][inner]` picks along one axis."""
    if _is_all(outer):
        return inner
    if isinstance(inner, ast.Slice):
        return outer if _is_all(inner) else _slice_within(outer, inner, bounds)
    return _number_within(outer, inner, bounds)


def _number_within(outer: ast.Slice, inner: ast.expr, bounds: Bounds) -> ast.expr | None:
    step = 1 if outer.step is None else _number(outer.step)
    if step is None or step < 1 or not _is_from_start(outer, bounds):
        return None
    lowest, known = least(inner, bounds), _number(inner)
    if known is not None and known < 0 and step == 1:
        # From the end, which must be one that is counted from the end too.
        end = 0 if outer.upper is None else _number(outer.upper)
        if end is None or (outer.upper is not None and end >= 0):
            return None
        return as_number(_constant(inner, end + known))
    if lowest is None or lowest < 0:
        return None
    return as_number(_sum(_times(inner, step), outer.lower))


def _slice_within(outer: ast.Slice, inner: ast.Slice, bounds: Bounds) -> ast.expr | None:
    step = 1 if outer.step is None else _number(outer.step)
    own = 1 if inner.step is None else _number(inner.step)
    if step is None or step < 1 or own is None or own < 1 or not _is_from_start(outer, bounds):
        return None
    lower, upper = outer.lower, outer.upper
    if inner.lower is not None:
        lowest = least(inner.lower, bounds)
        if lowest is None or lowest < 0:
            return None
        lower = _sum(_times(inner.lower, step), outer.lower)
    if inner.upper is not None:
        known, lowest = _number(inner.upper), least(inner.upper, bounds)
        end = 0 if outer.upper is None else _number(outer.upper)
        if known is not None and known < 0:
            # From the end: each entry that is left out takes a whole step off.
            if end is None or (outer.upper is not None and end >= 0):
                return None
            upper = _constant(inner.upper, end + known * step)
        elif lowest is not None and lowest >= 0 and outer.upper is None:
            upper = _sum(_times(inner.upper, step), outer.lower)
        else:
            return None
    both = outer.step if own == 1 else inner.step if step == 1 else _constant(outer, step * own)
    return ast.copy_location(ast.Slice(lower, upper, both), outer)


def _times(node: ast.expr, step: int) -> ast.expr:
    known = _number(node)
    if step == 1:
        return node
    if known is not None:
        return _constant(node, known * step)
    return ast.copy_location(ast.BinOp(_constant(node, step), ast.Mult(), node), node)


def _is_from_start(node: ast.Slice, bounds: Bounds) -> bool:
    """True if a slice begins at a place that is counted from the start."""
    lowest = 0 if node.lower is None else least(node.lower, bounds)
    return lowest is not None and lowest >= 0


def _sum(node: ast.expr, other: ast.expr | None) -> ast.expr:
    """Return `other + node`, with the numbers put together: `1 + (i - 1)` is `i`."""
    if other is None:
        return node
    one, two = _number(node), _number(other)
    if two == 0:
        return node
    if one is not None and two is not None:
        return _constant(node, one + two)
    if one is not None:
        return _shifted(node, other, one)
    if two is not None:
        return _shifted(node, node, two)
    return ast.copy_location(ast.BinOp(other, ast.Add(), node), node)


def _shifted(place: ast.expr, node: ast.expr, by: int) -> ast.expr:
    """Return `node + by` for `i`, `i + 1` and `i - 1`."""
    match node:
        case ast.BinOp(inner, ast.Add(), ast.Constant(value=int() as value)):
            node, by = inner, by + value
        case ast.BinOp(inner, ast.Sub(), ast.Constant(value=int() as value)):
            node, by = inner, by - value
    if by == 0:
        return node
    operator = ast.Add() if by > 0 else ast.Sub()
    return ast.copy_location(ast.BinOp(node, operator, _constant(place, abs(by))), place)


def _number(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(value=int() as value)):
            return -value
    return None


def _constant(node: ast.AST, value: int) -> ast.expr:
    made: ast.expr = ast.Constant(abs(value), kind=MADE)
    if value < 0:
        made = ast.UnaryOp(ast.USub(), ast.copy_location(made, node))
    return ast.copy_location(made, node)


def _is_all(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice) and not (node.lower or node.upper or node.step)


def _is_rest(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _is_axis(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute) and node.attr == "newaxis":
        return True
    return isinstance(node, ast.Constant) and node.value is None
