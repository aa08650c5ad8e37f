"""All gates: importing this package registers every family."""

from codegen.gates import (
    arithmetic,
    bounds,
    compare,
    composite,
    elementwise,
    hyperbolic,
    linalg,
    reduce,
    rounding,
    shape,
    trigonometric,
    truth,
    vectors,
)

__all__ = [
    "arithmetic",
    "bounds",
    "compare",
    "composite",
    "elementwise",
    "hyperbolic",
    "linalg",
    "reduce",
    "rounding",
    "shape",
    "trigonometric",
    "truth",
    "vectors",
]
