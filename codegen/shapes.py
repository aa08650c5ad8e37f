"""Shapes, known or symbolic, and what numpy's broadcasting makes of them.

A dimension is an int, a symbol ("N" from an annotation, "x.0" where nothing is said) or, where two
symbols met elementwise and either may be 1, the set of both. A shape of unknown rank is the
set of the shapes that were broadcast into it, so that equal unknown shapes are seen to be equal.
"""

from __future__ import annotations

from codegen.frozen import changed, frozen

Dimension = int | str | frozenset[str]


class ShapeClash(ValueError):
    """Two shapes that cannot be broadcast, or declared dimension names that differ."""

    def __init__(self, left: Dimension, right: Dimension) -> None:
        super().__init__(f"dimensions {show_dimension(left)} and {show_dimension(right)} clash")
        self.left, self.right = left, right


class Misfit(ValueError):
    """A gate's type rule refuses its operands; `help` says what to write instead."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


@frozen
class Known:
    """A shape of known rank."""

    dimensions: tuple[Dimension, ...] = ()

    @property
    def rank(self) -> int:
        return len(self.dimensions)


@frozen
class Unknown:
    """A shape of unknown rank: the broadcast of its parts."""

    parts: frozenset[str | Known]


Shape = Known | Unknown
SCALAR = Known(())


def is_scalar(shape: Shape) -> bool:
    """True for the shape of one number: `shape == SCALAR`, asked for all the time."""
    return isinstance(shape, Known) and not shape.dimensions


def unknown(symbol: str) -> Unknown:
    """Return the shape of which nothing but a name is known."""
    return Unknown(frozenset({symbol}))


def is_declared(dimension: Dimension) -> bool:
    """True for a name that an annotation gave: different ones must not meet elementwise."""
    return isinstance(dimension, str) and dimension.isidentifier()


def clipped(length: Dimension, symbol: str) -> Dimension:
    """Return the length of `x[i : i + length]`, which is less where x ends before.

    Where it meets `length` elementwise it is that, or 1: then the gradient, which is as long as
    `length`, does not fit into the slice that it is added to, and numpy raises.
    """
    return f"{length}<{symbol}"


def is_clipped(dimension: Dimension, length: Dimension) -> bool:
    """True for the length of a slice that is `length`, if it is whole."""
    return isinstance(dimension, str) and dimension.startswith(f"{length}<")


def fits(actual: Shape, wanted: Shape) -> bool:
    """True if two shapes are one, but for slices that are taken to be whole."""
    if not isinstance(actual, Known) or not isinstance(wanted, Known):
        return actual == wanted
    pairs = zip(actual.dimensions, wanted.dimensions, strict=False)
    return actual.rank == wanted.rank and all(a == w or is_clipped(w, a) for a, w in pairs)


def longer(length: str, more: int) -> str | None:
    """Return a symbol's length and some more entries; None where that may be wrong.

    >>> longer("N", 1), longer("N+1", 2), longer("N-1", 1)
    ('N+1', 'N+3', None)
    """
    base, sign, number = _offset(length)
    if sign == "-":
        return None  # `x[1:]` of no entries has none, and not one less
    return f"{base}+{number + more}" if number + more else base


def _offset(length: str) -> tuple[str, str, int]:
    """Return what a length is made of: `N-1` is ("N", "-", 1), and `N` is ("N", "+", 0)."""
    for sign in "+-":
        base, _, number = length.rpartition(sign)
        if base and number.isdigit():
            return base, sign, int(number)
    return length, "+", 0


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape of an elementwise result; raise ShapeClash where numpy must.

    >>> broadcast(Known(("N", "D")), Known(("D",)))
    Known(dimensions=('N', 'D'))
    """
    result: Shape = SCALAR
    for shape in shapes:
        result = _broadcast(result, shape)
    return result


def _broadcast(left: Shape, right: Shape) -> Shape:
    if left is right or is_scalar(right):
        return left
    if is_scalar(left):
        return right
    if left == right:
        return left
    if isinstance(left, Known) and isinstance(right, Known):
        rank = max(left.rank, right.rank)
        padded = [(1,) * (rank - s.rank) + s.dimensions for s in (left, right)]
        return Known(tuple(_meet(a, b) for a, b in zip(*padded, strict=True)))
    return Unknown(_parts(left) | _parts(right))


def _parts(shape: Shape) -> frozenset[str | Known]:
    return shape.parts if isinstance(shape, Unknown) else frozenset({shape})


def _meet(left: Dimension, right: Dimension) -> Dimension:
    if left == right or right == 1:
        return left
    if left == 1:
        return right
    if is_clipped(left, right) or is_clipped(right, left):
        return right if is_clipped(left, right) else left
    if isinstance(left, int) or isinstance(right, int):
        if isinstance(left, int) and isinstance(right, int):
            raise ShapeClash(left, right)
        return left if isinstance(left, int) else right  # the symbol is 1 or the same number
    if is_declared(left) and is_declared(right):
        raise ShapeClash(left, right)
    sets = [{d} if isinstance(d, str) else set(d) for d in (left, right)]
    return frozenset(sets[0] | sets[1])


def reduced(shape: Shape, axis: object, keepdims: bool, symbol: str) -> Shape:
    """Return the shape of a reduction over `axis` (None, int or tuple).

    `symbol` names the result where the rank is unknown. Raises IndexError for an axis out of range.
    """
    if axis is None:
        if not keepdims:
            return SCALAR
        return Known((1,) * shape.rank) if isinstance(shape, Known) else unknown(symbol)
    if isinstance(shape, Unknown):
        return unknown(symbol)
    axes = normalized(axis, shape.rank)
    if keepdims:
        return Known(tuple(1 if i in axes else d for i, d in enumerate(shape.dimensions)))
    return Known(tuple(d for i, d in enumerate(shape.dimensions) if i not in axes))


def normalized(axis: object, rank: int) -> tuple[int, ...]:
    """Return the axes as sorted non-negative numbers."""
    axes = range(rank) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    result = []
    for one in axes:
        if not isinstance(one, int) or not -rank <= one < rank:
            raise IndexError(f"axis {one} is out of range for an array with {rank} dimensions")
        result.append(one % rank)
    return tuple(sorted(result))


@frozen
class Unbroadcast:
    """How a gradient of one shape is summed to another: leading axes, then axes kept as 1."""

    leading: tuple[int, ...]
    kept: tuple[int, ...]


def unbroadcast(actual: Shape, wanted: Shape) -> Unbroadcast | None:
    """Return the sum that takes `actual` to `wanted`; None where only the run can tell."""
    if actual == wanted:
        return Unbroadcast((), ())
    if not isinstance(actual, Known) or not isinstance(wanted, Known):
        return None
    lead = actual.rank - wanted.rank
    kept = []
    for axis, want in enumerate(wanted.dimensions, start=lead):
        have = actual.dimensions[axis]
        if have == want or is_clipped(want, have):
            continue
        if want == 1:
            kept.append(axis)
        elif isinstance(want, int) and isinstance(have, int):
            raise ShapeClash(have, want)
        elif isinstance(have, str) and isinstance(want, int):
            continue  # the symbol can only be that number
        else:
            return None
    return Unbroadcast(tuple(range(lead)), tuple(kept))


def show_dimension(dimension: Dimension) -> str:
    """Return a dimension as text."""
    if isinstance(dimension, frozenset):
        return "|".join(sorted(dimension))
    return str(dimension)


def show(shape: Shape) -> str:
    """Return a shape as text: `(N, D)`, or `?x` for an unknown one."""
    if isinstance(shape, Known):
        inside = ", ".join(show_dimension(d) for d in shape.dimensions)
        return f"({inside},)" if shape.rank == 1 else f"({inside})"
    return "?" + "*".join(sorted(show(p) if isinstance(p, Known) else p for p in shape.parts))


@frozen
class Type:
    """What is known of a value without running anything.

    kind: "number" (scalar or array), "list", "tuple", "dict", "text", "none" or "other".
    dtype: "float", "int", "bool" or "unknown". `array` tells that the object surely is numpy's
    (it has `.shape` and `.dtype`); `fresh` that nothing else holds its memory. `dimension` is what
    an int stands for when it is used as a dimension.
    """

    kind: str = "number"
    shape: Shape = SCALAR
    dtype: str = "unknown"
    array: bool = False
    fresh: bool = False
    items: tuple[Type, ...] = ()
    dimension: Dimension | None = None

    @property
    def scalar(self) -> bool:
        return self.kind == "number" and is_scalar(self.shape)

    def with_(self, **changes: object) -> Type:
        """Return a copy with some fields changed."""
        return changed(self, **changes)


def kept(name: str) -> Type:
    """Return the type of a cache that holds caches, of the function that puts it together.

    To all passes it is a number: they hand its cotangent on, and do nothing else with it.
    """
    return Type("number", SCALAR, "float", items=(Type("cache", dimension=name),))


def is_kept(kind: Type) -> bool:
    """True for a cache that holds caches."""
    return kind.kind == "number" and bool(kind.items)


OTHER = Type(kind="other")
NONE = Type(kind="none")


def common_dtype(*dtypes: str) -> str:
    """Return the dtype class of arithmetic on operands of these classes."""
    if "float" in dtypes:
        return "float"
    if "unknown" in dtypes:
        return "unknown"
    return "int"
