"""Type rules of what says where entries are, which there are and how many."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.type_rules_shape import as_index
from codegen.shapes import Dimension, Known, Shape, Type

Statics = dict[str, Any]


def _whole(shape: Shape) -> Type:
    return Type("number", shape, "int", array=True, fresh=True)


def place_in_order(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.searchsorted(a, v)`: a number for each entry of v."""
    return _whole(as_index(types[1], symbol).shape)


def bin_of(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.digitize(x, bins)`: a number for each entry of x."""
    return _whole(as_index(types[0], symbol).shape)


def places(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.nonzero(x)`: a tuple with a row for each axis."""
    row = _whole(Known((f"{symbol}.0",)))
    shape = types[0].shape
    if not isinstance(shape, Known):
        return Type("tuple", items=(row,))
    return Type("tuple", items=(row,) * shape.rank, dimension=shape.rank)


def two_rows(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.triu_indices(n)`: a tuple of two rows."""
    row = _whole(Known((f"{symbol}.0",)))
    return Type("tuple", items=(row, row), dimension=2)


def flat_places(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.flatnonzero(x)`: one row."""
    return _whole(Known((f"{symbol}.0",)))


def rows_of_places(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.argwhere(x)`: a row for each entry, a column for each axis."""
    shape = types[0].shape
    columns: Dimension = shape.rank if isinstance(shape, Known) else f"{symbol}.1"
    return _whole(Known((f"{symbol}.0", columns)))


def unique(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.unique(x)`: one row, or a tuple of it and rows of whole numbers."""
    x, length = types[0], f"{symbol}.0"
    row = x.with_(shape=Known((length,)), array=True, fresh=True, dimension=None)
    rows = [row]
    if statics.get("return_index"):
        rows.append(_whole(Known((length,))))
    if statics.get("return_inverse"):
        rows.append(_whole(x.shape))
    if statics.get("return_counts"):
        rows.append(_whole(Known((length,))))
    if len(rows) == 1:
        return row
    return Type("tuple", items=tuple(rows), dimension=len(rows))


def counts_of_bins(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.histogram(x, bins)[0]`: a number for each bin."""
    return _whole(Known((f"{symbol}.0",)))


def edges_of_bins(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.histogram(x, bins)[1]`: one more than there are bins."""
    return Type("number", Known((f"{symbol}.0",)), "float", array=True, fresh=True)


def bincount(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.bincount(x, weights)`: a number for each whole number up to the largest."""
    weighted = len(types) > 1 and types[1].kind != "none"
    dtype = "float" if weighted else "int"
    if weighted and isinstance(types[1].shape, Known) and types[1].shape.rank != 1:
        raise shapes.Misfit(
            "the weights of np.bincount are a row", "flatten both: x.ravel(), weights.ravel()"
        )
    return Type("number", Known((f"{symbol}.0",)), dtype, array=True, fresh=True)
