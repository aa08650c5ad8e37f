"""Gates that look for the largest or the smallest entry along axes."""

import numpy as np

from codegen.gates import type_rules_reduce as rules
from codegen.gates.declare import gate, value
from codegen.gates.points_axes import AXES, TIES
from codegen.gates.words import dtype, expand


@gate(
    "np.max(x, axis=None, *, keepdims=False)",
    "np.amax(x, axis=None, *, keepdims=False)",
    "x.max(axis=None, *, keepdims=False)",
    "np.maximum.reduce(x, axis=0, *, keepdims=False)",
    rule=rules.extreme,
    stem="max_{x}",
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[*AXES, *TIES],
)
def max_(d, out, x, axis, keepdims):
    """Largest entry: it gets the cotangent; ties share it equally."""
    at_max = x == expand(out, axis, keepdims)
    return (
        at_max
        / np.sum(at_max, axis=axis, keepdims=True, dtype=dtype(x))
        * expand(d, axis, keepdims)
    )


@gate(
    "np.min(x, axis=None, *, keepdims=False)",
    "np.amin(x, axis=None, *, keepdims=False)",
    "x.min(axis=None, *, keepdims=False)",
    "np.minimum.reduce(x, axis=0, *, keepdims=False)",
    rule=rules.extreme,
    stem="min_{x}",
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=[*AXES, *TIES],
)
def min_(d, out, x, axis, keepdims):
    """Smallest entry: it gets the cotangent; ties share it equally."""
    at_min = x == expand(out, axis, keepdims)
    return (
        at_min
        / np.sum(at_min, axis=axis, keepdims=True, dtype=dtype(x))
        * expand(d, axis, keepdims)
    )


@gate(
    "np.ptp(x, axis=None, *, keepdims=False)",
    rule=rules.extreme,
    stem="ptp_{x}",
    kink="ties share equally; 0 where all entries are equal",
    remark="ties share",
    holomorphic=False,
    points=[*AXES, *TIES],
)
def ptp(d, x, axis, keepdims):
    """Largest entry minus smallest."""
    at_max = x == np.max(x, axis=axis, keepdims=True)
    at_min = x == np.min(x, axis=axis, keepdims=True)
    max_share = at_max / np.sum(at_max, axis=axis, keepdims=True, dtype=dtype(x))
    min_share = at_min / np.sum(at_min, axis=axis, keepdims=True, dtype=dtype(x))
    return (max_share - min_share) * expand(d, axis, keepdims)


@value(
    "np.argmax(x, axis=None, *, keepdims=False)",
    "x.argmax(axis=None, *, keepdims=False)",
    rule=rules.position,
)
def argmax():
    """Where the largest entry is."""


@value(
    "np.argmin(x, axis=None, *, keepdims=False)",
    "x.argmin(axis=None, *, keepdims=False)",
    rule=rules.position,
)
def argmin():
    """Where the smallest entry is."""
