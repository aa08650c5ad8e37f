"""Type rules of calls that give several arrays."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.type_rules_axes import size
from codegen.shapes import Dimension, Known, Type

Statics = dict[str, Any]


def section(types: list[Type], statics: Statics, symbol: str) -> Type:
    """One of the parts of `np.split(x, 3, axis)`."""
    x, name = types[0], statics["name"]
    if not isinstance(x.shape, Known):
        if name == "hsplit":
            raise shapes.Misfit(
                "it is not known which axis np.hsplit cuts",
                "annotate the array's shape, or write np.split(x, 2, axis=1)",
            )
        if name != "array_split":  # all parts have one shape
            symbol = f"{shapes.show(x.shape)}/{statics['count']}.{statics['axis']}"
        return x.with_(shape=shapes.unknown(symbol), array=True, fresh=False, dimension=None)
    axis = section_axis(statics, x.shape.rank)
    dims = list(x.shape.dimensions)
    dims[axis] = _part(dims[axis], statics, f"{symbol}.{axis}")
    return x.with_(shape=Known(tuple(dims)), array=True, fresh=False, dimension=None)


def section_axis(statics: Statics, rank: int) -> int:
    """Return the axis that is cut, which np.hsplit takes by the rank."""
    name = statics["name"]
    if name == "hsplit" and rank == 1:
        return 0
    if rank < {"vsplit": 2, "dsplit": 3}.get(name, 1):
        raise ValueError(f"np.{name} takes more than {rank} dimensions")
    return shapes.normalized(statics["axis"], rank)[0]


def _part(length: Dimension, statics: Statics, symbol: str) -> Dimension:
    count: int = statics["count"]
    place: int = statics["place"]
    if isinstance(length, int):
        if statics["name"] != "array_split" and length % count:
            raise ValueError(f"{length} entries cannot be split into {count} equal parts")
        return length // count + (place < length % count)
    if statics["name"] == "array_split" or not isinstance(length, str):
        return symbol
    return f"{length}//{count}"


def mesh(types: list[Type], statics: Statics, symbol: str) -> Type:
    """One of the arrays of `np.meshgrid(x, y)`: the operands are its row, then the others."""
    place = statics["place"]
    lengths = [size(kind.shape, f"{symbol}.{n}") for n, kind in enumerate(types)]
    ordered = [*lengths[1 : place + 1], lengths[0], *lengths[place + 1 :]]
    if statics["sparse"]:
        ordered = [length if n == place else 1 for n, length in enumerate(ordered)]
    if statics["indexing"] == "xy" and len(ordered) > 1:
        ordered[:2] = [ordered[1], ordered[0]]
    return types[0].with_(shape=Known(tuple(ordered)), array=True, fresh=True, dimension=None)


def broadcast(types: list[Type], statics: Statics, symbol: str) -> Type:
    """One of the arrays of `np.broadcast_arrays(x, y)`: the operands are it, then the others."""
    shape = shapes.broadcast(*(kind.shape for kind in types))
    return types[0].with_(shape=shape, array=True, fresh=False, dimension=None)
