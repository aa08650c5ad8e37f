"""Type rules of averages with weights."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.shapes import Known, Type

Statics = dict[str, Any]


def average(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.average(a, axis, weights)`: weights of each entry, or of the axes that are summed."""
    a, axis = types[0], statics.get("axis")
    weights = types[1] if len(types) > 1 and types[1].kind == "number" else None
    shape = shapes.reduced(a.shape, axis, bool(statics.get("keepdims", False)), symbol)
    if weights is not None:
        _check(a, weights, axis)
    return Type("number", shape, "float", array=True, fresh=True)


def _check(a: Type, weights: Type, axis: Any) -> None:
    if isinstance(axis, tuple) and any(one < 0 for one in axis) and not isinstance(a.shape, Known):
        raise shapes.Misfit(
            "axes counted from the end need an array of known rank here",
            'annotate it: x: Float[np.ndarray, "N D"]',
        )
    rank = a.shape.rank if isinstance(a.shape, Known) else None
    if isinstance(axis, tuple):
        order = [one if rank is None else one % rank for one in axis]
        if order != sorted(order):
            raise shapes.Misfit(
                f"axis={axis} turns the weights' axes round", "name the axes in their order"
            )
    if rank is None or not isinstance(weights.shape, Known):
        return
    summed = rank if axis is None else len(axis) if isinstance(axis, tuple) else 1
    if weights.shape.rank not in (rank, summed):
        raise shapes.Misfit(
            f"weights of {weights.shape.rank} dimensions do not fit an array of {rank} dimensions "
            f"along {summed} of its axes",
            "give a weight for each entry, or for each entry along `axis`",
        )
