"""Gates that put every entry of one array together with every entry of another."""

import numpy as np

from codegen.gates import type_rules_outer as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, COLUMN, GRID, ONE, OTHER, ROW, SQUARE
from codegen.gates.words import axes_of, helper, rank, shape

PAIRS = [
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
]


@gate("np.add.outer(x, y)", rule=rules.outer, stem="{x}p{y}", points=PAIRS)
def add_outer(d, x, y):
    """Every entry of x plus every entry of y, the axes of y behind those of x."""
    if rank(x) is None or rank(y) is None:
        return helper("_first_axes_grad", d, shape(x)), helper("_last_axes_grad", d, shape(y))
    return np.sum(d, axis=axes_of(y)), np.sum(d, axis=axes_of(x))


@gate("np.subtract.outer(x, y)", rule=rules.outer, stem="{x}m{y}", points=PAIRS)
def subtract_outer(d, x, y):
    """Every entry of x minus every entry of y, the axes of y behind those of x."""
    if rank(x) is None or rank(y) is None:
        return helper("_first_axes_grad", d, shape(x)), -helper("_last_axes_grad", d, shape(y))
    return np.sum(d, axis=axes_of(y)), -np.sum(d, axis=axes_of(x))


@gate("np.multiply.outer(x, y)", rule=rules.outer, contracts=True, stem="{x}{y}", points=PAIRS)
def multiply_outer(d, x, y):
    """Every entry of x times every entry of y, the axes of y behind those of x."""
    if rank(x) is None or rank(y) is None:
        return helper("_outer_grad_left", d, y), helper("_outer_grad_right", d, x)
    if rank(x) == 0 and rank(y) == 0:
        return d * y, d * x
    if rank(x) == 0:
        return np.tensordot(d, y, axes=rank(y)), d * x
    if rank(y) == 0:
        return d * y, np.tensordot(x, d, axes=rank(x))
    if rank(x) == 1 and rank(y) == 1:
        return d @ y, x @ d
    return np.tensordot(d, y, axes=rank(y)), np.tensordot(x, d, axes=rank(x))


@gate(
    "np.kron(x, y)",
    rule=rules.kron,
    contracts=True,
    stem="{x}{y}",
    points=[*PAIRS, at(ONE, GRID), at(SQUARE, GRID), at(GRID, BATCH), at((BATCH,), SQUARE)],
)
def kron(d, x, y):
    """Copies of y, each times an entry of x, side by side as the entries are."""
    return helper("_kron_grad_left", d, shape(x), y), helper("_kron_grad_right", d, x, shape(y))
