"""Averages with weights."""

import numpy as np

from codegen.gates import type_rules_weighted as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW
from codegen.gates.words import beside, count, expand, helper, of_each, rank, sums_beside, whole

WEIGHTS = ((0.4, 1.3, 0.9), (0.7, 0.2, 1.1))
ROW2 = (0.4, 1.3, 0.9)
PAIR = (0.4, 1.1)


@gate(
    "np.average(a, axis=None, *, keepdims=False)",
    rule=rules.average,
    broadcasts=True,
    stem="mean_{a}",
    points=[
        at(GRID),
        at(ROW),
        at(0.3),
        at(GRID, axis=0),
        at(GRID, axis=-1, keepdims=True),
        at(BATCH, axis=(0, 2)),
    ],
)
def average(d, a, axis, keepdims):
    """Average: every entry gets its share of the cotangent."""
    return expand(d, axis, keepdims) / count(a, axis)


@gate(
    "np.average(a, axis=None, weights=..., *, keepdims=False)",
    rule=rules.average,
    stem="mean_{a}",
    points=[
        at(ROW, ROW2),
        at(GRID, WEIGHTS),
        at(GRID, WEIGHTS, keepdims=True),
        at(GRID, WEIGHTS, axis=0),
        at(GRID, WEIGHTS, axis=-1),
        at(GRID, WEIGHTS, axis=1, keepdims=True),
        at(BATCH, (WEIGHTS, WEIGHTS), axis=(0, 2)),
        at(BATCH, (WEIGHTS, WEIGHTS)),
        at(GRID, ROW2, axis=1),
        at(GRID, ROW2, axis=-1, keepdims=True),
        at(GRID, PAIR, axis=0),
        at(GRID, PAIR, axis=0, keepdims=True),
        at(ROW, ROW2, axis=0),
        at(BATCH, PAIR, axis=1),
        at(BATCH, ROW2, axis=-1),
        at(BATCH, WEIGHTS, axis=(1, 2)),
        at(BATCH, WEIGHTS, axis=(0, 2), keepdims=True),
        at(GRID, None),
        at(GRID, None, axis=0),
        at(GRID, None, axis=1),
        at(BATCH, None, axis=(0, -1), keepdims=True),
    ],
)
def weighted_average(d, out, a, axis, weights=None, keepdims=False):
    """Average by weights: an entry gets its weight's share, a weight its distance from it."""
    if weights is None:
        return whole(expand(d, axis, keepdims) / count(a, axis), a), None
    if of_each(weights, a, axis):
        total = np.sum(weights, axis=axis, keepdims=True)
        return (
            expand(d, axis, keepdims) * weights / total,
            expand(d, axis, keepdims) * (a - expand(out, axis, keepdims)) / total,
        )
    if rank(a) is None or rank(weights) is None:
        return (
            helper("_average_grad", expand(d, axis, keepdims), a, weights, axis),
            helper(
                "_average_grad_weights",
                expand(d, axis, keepdims),
                a - expand(out, axis, keepdims),
                weights,
                axis,
            ),
        )
    total = np.sum(weights)
    return (
        expand(d, axis, keepdims) * beside(weights, a, axis) / total,
        sums_beside(expand(d, axis, keepdims) * (a - expand(out, axis, keepdims)), a, axis) / total,
    )
