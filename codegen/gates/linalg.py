"""Gates for matrix products and transposes."""

import numpy as np

from codegen.gates import rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, COLUMN, GRID, ROW, SQUARE, WIDE
from codegen.gates.words import helper, rank

PRODUCTS = [
    at(GRID, WIDE),
    at(GRID, ROW),
    at(ROW, WIDE),
    at(ROW, (0.4, 1.3, -0.9)),
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
]


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
    if rank(y) == 1 and rank(x) > 2:
        return np.expand_dims(d, -1) * y, np.expand_dims(d, -1) * x
    if rank(x) == 1 and rank(y) > 2:
        return np.sum(y * np.expand_dims(d, -2), axis=-1), np.expand_dims(x, -1) * np.expand_dims(
            d, -2
        )
    if rank(x) > 2 or rank(y) > 2:
        return d @ np.swapaxes(y, -1, -2), np.swapaxes(x, -1, -2) @ d
    if rank(x) == 2 and rank(y) == 2:
        return d @ y.T, x.T @ d
    if rank(x) == 2:
        return np.outer(d, y), x.T @ d
    if rank(y) == 2:
        return y @ d, np.outer(x, d)
    return d * y, d * x


@gate(
    "np.dot(x, y)",
    "x.dot(y)",
    rule=rules.dot,
    stem="{x}{y}",
    points=[
        *PRODUCTS,
        at(0.3, GRID, only="np.dot(x, y)"),
        at(0.3, -1.4, only="np.dot(x, y)"),
        at(GRID, 0.3),
        at(BATCH, WIDE),
        at(BATCH, ROW),
        at(GRID, (WIDE, WIDE)),
        at(BATCH, (WIDE, WIDE)),
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
    if rank(x) is None or rank(y) is None or rank(x) > 2 or rank(y) > 2:
        return helper("_dot_grad_left", d, x, y), helper("_dot_grad_right", d, x, y)
    if rank(x) == 2 and rank(y) == 2:
        return d @ y.T, x.T @ d
    if rank(x) == 2:
        return np.outer(d, y), x.T @ d
    if rank(y) == 2:
        return y @ d, np.outer(x, d)
    return d * y, d * x


@gate(
    "x.T",
    "np.transpose(x)",
    rule=rules.transpose,
    stem="{x}T",
    view=True,
    points=[at(GRID), at(BATCH), at(ROW), at(SQUARE)],
)
def transpose(d, x):
    """Reverse the axes."""
    return d if rank(x) == 0 else d.T
