"""Type rules of scipy.stats, which gives numpy's float64 whatever goes in."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.shapes import Known, Type

Statics = dict[str, Any]


def double(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Elementwise."""
    shape = shapes.broadcast(*(t.shape for t in types))
    return Type("number", shape, "float", array=True, fresh=True)


def rows(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A number for each row of x; cov must be a matrix."""
    x, _, cov = types
    if isinstance(cov.shape, Known) and cov.shape.rank != 2:
        raise shapes.Misfit("multivariate_normal needs the whole matrix cov", "np.diag(cov)")
    if not isinstance(x.shape, Known):
        return Type("number", shapes.unknown(symbol), "float", array=True, fresh=True)
    return Type("number", Known(x.shape.dimensions[:-1]), "float", array=True, fresh=True)
