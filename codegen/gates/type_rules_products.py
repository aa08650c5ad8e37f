"""Type rules of products along axes that the author names."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.rules import matmul
from codegen.shapes import Known, Type, common_dtype

Statics = dict[str, Any]
Axes = tuple[int, ...]


def tensordot(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.tensordot(x, y, axes)`: what is left of x's axes, then of y's."""
    x, y = types
    dtype = common_dtype(x.dtype, y.dtype)
    if not isinstance(x.shape, Known) or not isinstance(y.shape, Known):
        pairs(statics["axes"], None, None)
        return Type("number", shapes.unknown(symbol), dtype, array=True, fresh=True)
    own, other = pairs(statics["axes"], x.shape.rank, y.shape.rank)
    left, right = x.shape.dimensions, y.shape.dimensions
    for one, two in zip(own, other, strict=True):
        a, b = left[one], right[two]
        sure = shapes.is_declared(a) and shapes.is_declared(b)
        if a != b and (sure or (isinstance(a, int) and isinstance(b, int))):
            raise shapes.ShapeClash(a, b)
    rest = [d for place, d in enumerate(left) if place not in own]
    rest += [d for place, d in enumerate(right) if place not in other]
    return Type("number", Known(tuple(rest)), dtype, array=True, fresh=True)


def pairs(axes: Any, left: int | None, right: int | None) -> tuple[Axes, Axes]:
    """Return which axes of two arrays are summed together; ranks of None are not looked at."""
    if isinstance(axes, int):
        own = tuple(range((left or axes) - axes, left or axes))
        other = tuple(range(axes))
    elif isinstance(axes, (tuple, list)) and len(axes) == 2:
        own, other = (tuple(a) if isinstance(a, (tuple, list)) else (a,) for a in axes)
    else:
        own, other = (), (0,)
    if len(own) != len(other) or not all(isinstance(axis, int) for axis in (*own, *other)):
        raise shapes.Misfit(
            f"axes={axes!r} is no number of axes, and no pair of as many axes of each",
            "write axes=1, axes=(1, 0) or axes=((0, 1), (1, 0))",
        )
    if left is None or right is None:
        return own, other
    for axis, rank in ((own, left), (other, right)):
        shapes.normalized(axis, rank)  # raises for one out of range
    return tuple(axis % left for axis in own), tuple(axis % right for axis in other)


def cross(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.cross(a, b)`: the axes of the vectors apart, those left are broadcast."""
    a, b = types
    dtype = common_dtype(a.dtype, b.dtype)
    axes = cross_axes(statics)
    if not isinstance(a.shape, Known) or not isinstance(b.shape, Known):
        return Type("number", shapes.unknown(symbol), dtype, array=True, fresh=True)
    rest = []
    for shape, axis in ((a.shape, axes[0]), (b.shape, axes[1])):
        (place,) = shapes.normalized(axis, shape.rank)
        length = shape.dimensions[place]
        if isinstance(length, int) and length != 3:
            raise shapes.Misfit(
                f"np.cross takes vectors of three numbers, and not of {length}",
                "of two numbers write x[0] * y[1] - x[1] * y[0]",
            )
        rest.append(Known((*shape.dimensions[:place], *shape.dimensions[place + 1 :])))
    batch = shapes.broadcast(*rest)
    assert isinstance(batch, Known)
    (place,) = shapes.normalized(axes[2], batch.rank + 1)
    dims = (*batch.dimensions[:place], 3, *batch.dimensions[place:])
    return Type("number", Known(dims), dtype, array=True, fresh=True)


def cross_axes(statics: Statics) -> tuple[int, int, int]:
    """Return where the vectors are: in a, in b and in the result."""
    axis = statics.get("axis")
    if axis is not None:
        return axis, axis, axis
    return statics.get("axisa", -1), statics.get("axisb", -1), statics.get("axisc", -1)


def multi_dot(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.linalg.multi_dot`: matrices; the first may be a row, the last a column."""
    if len(types) < 2:
        raise shapes.Misfit("np.linalg.multi_dot takes two arrays or more", "write x")
    dtype = common_dtype(*(kind.dtype for kind in types))
    for place, kind in enumerate(types):
        fitting = (1, 2) if place in (0, len(types) - 1) else (2,)
        if isinstance(kind.shape, Known) and kind.shape.rank not in fitting:
            raise shapes.Misfit(
                f"np.linalg.multi_dot takes matrices, and not an array of {kind.shape.rank} "
                "dimensions here",
                "only the first and the last may have one dimension; write `@` for stacks",
            )
    if not all(isinstance(kind.shape, Known) for kind in types):
        return Type("number", shapes.unknown(symbol), dtype, array=True, fresh=True)
    whole = types[0]
    for kind in types[1:]:
        whole = matmul([whole, kind], {}, symbol)
    return whole.with_(dtype=dtype)
