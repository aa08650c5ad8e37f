"""Gates for the arithmetic operators."""

import numpy as np

from codegen.gates.declare import at, elementwise
from codegen.gates.points import BATCH, COLUMN, GRID, ONE, OTHER, POSITIVE, ROW, ZEROS
from codegen.gates.rules import alias as alias_rule
from codegen.gates.rules import floating, same
from codegen.gates.rules import power as power_rule
from codegen.gates.words import cast, dtype, staged

PAIRS = [
    at(GRID, OTHER),
    at(0.3, -1.4),
    at(GRID, ROW),
    at(COLUMN, ROW),
    at(GRID, COLUMN),
    at(0.3, GRID),
    at(GRID, 0.3),
    at(ONE, GRID),
    at(BATCH, COLUMN),
    at(ZEROS, -2.0),
]


@elementwise(rule=alias_rule, view=True)
def alias():
    """The same value under another name: `y = x`."""
    return 1


@elementwise("x + y", "np.add(x, y)", rule=same, stem="{x}p{y}", points=PAIRS)
def add():
    """Add: the cotangent goes to both."""
    return 1, 1


@elementwise("x - y", "np.subtract(x, y)", rule=same, stem="{x}m{y}", points=PAIRS)
def subtract():
    """Subtract: the second gets the cotangent with a minus sign."""
    return 1, -1


@elementwise("x * y", "np.multiply(x, y)", rule=same, stem="{x}{y}", points=PAIRS)
def multiply(x, y):
    """Multiply: each gets the cotangent times the other."""
    return y, x


@elementwise(
    "x / y",
    "np.divide(x, y)",
    "np.true_divide(x, y)",
    rule=floating,
    stem="{x}_over_{y}",
    points=PAIRS,
    singular=True,
)
def divide(out, x, y):
    """Divide. The denominator's slope is -out / y, or -x / y**2 where the quotient is not kept."""
    return 1 / y, -out / y if staged(out) else -x / y**2


@elementwise(
    "C / y",
    "np.divide(C, y)",
    rule=floating,
    stem="inv{y}",
    points=[at(POSITIVE), at(0.3), at(-2.0)],
    singular=True,
)
def reciprocal(C, y):
    """A number divided by y, kept in the form of the notes: -1.0 / y**2."""
    return -C / y**2


@elementwise(
    "np.reciprocal(x)",
    rule=same,
    stem="inv{x}",
    points=[at(POSITIVE), at(0.3), at(-2.0), at(GRID), at(((1.0, -1.0),))],
    singular=True,
)
def one_over(out, x):
    """1 / x, in x's dtype."""
    return -(out**2) if staged(out) else -1 / x**2


@elementwise(
    "x ** C",
    "np.power(x, C)",
    "np.pow(x, C)",
    "pow(x, C)",
    rule=power_rule,
    stem="{x}pow",
    points=[at(POSITIVE), at(0.3), at(-1.7), at(GRID), at(ZEROS), at(0.0)],
    singular=True,
)
def power_literal(x, C):
    """x to a literal power: C * x**(C - 1). x**0 has slope 0 everywhere."""
    return C * x ** (C - 1)


POWERS = [
    at(POSITIVE, OTHER),
    at(0.3, -1.4),
    at(POSITIVE, ROW),
    at(0.3, GRID),
    at(POSITIVE, 0.7),
    at(POSITIVE, COLUMN),
]


@elementwise(
    "x ** p",
    "np.power(x, p)",
    "np.pow(x, p)",
    "pow(x, p)",
    rule=power_rule,
    stem="{x}pow{p}",
    kink="p gets a gradient only where x > 0, and none if it is an integer; x**0 has slope 0",
    points=POWERS,
    singular=True,
)
def power(out, x, p):
    """x to the power p: p * x**(p - 1) for x, log(x) * out for p."""
    return p * x ** (p - 1 + (p == 0)), np.log(np.where(x > 0, x, 1), dtype=dtype(out)) * out


@elementwise(
    "math.pow(x, C)",
    rule=floating,
    stem="{x}pow",
    points=[at(0.3), at(-1.7), at(0.0)],
    singular=True,
)
def math_power_literal(x, C):
    """x to a literal power as a float: C * x**(C - 1)."""
    return C * x ** (C - 1)


@elementwise(
    "np.float_power(x, p)",
    "math.pow(x, p)",
    rule=floating,
    stem="{x}pow{p}",
    kink="p gets a gradient only where x > 0, and none if it is an integer; x**0 has slope 0",
    points=POWERS,
    singular=True,
)
def float_power(d, out, x, p):
    """x to the power p as a float64: p * x**(p - 1) for x, log(x) * out for p."""
    return (
        cast(p * np.float_power(x, p - 1 + (p == 0)) * d, x, "float64"),
        cast(np.log(np.where(x > 0, x, 1), dtype=dtype(out)) * out * d, p, "float64"),
    )


@elementwise(
    "-x", "np.negative(x)", rule=same, stem="neg_{x}", points=[at(GRID), at(0.3), at(ZEROS)]
)
def negative():
    """Change the sign."""
    return -1


@elementwise(
    "+x", "np.positive(x)", rule=same, stem="pos_{x}", points=[at(GRID), at(0.3), at(ZEROS)]
)
def positive():
    """Leave the sign."""
    return 1
