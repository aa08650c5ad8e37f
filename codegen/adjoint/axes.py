"""What backward bodies of reductions say about axes, and the means that the author has taken."""

from __future__ import annotations

from dataclasses import replace

from codegen import expressions as e
from codegen import ir, shapes
from codegen.build.lines import Built
from codegen.shapes import SCALAR, Known, Shape
from codegen.simplify import linear
from codegen.simplify import terms as t


def leads(axes: object, shape: Shape) -> bool:
    """True if what was reduced over these axes broadcasts against `shape` without them."""
    if axes in (None, 0, (0,), ()):
        return True
    if not isinstance(shape, Known):
        return False
    lead = shapes.normalized(axes, shape.rank)
    return lead == tuple(range(len(lead)))


def expanded(term: t.Term, axes: object, shape: Shape, symbol: str) -> t.Term:
    """Return a reduced term with its axes back as 1, against an array of `shape`."""
    spelled = literal(axes)
    after: Shape = shapes.unknown(symbol)
    if isinstance(shape, Known):
        gone = shapes.normalized(axes, shape.rank)
        after = Known(tuple(1 if i in gone else d for i, d in enumerate(shape.dimensions)))
    return linear.reshape_like(
        term, after, lambda inner: e.call("numpy.expand_dims", inner, spelled)
    )


def same(left: object, right: object, shape: Shape) -> bool:
    """True if two `axis` arguments surely mean the same axes of an array of `shape`."""
    if left == right:
        return True
    if not isinstance(shape, Known):
        return False
    return shapes.normalized(left, shape.rank) == shapes.normalized(right, shape.rank)


def mean_at_hand(built: Built, x: ir.Value, axes: object, shape: Shape) -> list[ir.Gate]:
    """Return the author's means of x along these axes, in order."""
    return [
        made
        for made in built.readers.get(x, [])
        if made.gate == "mean"
        and made.static("dtype") is None
        and same(made.static("axis"), axes, shape)
    ]


def cast(term: t.Term, x: ir.Value) -> t.Term:
    """Return a cotangent of another precision in the float dtype of x."""
    inner = t.expression(replace(term, masks=()))
    shape = t.computed_shape(term.factors, ())
    if shape == SCALAR:
        made: e.Expression = e.Call(e.Name("float"), (inner,))  # a Python number takes any dtype
    else:
        made = e.call("numpy.asarray", inner, e.DtypeOf(x))
    result = t.with_masks(replace(t.of(made, shape), guarded=term.guarded), term.masks)
    return replace(result, settled=term.settled)


def turns_round(index: e.Expression) -> bool:
    """True for an index that takes all entries, along some axes from last to first: `x[::-1]`."""
    items = index.items if isinstance(index, e.Sequence) else (index,)
    steps = [item.step for item in items if isinstance(item, e.Slice)]
    bounds = [b for i in items if isinstance(i, e.Slice) for b in (i.lower, i.upper)]
    if len(steps) < len(items) or any(bound is not None for bound in bounds):
        return False
    given = [t.literal_value(step) for step in steps if step is not None]
    return bool(given) and all(step == -1 for step in given)


def literal(item: object) -> e.Expression:
    """Return an axis or a tuple of them as it is written."""
    if isinstance(item, tuple):
        return e.Sequence("tuple", tuple(literal(part) for part in item))
    if isinstance(item, int) and not isinstance(item, bool) and item < 0:
        return e.Unary("-", e.Literal(str(-item)))
    return e.Literal(repr(item))
