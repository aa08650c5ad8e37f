"""Exponentials, logarithms, roots and absolute values, entry by entry."""

import math

import numpy as np

from codegen.gates.arithmetic import PAIRS
from codegen.gates.declare import at, elementwise, value
from codegen.gates.points import GRID, POSITIVE, ROW, ZEROS
from codegen.gates.rules import floating, same


@elementwise(
    "np.exp(x)",
    "math.exp(x)",
    rule=floating,
    stem="exp{x}",
    points=[at(GRID), at(0.3), at(-2.0), at(ZEROS), at(-40.0)],
)
def exp(out):
    """Exponential. Its slope is its value, so the forward value is reused."""
    return out


@elementwise(
    "np.exp2(x)",
    "math.exp2(x)",
    rule=floating,
    stem="exp2{x}",
    points=[at(GRID), at(0.3), at(-2.0), at(ZEROS)],
)
def exp2(out):
    """2 to the power x."""
    return math.log(2) * out


@elementwise(
    "np.expm1(x)",
    "math.expm1(x)",
    rule=floating,
    stem="expm1{x}",
    points=[at(GRID), at(0.3), at(-2.0), at(ZEROS), at(1e-12)],
)
def expm1(out):
    """exp(x) - 1, exact for small x."""
    return out + 1


@elementwise(
    "np.log(x)",
    "math.log(x)",
    rule=floating,
    stem="log{x}",
    points=[at(POSITIVE), at(0.3), at(1e-8)],
    singular=True,
)
def log(x):
    """Natural logarithm."""
    return 1 / x


@elementwise(
    "math.log(x, base)",
    rule=floating,
    stem="log{x}",
    points=[at(0.3, 1.7), at(2.6, 0.4), at(1e-8, 10.0)],
    singular=True,
)
def log_to_base(out, x, base):
    """Logarithm to a base."""
    return 1 / (x * math.log(base)), -out / (base * math.log(base))


@elementwise(
    "np.log2(x)",
    "math.log2(x)",
    rule=floating,
    stem="log{x}",
    points=[at(POSITIVE), at(0.3), at(1e-8)],
    singular=True,
)
def log2(x):
    """Logarithm to base 2."""
    return 1 / (math.log(2) * x)


@elementwise(
    "np.log10(x)",
    "math.log10(x)",
    rule=floating,
    stem="log{x}",
    points=[at(POSITIVE), at(0.3), at(1e-8)],
    singular=True,
)
def log10(x):
    """Logarithm to base 10."""
    return 1 / (math.log(10) * x)


@elementwise(
    "np.log1p(x)",
    "math.log1p(x)",
    rule=floating,
    stem="log1p{x}",
    points=[at(POSITIVE), at(0.3), at(-0.9), at(ZEROS), at(1e-12)],
    singular=True,
)
def log1p(x):
    """log(1 + x), exact for small x."""
    return 1 / (1 + x)


@elementwise(
    "np.logaddexp(x, y)",
    rule=floating,
    stem="lse_{x}_{y}",
    holomorphic=False,
    points=[*PAIRS, at(700.0, 699.5), at(-800.0, -800.0)],
)
def logaddexp(out, x, y):
    """log(exp(x) + exp(y)), for x and y of any size. The slopes are a softmax, at most 1."""
    return np.exp(x - out), np.exp(y - out)


@elementwise(
    "np.logaddexp2(x, y)",
    rule=floating,
    stem="lse2_{x}_{y}",
    holomorphic=False,
    points=[*PAIRS, at(1000.0, 999.5), at(-1100.0, -1100.0)],
)
def logaddexp2(out, x, y):
    """log2(2**x + 2**y), for x and y of any size."""
    return np.exp2(x - out), np.exp2(y - out)


@elementwise(
    "np.sqrt(x)",
    "math.sqrt(x)",
    rule=floating,
    stem="sqrt{x}",
    points=[at(POSITIVE), at(0.3), at(1e-8)],
    singular=True,
)
def sqrt(out):
    """Square root. The slope is infinite at 0."""
    return 0.5 / out


@elementwise(
    "np.cbrt(x)",
    "math.cbrt(x)",
    rule=floating,
    stem="cbrt{x}",
    holomorphic=False,
    points=[at(GRID), at(0.3), at(-2.0), at(1e-8)],
    singular=True,
)
def cbrt(out):
    """Cube root. The slope is infinite at 0."""
    return 1 / (3 * out**2)


@elementwise("np.square(x)", rule=same, stem="{x}sqr", points=[at(GRID), at(0.3), at(ZEROS)])
def square(x):
    """The square."""
    return 2 * x


@elementwise(
    "np.hypot(x, y)",
    rule=floating,
    stem="norm_{x}{y}",
    kink="0 at (0, 0)",
    holomorphic=False,
    points=[*PAIRS, at(0.0, 0.0), at((0.0, 3.0), (0.0, -4.0)), at(ROW, 0.0)],
)
def hypot(out, x, y):
    """Length of (x, y), for x and y of any size."""
    return x / (out + (out == 0)), y / (out + (out == 0))


@elementwise(
    "math.hypot(*x)",
    rule=floating,
    stem="norm_{x}",
    kink="0 at the origin",
    holomorphic=False,
    points=[at(0.3, -1.4), at(-2.0), at(0.7, -0.2, 1.9), at(0.0, 0.0), at(0.0)],
)
def length_of(out, x):
    """Length of a vector, from its coordinates."""
    return x / (out + (out == 0))


@elementwise(
    "np.abs(x)",
    "np.absolute(x)",
    "abs(x)",
    rule=same,
    stem="abs{x}",
    kink="0 at 0",
    holomorphic=False,
    points=[at(GRID), at(0.3), at(-0.3), at(((0.0, 1.5),)), at(0.0)],
)
def absolute(x):
    """Absolute value. The slope is sign(x), 0 at 0."""
    return np.sign(x)


@elementwise(
    "np.fabs(x)",
    "math.fabs(x)",
    rule=floating,
    stem="abs{x}",
    kink="0 at 0",
    holomorphic=False,
    points=[at(GRID), at(0.3), at(-0.3), at(((0.0, 1.5),)), at(0.0)],
)
def fabs(x):
    """Absolute value as a float, of whole numbers too. The slope is sign(x), 0 at 0."""
    return np.sign(x)


@elementwise(
    "np.copysign(x, y)",
    "math.copysign(x, y)",
    rule=floating,
    stem="{x}_as_{y}",
    kink="0 where x is 0",
    holomorphic=False,
    points=[*PAIRS[:-1], at(-2.0, -0.5), at(((0.0, 1.5),), -1.0), at(0.0, 2.0)],
)
def copysign(out, x, y):
    """x with the sign of y, from which nothing else comes: the slope is 1, or -1 if it turns."""
    return np.sign(x) * np.sign(out), None


@value("np.sign(x)", rule=same, entrywise=True)
def sign():
    """-1, 0 or 1: without gradient."""
