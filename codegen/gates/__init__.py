"""All gates: importing this package registers every family."""

from codegen.gates import (
    arithmetic,
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
)

__all__ = [
    "arithmetic",
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
]
