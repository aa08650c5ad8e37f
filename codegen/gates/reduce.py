"""Gates that sum, multiply, average or count along axes."""

import numpy as np

from codegen.gates import type_rules_reduce as rules
from codegen.gates.declare import at, gate, value
from codegen.gates.points_axes import AXES, PRECISE
from codegen.gates.words import cast, count, expand, rank


@gate(
    "np.sum(x, axis=None, dtype=None, *, keepdims=False)",
    "x.sum(axis=None, dtype=None, *, keepdims=False)",
    "np.add.reduce(x, axis=0, dtype=None, *, keepdims=False)",
    rule=rules.total,
    broadcasts=True,
    stem="sum_{x}",
    points=[*AXES, *PRECISE],
)
def sum_(d, x, axis, dtype, keepdims):
    """Sum: every entry gets the cotangent of its sum."""
    return expand(cast(d, x, dtype), axis, keepdims)


@gate(
    "np.mean(x, axis=None, dtype=None, *, keepdims=False)",
    "x.mean(axis=None, dtype=None, *, keepdims=False)",
    rule=rules.average,
    broadcasts=True,
    stem="mean_{x}",
    points=[*AXES, *PRECISE],
)
def mean(d, x, axis, dtype, keepdims):
    """Average: every entry gets its share of the cotangent."""
    return expand(cast(d, x, dtype), axis, keepdims) / count(x, axis)


WITH_ZEROS = ((0.0, 2.0, -0.5), (1.5, 0.0, 0.7), (0.0, 0.3, 1.1))
ZERO_ROWS = ((0.0, 2.0, -0.5), (0.0, 0.0, 0.7), (0.4, 0.3, 1.1))


@gate(
    "np.prod(x, axis=None, dtype=None, *, keepdims=False)",
    "x.prod(axis=None, dtype=None, *, keepdims=False)",
    "np.multiply.reduce(x, axis=0, dtype=None, *, keepdims=False)",
    rule=rules.total,
    stem="prod_{x}",
    points=[
        *AXES,
        *PRECISE,
        at((1.3, 0.0, -0.7)),
        at((0.0, 0.0, -0.7)),
        at(0.0),
        at(WITH_ZEROS),
        at(WITH_ZEROS, axis=0),
        at(WITH_ZEROS, axis=1),
        at(ZERO_ROWS, axis=-1, keepdims=True),
        at((ZERO_ROWS, WITH_ZEROS), axis=(0, 2)),
    ],
)
def prod(d, x, axis, dtype, keepdims):
    """Product: every entry gets the product of the others, also where some are 0."""
    if rank(x) == 0:
        return cast(d, x, dtype)
    is_zero = x == 0
    nonzero = x + is_zero
    others = np.prod(nonzero, axis=axis, keepdims=True) / nonzero
    no_other_zero = is_zero == np.sum(is_zero, axis=axis, keepdims=True)
    return np.where(no_other_zero, others, 0) * expand(cast(d, x, dtype), axis, keepdims)


@value(
    "np.any(x, axis=None, *, keepdims=False)",
    "x.any(axis=None, *, keepdims=False)",
    rule=rules.verdict,
)
def any_():
    """Whether any entry holds."""


@value(
    "np.all(x, axis=None, *, keepdims=False)",
    "x.all(axis=None, *, keepdims=False)",
    rule=rules.verdict,
)
def all_():
    """Whether all entries hold."""


@value("np.count_nonzero(x, axis=None, *, keepdims=False)", rule=rules.count)
def count_nonzero():
    """How many entries are not 0."""
