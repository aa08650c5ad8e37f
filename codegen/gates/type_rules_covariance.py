"""Type rules of covariances and correlations: a number, or one for each pair of variables."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.shapes import Dimension, Known, Shape, Type

Statics = dict[str, Any]


def cov(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.cov(m, y)`: float64, whatever goes in."""
    parts = [kind for kind in types if kind.kind == "number"]
    for part in parts:
        if isinstance(part.shape, Known) and part.shape.rank not in (1, 2):
            raise shapes.Misfit(
                f"variables stand in a row or a matrix, not in {part.shape.rank} dimensions",
                "reshape the array: a row for each variable",
            )
    ddof = statics.get("ddof")
    if ddof is not None and not isinstance(ddof, int):
        raise shapes.Misfit(f"ddof={ddof!r} is no whole number", "write ddof=0 or ddof=1")
    return Type("number", _shape(parts, statics, symbol), "float", array=True, fresh=True)


def corrcoef(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.corrcoef(x, y)`: of one variable it is 1."""
    found = cov(types, statics, symbol)
    if found.shape == shapes.SCALAR:
        raise shapes.Misfit(
            "the correlation of one variable with itself is 1",
            "give a second one: np.corrcoef(x, y)",
        )
    return found


def _shape(parts: list[Type], statics: Statics, symbol: str) -> Shape:
    counts = [_variables(part.shape, bool(statics.get("rowvar", True))) for part in parts]
    if len(counts) == 1:
        if counts[0] is None:
            return shapes.unknown(symbol)
        return shapes.SCALAR if counts[0] == 1 else Known((counts[0], counts[0]))
    total = f"{symbol}0"
    numbers = [n for n in counts if isinstance(n, int)]
    side: Dimension = sum(numbers) if len(numbers) == len(counts) else total
    return Known((side, side))


def _variables(shape: Shape, in_rows: bool) -> Dimension | None:
    """Return how many variables an array holds."""
    if not isinstance(shape, Known):
        return None
    if shape.rank == 1:
        return 1
    return shape.dimensions[0 if in_rows else 1]
