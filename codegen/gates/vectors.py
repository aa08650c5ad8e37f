"""Gates of `math` that go through the numbers of an array of one axis.

Of numbers written out in a list they are plain arithmetic: see `codegen/build/unrolled.py`.
"""

import numpy as np

from codegen.gates import rules
from codegen.gates.declare import at, gate
from codegen.gates.points import ROW
from codegen.gates.words import dtype

POINTS = [at((0.3, -1.4, 0.8), ROW), at((0.5,), (-0.2,))]


@gate(
    "math.fsum(x)",
    rule=rules.to_float,
    broadcasts=True,
    sequences=("x",),
    stem="sum_{x}",
    holomorphic=False,
    points=[at(ROW), at((0.5,))],
)
def fsum(d):
    """Sum without rounding on the way: every entry gets the cotangent."""
    return d


@gate(
    "math.prod(x)",
    rule=rules.product_of,
    tuples=("x",),
    stem="prod_{x}",
    points=[at(ROW), at((0.5,)), at((0.0, 2.0, 0.7)), at((0.0, 0.0, 0.7)), at((1.3, 0.4))],
)
def math_prod(d, x):
    """Product: every entry gets the product of the others, also where some are 0."""
    is_zero = x == 0
    nonzero = x + is_zero
    no_other_zero = np.sum(is_zero, dtype=dtype(x)) == is_zero
    return np.where(no_other_zero, np.prod(nonzero) / nonzero, 0) * d


@gate(
    "math.dist(p, q)",
    rule=rules.to_float,
    tuples=("p", "q"),
    stem="dist_{p}_{q}",
    kink="0 where the points are one",
    holomorphic=False,
    points=[*POINTS, at((0.3, -1.4), (0.3, -1.4))],
)
def dist(d, out, p, q):
    """Distance of two points, from their coordinates."""
    return (p - q) / (out + (out == 0)) * d, (q - p) / (out + (out == 0)) * d
