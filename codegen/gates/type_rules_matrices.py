"""Type rules of gates on matrices, which numpy takes in stacks too: the last two axes count."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.shapes import Dimension, Known, Type

Statics = dict[str, Any]


def _float(shape: shapes.Shape) -> Type:
    return Type("number", shape, "float", array=True, fresh=True)


def _matrix(x: Type, what: str) -> tuple[Dimension, ...] | None:
    """Return the dimensions of what must be a matrix or a stack of them; None if not known."""
    if not isinstance(x.shape, Known):
        return None
    if x.shape.rank < 2:
        raise shapes.Misfit(f"{what} takes a matrix", "give it two dimensions: x[:, np.newaxis]")
    return x.shape.dimensions


def square(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A matrix of a square one: `inv`, `cholesky`."""
    _matrix(types[0], "this")
    shape = types[0].shape
    return _float(shape if isinstance(shape, Known) else shapes.unknown(symbol))


def of_each(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A number for each matrix: `det`."""
    dims = _matrix(types[0], "this")
    return _float(shapes.unknown(symbol) if dims is None else Known(dims[:-2]))


def solve(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`solve(a, b)`: of a row, if b has one axis, else of columns."""
    a, b = types
    left = _matrix(a, "np.linalg.solve")
    if left is None or not isinstance(b.shape, Known):
        return _float(shapes.unknown(symbol))
    right = b.shape.dimensions
    if not right:
        raise shapes.Misfit("np.linalg.solve takes a row or a matrix of right sides", "b[:, None]")
    if len(right) == 1:
        return _float(Known(left[:-1]))
    batch = shapes.broadcast(Known(left[:-2]), Known(right[:-2]))
    assert isinstance(batch, Known)
    return _float(Known((*batch.dimensions, left[-2], right[-1])))


def _refuse_cut(statics: Statics) -> None:
    """Singular values that are cut off though they are not 0 would have a slope of their own."""
    cut = statics.get("rcond")
    if isinstance(cut, (int, float)) and cut > 1e-10:
        raise shapes.Misfit(
            f"rcond={cut!r} may cut off what is not 0, which has no gradient rule",
            "leave rcond out; to regularize, solve (a.T @ a + reg * np.eye(n)) x = a.T @ b",
        )


def pinv(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`pinv(x)`: rows and columns change places."""
    _refuse_cut(statics)
    return transposed(types, statics, symbol)


def lstsq(types: list[Type], statics: Statics, symbol: str) -> Type:
    """The solution of `lstsq(a, b)`."""
    _refuse_cut(statics)
    a, b = types
    left = _matrix(a, "np.linalg.lstsq")
    if left is None or not isinstance(b.shape, Known):
        return _float(shapes.unknown(symbol))
    return _float(Known((left[-1], *b.shape.dimensions[1:])))


def lstsq_residuals(types: list[Type], statics: Statics, symbol: str) -> Type:
    """What is left of each column of b; nothing where it fits."""
    return _float(Known((f"{symbol}.0",)))


def transposed(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`pinv`: rows and columns change places."""
    dims = _matrix(types[0], "this")
    if dims is None:
        return _float(shapes.unknown(symbol))
    return _float(Known((*dims[:-2], dims[-1], dims[-2])))


def eigenvalues(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A number for each column of a square matrix."""
    dims = _matrix(types[0], "this")
    return _float(shapes.unknown(symbol) if dims is None else Known(dims[:-1]))


def shorter(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Singular values: as many as the shorter side."""
    dims = _matrix(types[0], "this")
    if dims is None:
        return _float(shapes.unknown(symbol))
    return _float(Known((*dims[:-2], least(dims, symbol))))


def left_side(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Rows of the matrix, columns as many as its shorter side."""
    dims = _matrix(types[0], "this")
    if dims is None:
        return _float(shapes.unknown(symbol))
    return _float(Known((*dims[:-1], least(dims, symbol))))


def right_side(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Rows as many as the matrix's shorter side, columns of the matrix."""
    dims = _matrix(types[0], "this")
    if dims is None:
        return _float(shapes.unknown(symbol))
    return _float(Known((*dims[:-2], least(dims, symbol), dims[-1])))


def left_vectors(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Left singular vectors: all rows, or as many columns as there are singular values."""
    dims = _matrix(types[0], "this")
    if dims is None or not statics["full_matrices"]:
        return left_side(types, statics, symbol)
    return _float(Known((*dims[:-1], dims[-2])))


def right_vectors(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Right singular vectors, as rows."""
    dims = _matrix(types[0], "this")
    if dims is None or not statics["full_matrices"]:
        return right_side(types, statics, symbol)
    return _float(Known((*dims[:-2], dims[-1], dims[-1])))


def least(dims: tuple[Dimension, ...], symbol: str) -> Dimension:
    """Return the shorter side of a matrix."""
    rows, columns = dims[-2:]
    if rows == columns:
        return rows
    if isinstance(rows, int) and isinstance(columns, int):
        return min(rows, columns)
    return f"{symbol}.0"


def norm(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.linalg.norm`, of vectors and of matrices."""
    x, kind, axis = types[0], statics.get("ord"), statics.get("axis")
    keepdims = bool(statics.get("keepdims", False))
    of_matrix = isinstance(axis, tuple) and len(axis) == 2
    if axis is None and kind is not None:
        rank = x.shape.rank if isinstance(x.shape, Known) else None
        of_matrix = rank == 2 or kind in ("fro", "nuc")
    if kind == 0:
        raise shapes.Misfit("the number of entries that are not 0 has no gradient", "leave ord out")
    known = (None, "fro", "nuc", 2) if of_matrix else None
    if of_matrix and kind not in (known or ()):
        raise shapes.Misfit(
            f"np.linalg.norm of a matrix with ord={kind!r} has no gradient rule",
            "write it out: np.max(np.sum(np.abs(x), axis=0)) for ord=1",
        )
    if of_matrix and kind in ("nuc", 2) and axis is not None:
        raise shapes.Misfit(
            f"np.linalg.norm with ord={kind!r} along axes has no gradient rule",
            "give it one matrix, without axis",
        )
    if not of_matrix and isinstance(kind, str):
        raise shapes.Misfit(f"ord={kind!r} is for matrices", "leave ord out")
    shape = shapes.reduced(x.shape, axis, keepdims, symbol)
    return _float(shape)


def power(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`matrix_power(x, n)`: of whole numbers whole ones; x itself if n is 1."""
    return square(types, statics, symbol).with_(dtype=_kept(types[0]), fresh=False)


def trace(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`trace(x)`: a number for each matrix, whole of whole numbers."""
    return of_each(types, statics, symbol).with_(dtype=_kept(types[0]))


def _kept(x: Type) -> str:
    return "float" if x.dtype == "float" else "unknown"


def pivots(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A whole number for each row of a matrix."""
    return eigenvalues(types, statics, symbol).with_(dtype="int")


def factored(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`lu_solve((lu, pivots), b)`: as `solve(lu, b)`."""
    return solve([types[0], types[2]], statics, symbol)


def flag(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A truth value."""
    return Type("number", shapes.SCALAR, "bool")


def whole_number(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`matrix_rank`: an int for each matrix."""
    return of_each(types, statics, symbol).with_(dtype="int")
