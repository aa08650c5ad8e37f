"""Type rules of polynomials."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.shapes import Known, Type, common_dtype

Statics = dict[str, Any]


def polyval(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.polyval(p, x)`: in the shape of x."""
    p, x = types
    if p.kind in ("list", "tuple"):
        raise shapes.Misfit(
            "the coefficients stand in a list", "make it an array: np.polyval(np.array([...]), x)"
        )
    if isinstance(p.shape, Known) and p.shape.rank != 1:
        raise shapes.Misfit(
            f"coefficients stand in a row, not in {p.shape.rank} dimensions",
            "evaluate one polynomial at a time",
        )
    return Type("number", x.shape, common_dtype(p.dtype, x.dtype), array=True, fresh=True)


def vander(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.vander(x, N)`: a row for each entry, N powers in it."""
    x = types[0]
    if isinstance(x.shape, Known) and x.shape.rank != 1:
        raise shapes.Misfit(
            f"np.vander takes a row, not an array of {x.shape.rank} dimensions", "np.ravel(x)"
        )
    rows = x.shape.dimensions[0] if isinstance(x.shape, Known) else f"{symbol}0"
    columns = rows
    if len(types) > 1 and types[1].kind == "number":
        columns = types[1].dimension or f"{symbol}1"
    dtype = "int" if x.dtype in ("int", "bool") else x.dtype
    return Type("number", Known((rows, columns)), dtype, array=True, fresh=True)
