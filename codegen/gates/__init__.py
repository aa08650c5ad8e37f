"""All gates: importing this package registers every family."""

from codegen.gates import (
    arithmetic,
    compare,
    control,
    elementwise,
    extremes,
    linalg,
    reduce,
    sequence,
    shape,
    spread,
    truth,
)

__all__ = [
    "arithmetic",
    "compare",
    "control",
    "elementwise",
    "extremes",
    "linalg",
    "reduce",
    "sequence",
    "shape",
    "spread",
    "truth",
]
