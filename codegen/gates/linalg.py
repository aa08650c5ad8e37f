"""Gates for matrix products."""

import numpy as np

from codegen.gates import rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, COLUMN, GRID, ONE, OTHER, ROW, SQUARE, WIDE
from codegen.gates.words import axes_but, helper, rank, same_shape, shape

ROW2 = (0.4, 1.3, -0.9)
PRODUCTS = [
    at(GRID, WIDE),
    at(GRID, ROW),
    at(ROW, WIDE),
    at(ROW, ROW2),
    at(SQUARE, SQUARE),
    at(COLUMN, (ROW,)),
    at((ROW,), WIDE),
]
BATCHED = [
    at(BATCH, WIDE),
    at(BATCH, ROW),
    at(ROW, (SQUARE, SQUARE)),
    at(BATCH, (SQUARE, SQUARE)),
    at(BATCH, (SQUARE,)),
    at(GRID, (WIDE, WIDE)),
    at((BATCH, BATCH), ROW),
    at((BATCH, BATCH), WIDE),
    at(ROW, ((SQUARE,), (SQUARE,))),
    at(GRID, ((WIDE,), (WIDE,))),
    at(((GRID,), (OTHER,)), (SQUARE, SQUARE, SQUARE)),
]
SCALED = [at(0.3, GRID), at(0.3, -1.4), at(GRID, 0.3), at(BATCH, 0.3), at(-1.4, ROW)]


@gate(
    "x @ y",
    "np.matmul(x, y)",
    rule=rules.matmul,
    stem="{x}{y}",
    points=[*PRODUCTS, *BATCHED],
    contracts=True,
)
def matmul(d, x, y):
    """Matrix product. For matrices: d @ y.T and x.T @ d."""
    if rank(x) is None or rank(y) is None:
        return helper("_matmul_grad_left", d, x, y), helper("_matmul_grad_right", d, x, y)
    if rank(x) == 2 and rank(y) == 2:
        return d @ y.T, x.T @ d
    if rank(x) == 2 and rank(y) == 1:
        return np.outer(d, y), x.T @ d
    if rank(x) == 1 and rank(y) == 2:
        return y @ d, np.outer(x, d)
    if rank(x) == 1 and rank(y) == 1:
        return d * y, d * x
    if rank(y) == 1:
        return np.expand_dims(d, -1) * y, np.tensordot(d, x, axes=rank(d))
    if rank(x) == 1:
        return (
            np.tensordot(d, np.swapaxes(y, -1, -2), axes=rank(d)),
            np.expand_dims(x, -1) * np.expand_dims(d, -2),
        )
    if rank(y) == 2:
        return d @ y.T, np.tensordot(x, d, axes=(axes_but(x, -1), axes_but(x, -1)))
    if rank(x) == 2:
        return np.tensordot(d, y, axes=(axes_but(y, -2), axes_but(y, -2))), x.T @ d
    return d @ np.swapaxes(y, -1, -2), np.swapaxes(x, -1, -2) @ d


@gate(
    "np.dot(x, y)",
    "x.dot(y)",
    rule=rules.dot,
    stem="{x}{y}",
    points=[
        *PRODUCTS,
        *SCALED,
        at(BATCH, WIDE),
        at(BATCH, ROW),
        at(GRID, (WIDE, WIDE)),
        at(BATCH, (WIDE, WIDE)),
        at(BATCH, ((WIDE, WIDE),)),
        at((BATCH, BATCH), (WIDE, WIDE)),
        at(ROW, (WIDE, WIDE)),
    ],
    contracts=True,
)
def dot(d, x, y):
    """Dot product: the matrix product up to two dimensions; a scalar multiplies."""
    if rank(x) == 0 and rank(y) == 0:
        return d * y, d * x
    if rank(x) == 0:
        return np.sum(d * y), d * x
    if rank(y) == 0:
        return d * y, np.sum(d * x)
    if rank(x) is None or rank(y) is None:
        return helper("_dot_grad_left", d, x, y), helper("_dot_grad_right", d, x, y)
    if rank(x) == 2 and rank(y) == 2:
        return d @ y.T, x.T @ d
    if rank(x) == 2 and rank(y) == 1:
        return np.outer(d, y), x.T @ d
    if rank(x) == 1 and rank(y) == 2:
        return y @ d, np.outer(x, d)
    if rank(x) == 1 and rank(y) == 1:
        return d * y, d * x
    if rank(y) == 1:
        return np.expand_dims(d, -1) * y, np.tensordot(d, x, axes=rank(d))
    if rank(x) == 1:
        return (
            np.tensordot(d, np.swapaxes(y, -1, -2), axes=rank(d)),
            np.expand_dims(x, -1) * np.expand_dims(d, -2),
        )
    if rank(y) == 2:
        return d @ y.T, np.tensordot(x, d, axes=(axes_but(x, -1), axes_but(x, -1)))
    return (
        np.tensordot(d, np.swapaxes(y, -1, -2), axes=rank(y) - 1),
        np.moveaxis(np.tensordot(x, d, axes=(axes_but(x, -1), axes_but(x, -1))), 0, -2),
    )


@gate(
    "np.inner(x, y)",
    rule=rules.inner,
    contracts=True,
    stem="{x}{y}",
    points=[
        at(GRID, SQUARE),
        at(GRID, ROW),
        at(ROW, GRID),
        at(ROW, ROW2),
        at(COLUMN, ((0.4,), (1.2,), (-0.6,))),
        *SCALED,
        at(BATCH, SQUARE),
        at(BATCH, ROW),
        at(ROW, BATCH),
        at(SQUARE, BATCH),
        at(BATCH, (SQUARE, SQUARE)),
    ],
)
def inner(d, x, y):
    """Inner products over the last axes; a scalar multiplies. For matrices: d @ y and d.T @ x."""
    if rank(x) == 0 and rank(y) == 0:
        return d * y, d * x
    if rank(x) == 0:
        return np.sum(d * y), d * x
    if rank(y) == 0:
        return d * y, np.sum(d * x)
    if rank(x) is None or rank(y) is None:
        return helper("_inner_grad_left", d, x, y), helper("_inner_grad_right", d, x, y)
    if rank(x) == 2 and rank(y) == 2:
        return d @ y, d.T @ x
    if rank(x) == 2 and rank(y) == 1:
        return np.outer(d, y), x.T @ d
    if rank(x) == 1 and rank(y) == 2:
        return d @ y, np.outer(d, x)
    if rank(x) == 1 and rank(y) == 1:
        return d * y, d * x
    if rank(y) == 1:
        return np.expand_dims(d, -1) * y, np.tensordot(d, x, axes=rank(d))
    if rank(x) == 1:
        return np.tensordot(d, y, axes=rank(d)), np.expand_dims(d, -1) * x
    return (
        np.tensordot(d, y, axes=rank(y) - 1),
        np.tensordot(d, x, axes=(axes_but(x, -1), axes_but(x, -1))),
    )


@gate(
    "np.outer(x, y)",
    rule=rules.outer,
    contracts=True,
    stem="{x}{y}",
    points=[
        at(ROW, (0.4, 1.3)),
        at(GRID, ROW),
        at(ROW, GRID),
        at(GRID, OTHER),
        at(BATCH, COLUMN),
        at(0.3, ROW),
        at(ROW, 0.3),
        at(0.3, GRID),
        at(GRID, 0.3),
        at(0.3, -1.4),
    ],
)
def outer(d, x, y):
    """All products of an entry of x with an entry of y, as a matrix."""
    if rank(x) == 0 and rank(y) == 0:
        return np.sum(d * y), np.sum(d * x)
    if rank(x) == 0:
        return np.sum(d * np.ravel(y)), (d * x).reshape(shape(y))
    if rank(y) == 0:
        return (d * y).reshape(shape(x)), np.sum(np.ravel(x) @ d)
    if rank(x) == 1 and rank(y) == 1:
        return d @ y, x @ d
    return (d @ np.ravel(y)).reshape(shape(x)), (np.ravel(x) @ d).reshape(shape(y))


@gate(
    "np.vdot(x, y)",
    rule=rules.vdot,
    contracts=True,
    stem="{x}{y}",
    holomorphic=False,  # it conjugates
    points=[
        at(ROW, ROW2),
        at(GRID, OTHER),
        at(GRID, (0.4, 1.3, -0.9, 0.2, 0.8, -1.1)),
        at(BATCH, (BATCH,)),
        at(0.3, -1.4),
        at(0.3, ONE),
    ],
)
def vdot(d, x, y):
    """The sum of the products of all entries, whatever their shapes."""
    if same_shape(x, y):
        return d * y, d * x
    return d * np.reshape(y, shape(x)), d * np.reshape(x, shape(y))
