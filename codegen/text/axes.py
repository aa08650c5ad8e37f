"""New axes as they read best: in the index of what is read, and left out of what is added to."""

from __future__ import annotations

from dataclasses import replace

from codegen import expressions as e
from codegen.analyses.types import TypeFacts
from codegen.simplify import terms as t
from codegen.stage.statements import Statement

NEW = e.Library("numpy.newaxis")
EXPANDED = e.Library("numpy.expand_dims")
WHOLE = e.Slice(None, None, None)


def with_plain_axes(statement: Statement, facts: TypeFacts) -> Statement:
    """Return the statement with `x[:, np.newaxis, np.newaxis]` for `np.expand_dims(x, (1, 2))`.

    `dx[:, np.newaxis] += np.sum(y, axis=1, keepdims=True)` is `dx[:] += np.sum(y, axis=1)`.
    """

    def leaf(node: e.Expression) -> e.Expression | None:
        match node:
            case e.Call(e.Library("numpy.expand_dims"), (inner, e.Sequence("tuple", axes)), ()):
                places = [axis for axis in map(_natural, axes) if axis is not None]
                if len(places) == len(axes):
                    return _indexed(e.rewrite(inner, leaf), places, facts)
        return None

    if EXPANDED in statement.expression.leaves():
        expression = e.rewrite(statement.expression, leaf)
        statement = replace(statement, expression=expression)
    return _without_new_axis(statement, facts)


def _natural(axis: e.Expression) -> int | None:
    value = t.literal_value(axis)
    return None if value is None or value < 0 else int(value)


def _items(index: e.Expression) -> list[e.Expression]:
    return list(index.items) if isinstance(index, e.Sequence) else [index]


def _is_number(item: e.Expression, facts: TypeFacts) -> bool:
    """True for an index that surely is one int."""
    if isinstance(item, (e.Sequence, e.Library, e.Conditional)):
        return False
    if isinstance(item, e.Literal):
        return t.literal_value(item) is not None
    kinds = [facts.types[value] for value in e.primals(item) if value in facts.types]
    return bool(kinds) and all(kind.scalar and kind.dtype == "int" for kind in kinds)


def _indexed(base: e.Expression, places: list[int], facts: TypeFacts) -> e.Expression:
    """Return `base` with new axes at some places of the result."""
    items: list[e.Expression] = []
    match base:
        case e.Subscript(inner, index) if all(
            isinstance(item, e.Slice) or _is_number(item, facts) for item in _items(index)
        ):
            base, items = inner, _items(index)
    found: list[e.Expression] = []
    axis = 0
    for item in items:
        while isinstance(item, e.Slice) and axis in places:
            found.append(NEW)
            axis += 1
        found.append(item)
        axis += isinstance(item, e.Slice)
    found += [NEW if place in places else WHOLE for place in range(axis, max(places) + 1)]
    return e.Subscript(base, e.Sequence("tuple", tuple(found)))


def _without_new_axis(statement: Statement, facts: TypeFacts) -> Statement:
    """Leave out an axis of length 1 that both sides of `dx[..., np.newaxis] += ...` have."""
    match statement:
        case Statement(
            form="part=" | "part+=" | "part-=",
            expression=e.Call(
                e.Library("numpy.sum"),
                summed,
                (("axis", axis), ("keepdims", e.Literal("True"))),
            ),
            index=e.Sequence("tuple", items),
        ):
            places = [n for n, item in enumerate(items) if item == NEW or isinstance(item, e.Slice)]
            rest = [item for n, item in enumerate(items) if n not in places]
            at = _natural(axis)
            if at is None or at >= len(places) or not all(_is_number(i, facts) for i in rest):
                return statement
            if items[places[at]] != NEW:
                return statement
            left = tuple(item for n, item in enumerate(items) if n != places[at])
            value = e.Call(e.Library("numpy.sum"), summed, (("axis", axis),))
            return replace(statement, expression=value, index=e.Sequence("tuple", left))
    return statement
