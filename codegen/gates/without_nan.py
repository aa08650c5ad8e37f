"""Gates that leave out what is not a number."""

import numpy as np

from codegen.gates import type_rules_reduce as rules
from codegen.gates.declare import gate
from codegen.gates.points_axes import AXES
from codegen.gates.words import dtype, expand, spread, under


@gate(
    "np.nansum(x, axis=None, *, keepdims=False)",
    rule=rules.total,
    stem="sum_{x}",
    points=AXES,
)
def nansum(d, x, axis, keepdims):
    """Sum of the entries that are numbers; the others get 0."""
    return under(x == x, spread(expand(d, axis, keepdims), x))


@gate(
    "np.nanmean(x, axis=None, *, keepdims=False)",
    rule=rules.average,
    stem="mean_{x}",
    points=AXES,
)
def nanmean(d, x, axis, keepdims):
    """Average of the entries that are numbers; the others get 0."""
    is_number = x == x
    counted = np.sum(is_number, axis=axis, keepdims=True, dtype=dtype(x))
    return under(is_number, expand(d, axis, keepdims) / counted)
