"""The words of the backward pass that numba compiles, for those of numpy that it does not."""

from __future__ import annotations

from codegen import expressions as e
from codegen.simplify import terms as t
from codegen.text.numba_table import UFUNCS

# What may be a view, with steps between its entries.
SHOWN = (e.Primal, e.Cotangent, e.Local, e.Subscript, e.Attribute)


def in_numba_words(expression: e.Expression) -> e.Expression:
    """Return an expression with a sum's axes kept, and several new ones made, one after another.

    `np.sum(x, axis=1, keepdims=True)` is `np.expand_dims(np.sum(x, axis=1), 1)`. What is one
    number after another takes no dtype: numba goes by the operands. It has no products of ints,
    and reshapes only what is contiguous.
    """

    def leaf(node: e.Expression) -> e.Expression | None:
        match node:
            case e.Call(e.Library("numpy.sum"), (inner,), keywords):
                given = dict(keywords)
                if given.pop("keepdims", None) != e.Literal("True") or "axis" not in given:
                    return None
                places = _places(given["axis"])
                if places is None:
                    return None
                made = e.Call(node.function, (e.rewrite(inner, leaf),), tuple(given.items()))
                return _expanded(made, places)
            case e.Call(e.Library("numpy.expand_dims"), (inner, e.Sequence() as axes), ()):
                places = _places(axes)
                return None if places is None else _expanded(e.rewrite(inner, leaf), places)
            case e.Binary("@", e.Call(e.Library("numpy.arange")) as counted, right):
                return e.call("numpy.sum", e.Binary("*", counted, e.rewrite(right, leaf)))
            case e.Call(e.Attribute(base, "reshape"), shape, ()) if isinstance(base, SHOWN):
                base = e.call("numpy.ascontiguousarray", e.rewrite(base, leaf))
                return e.Call(e.Attribute(base, "reshape"), shape)
            case e.Call(e.Library(path), operands, (("dtype", _),)) if _is_ufunc(path):
                return e.Call(node.function, tuple(e.rewrite(one, leaf) for one in operands))
        return None

    return e.rewrite(expression, leaf)


def _is_ufunc(path: str) -> bool:
    return path.removeprefix("numpy.") in UFUNCS


def _expanded(inner: e.Expression, places: list[int]) -> e.Expression:
    for place in places:
        inner = e.call("numpy.expand_dims", inner, e.number(place))
    return inner


def _places(axes: e.Expression) -> list[int] | None:
    """Return axes in the order in which each can be put in; None for one counted from the end."""
    items = axes.items if isinstance(axes, e.Sequence) else (axes,)
    found = [t.literal_value(item) for item in items]
    if any(place is None or place < 0 for place in found) and len(items) > 1:
        return None
    return sorted(int(place) for place in found if place is not None)
