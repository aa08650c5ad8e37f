"""All gates: importing this package registers every family."""

from codegen.gates import (
    arithmetic,
    bounds,
    compare,
    composite,
    elementwise,
    extremes,
    hyperbolic,
    linalg,
    reduce,
    rounding,
    sequence,
    shape,
    spread,
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
    "extremes",
    "hyperbolic",
    "linalg",
    "reduce",
    "rounding",
    "sequence",
    "shape",
    "spread",
    "trigonometric",
    "truth",
    "vectors",
]
