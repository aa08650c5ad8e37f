"""Gates that leave out what is not a number."""

import numpy as np

from codegen.gates import type_rules_reduce as rules
from codegen.gates.declare import gate
from codegen.gates.points_axes import AXES, TIES
from codegen.gates.spread import CORRECTED
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


@gate(
    "np.nanvar(x, axis=None, *, ddof=0, keepdims=False)",
    rule=rules.average,
    stem="var_{x}",
    holomorphic=False,
    points=[*AXES, *CORRECTED],
)
def nanvar(d, x, axis, ddof, keepdims):
    """Variance of the entries that are numbers; the others get 0."""
    is_number = x == x
    counted = np.sum(is_number, axis=axis, keepdims=True, dtype=dtype(x))
    distance = x - np.nanmean(x, axis=axis, keepdims=True)
    return under(is_number, 2 / (counted - ddof) * distance * expand(d, axis, keepdims))


@gate(
    "np.nanstd(x, axis=None, *, ddof=0, keepdims=False)",
    rule=rules.average,
    stem="std_{x}",
    kink="0 where all entries are equal",
    remark="0 where constant",
    holomorphic=False,
    points=[*AXES, *CORRECTED],
)
def nanstd(d, out, x, axis, ddof, keepdims):
    """Standard deviation of the entries that are numbers; the others get 0."""
    is_number = x == x
    counted = np.sum(is_number, axis=axis, keepdims=True, dtype=dtype(x))
    distance = x - np.nanmean(x, axis=axis, keepdims=True)
    differ = np.nanmax(x, axis=axis, keepdims=keepdims) > np.nanmin(x, axis=axis, keepdims=keepdims)
    spread = np.where(differ, out, np.inf)
    return under(is_number, distance / (counted - ddof) * expand(d / spread, axis, keepdims))


@gate(
    "np.nanmax(x, axis=None, *, keepdims=False)",
    rule=rules.extreme,
    stem="max_{x}",
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[*AXES, *TIES],
)
def nanmax(d, out, x, axis, keepdims):
    """Largest entry that is a number: it gets the cotangent; ties share it equally."""
    at_max = x == expand(out, axis, keepdims)
    return (
        at_max
        / np.sum(at_max, axis=axis, keepdims=True, dtype=dtype(x))
        * expand(d, axis, keepdims)
    )


@gate(
    "np.nanmin(x, axis=None, *, keepdims=False)",
    rule=rules.extreme,
    stem="min_{x}",
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[*AXES, *TIES],
)
def nanmin(d, out, x, axis, keepdims):
    """Smallest entry that is a number: it gets the cotangent; ties share it equally."""
    at_min = x == expand(out, axis, keepdims)
    return (
        at_min
        / np.sum(at_min, axis=axis, keepdims=True, dtype=dtype(x))
        * expand(d, axis, keepdims)
    )
