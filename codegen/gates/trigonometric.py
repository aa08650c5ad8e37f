"""Trigonometric functions and their inverses, entry by entry."""

import numpy as np

from codegen.gates.arithmetic import PAIRS
from codegen.gates.declare import at, elementwise
from codegen.gates.points import GRID, UNIT, ZEROS
from codegen.gates.rules import floating


@elementwise(
    "np.sin(x)", "math.sin(x)", rule=floating, stem="sin{x}", points=[at(GRID), at(0.3), at(ZEROS)]
)
def sin(x):
    """Sine (radians)."""
    return np.cos(x)


@elementwise(
    "np.cos(x)", "math.cos(x)", rule=floating, stem="cos{x}", points=[at(GRID), at(0.3), at(ZEROS)]
)
def cos(x):
    """Cosine (radians)."""
    return -np.sin(x)


@elementwise(
    "np.tan(x)", "math.tan(x)", rule=floating, stem="tan{x}", points=[at(GRID), at(0.3), at(ZEROS)]
)
def tan(out):
    """Tangent (radians). The slope is 1 + out**2, so the forward value is reused."""
    return 1 + out**2


@elementwise(
    "np.arcsin(x)",
    "np.asin(x)",
    "math.asin(x)",
    rule=floating,
    stem="asin{x}",
    points=[at(UNIT), at(0.3), at(-0.999), at(((0.0,),))],
    singular=True,
)
def arcsin(x):
    """Inverse sine. The slope is infinite at -1 and 1."""
    return 1 / np.sqrt(1 - x**2)


@elementwise(
    "np.arccos(x)",
    "np.acos(x)",
    "math.acos(x)",
    rule=floating,
    stem="acos{x}",
    points=[at(UNIT), at(0.3), at(-0.999), at(((0.0,),))],
    singular=True,
)
def arccos(x):
    """Inverse cosine. The slope is infinite at -1 and 1."""
    return -1 / np.sqrt(1 - x**2)


@elementwise(
    "np.arctan(x)",
    "np.atan(x)",
    "math.atan(x)",
    rule=floating,
    stem="atan{x}",
    points=[at(GRID), at(0.3), at(ZEROS), at(-1e3)],
)
def arctan(x):
    """Inverse tangent."""
    return 1 / (1 + x * x)


@elementwise(
    "np.arctan2(y, x)",
    "np.atan2(y, x)",
    "math.atan2(y, x)",
    rule=floating,
    stem="angle_{y}{x}",
    kink="0 at (0, 0)",
    holomorphic=False,
    points=[*PAIRS[:-1], at(ZEROS, 2.0), at(0.3, 0.0), at(-0.5, -2.0), at(0.0, 0.0)],
)
def arctan2(y, x):
    """Angle of the point (x, y), for x and y of any size."""
    radius = np.hypot(x, y) + (x == 0) * (y == 0)
    return x / radius / radius, -y / radius / radius


@elementwise(
    "np.sinc(x)",
    rule=floating,
    stem="sinc{x}",
    points=[at(GRID), at(0.3), at(ZEROS), at(0.009), at(0.0), at((0.004, -0.3))],
)
def sinc(out, x):
    """sin(pi * x) / (pi * x), 1 at 0. The slope is a series near 0, where the quotient cancels."""
    z = np.pi * x
    return np.where(
        np.abs(x) < 0.01,
        -np.pi * z * (1 / 3 - z**2 / 30 + z**4 / 840),
        (np.cos(z) - out) / (x + (x == 0)),
    )


@elementwise(
    "np.deg2rad(x)",
    "np.radians(x)",
    "math.radians(x)",
    rule=floating,
    stem="{x}_rad",
    holomorphic=False,
    points=[at(GRID), at(0.3), at(ZEROS)],
)
def deg2rad():
    """Degrees to radians."""
    return np.pi / 180


@elementwise(
    "np.rad2deg(x)",
    "np.degrees(x)",
    "math.degrees(x)",
    rule=floating,
    stem="{x}_deg",
    holomorphic=False,
    points=[at(GRID), at(0.3), at(ZEROS)],
)
def rad2deg():
    """Radians to degrees."""
    return 180 / np.pi
