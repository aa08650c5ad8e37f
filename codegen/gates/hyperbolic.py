"""Hyperbolic functions and their inverses, entry by entry."""

import numpy as np

from codegen.gates.declare import at, elementwise
from codegen.gates.points import ABOVE_ONE, GRID, UNIT, ZEROS
from codegen.gates.rules import floating


@elementwise(
    "np.sinh(x)",
    "math.sinh(x)",
    rule=floating,
    stem="sinh{x}",
    points=[at(GRID), at(0.3), at(ZEROS)],
)
def sinh(x):
    """Hyperbolic sine."""
    return np.cosh(x)


@elementwise(
    "np.cosh(x)",
    "math.cosh(x)",
    rule=floating,
    stem="cosh{x}",
    points=[at(GRID), at(0.3), at(ZEROS)],
)
def cosh(x):
    """Hyperbolic cosine."""
    return np.sinh(x)


@elementwise(
    "np.tanh(x)",
    "math.tanh(x)",
    rule=floating,
    stem="tanh{x}",
    points=[at(GRID), at(0.3), at(ZEROS)],
)
def tanh(out):
    """Squash to (-1, 1). The slope is 1 - out**2, so the forward value is reused."""
    return 1 - out**2


@elementwise(
    "np.arcsinh(x)",
    "np.asinh(x)",
    "math.asinh(x)",
    rule=floating,
    stem="asinh{x}",
    points=[at(GRID), at(0.3), at(ZEROS), at(-1e3)],
)
def arcsinh(x):
    """Inverse hyperbolic sine."""
    return 1 / np.sqrt(1 + x * x)


@elementwise(
    "np.arccosh(x)",
    "np.acosh(x)",
    "math.acosh(x)",
    rule=floating,
    stem="acosh{x}",
    points=[at(ABOVE_ONE), at(1.001), at(1e3)],
    singular=True,
)
def arccosh(x):
    """Inverse hyperbolic cosine. The slope is infinite at 1."""
    return 1 / np.sqrt(x * x - 1)


@elementwise(
    "np.arctanh(x)",
    "np.atanh(x)",
    "math.atanh(x)",
    rule=floating,
    stem="atanh{x}",
    points=[at(UNIT), at(0.3), at(-0.999), at(((0.0,),))],
    singular=True,
)
def arctanh(x):
    """Inverse hyperbolic tangent. The slope is infinite at -1 and 1."""
    return 1 / (1 - x**2)
