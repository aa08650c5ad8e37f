"""Rounding, which has no gradient, remainders, which have one, and casts."""

from codegen.gates import rules, type_rules_shape
from codegen.gates.declare import at, elementwise, gate, value
from codegen.gates.points import BATCH, GRID, OTHER, POSITIVE, ROW
from codegen.gates.words import cast


@value("np.floor(x)", rule=rules.same, stem="floor_{x}", entrywise=True)
def floor():
    """Down to a whole number."""


@value("np.ceil(x)", rule=rules.same, stem="ceil_{x}", entrywise=True)
def ceil():
    """Up to a whole number."""


@value("np.trunc(x)", "np.fix(x)", rule=rules.same, stem="trunc_{x}", entrywise=True)
def trunc():
    """Towards 0 to a whole number."""


@value("np.rint(x)", rule=rules.floating, stem="rint_{x}", entrywise=True)
def rint():
    """To the nearest whole number, a half to the even one."""


@value(
    "np.round(x, decimals=0)",
    "np.around(x, decimals=0)",
    "x.round(decimals=0)",
    rule=rules.same,
    stem="rounded_{x}",
    entrywise=True,
)
def round_():
    """To so many decimals."""


@value("math.floor(x)", rule=rules.to_int, stem="floor_{x}")
def floor_to_int():
    """Down to an int."""


@value("math.ceil(x)", rule=rules.to_int, stem="ceil_{x}")
def ceil_to_int():
    """Up to an int."""


@value("int(x)", "math.trunc(x)", rule=rules.to_int, stem="int_{x}")
def to_int():
    """Towards 0 to an int."""


@value("round(x, ndigits=None)", rule=rules.rounded, stem="rounded_{x}")
def round_number():
    """The built-in: to an int, or to so many digits."""


@value("x // y", "np.floor_divide(x, y)", rule=rules.same, stem="{x}div{y}", entrywise=True)
def floor_divide():
    """How many times y goes into x."""


DIVISORS = (0.77, -1.43, 0.53)
REMAINDERS = [
    at(GRID, OTHER),
    at(2.3, -0.7),
    at(-2.3, 0.7),
    at(GRID, DIVISORS),
    at(((0.85,), (-1.9,)), DIVISORS),
    at(GRID, 0.57),
    at(-2.3, POSITIVE),
    at(BATCH, ((0.85,), (-1.9,))),
]


@elementwise(
    "x % y",
    "np.remainder(x, y)",
    "np.mod(x, y)",
    rule=rules.same,
    stem="{x}mod{y}",
    kink="a jump where y divides x",
    holomorphic=False,
    points=REMAINDERS,
    singular=True,
)
def remainder(x, y):
    """What is left of x, with the sign of y: x - (x // y) * y."""
    return 1, -(x // y)


@elementwise(
    "np.fmod(x, y)",
    rule=rules.same,
    stem="{x}mod{y}",
    kink="a jump where y divides x",
    holomorphic=False,
    points=REMAINDERS,
    singular=True,
)
def fmod(out, x, y):
    """What is left of x, with the sign of x."""
    return 1, (out - x) / y


@elementwise(
    "math.fmod(x, y)",
    rule=rules.floating,
    stem="{x}mod{y}",
    kink="a jump where y divides x",
    holomorphic=False,
    points=[at(2.3, -0.7), at(-2.3, 0.7), at(0.3, 1.1)],
    singular=True,
)
def float_fmod(out, x, y):
    """What is left of x, with the sign of x."""
    return 1, (out - x) / y


@elementwise(
    "math.remainder(x, y)",
    rule=rules.floating,
    stem="{x}mod{y}",
    kink="a jump where x is half-way between multiples of y",
    holomorphic=False,
    points=[at(2.3, -0.7), at(-2.3, 0.9), at(0.3, 1.1)],
    singular=True,
)
def nearest_remainder(out, x, y):
    """How far x is from the nearest multiple of y."""
    return 1, (out - x) / y


@elementwise(
    "np.heaviside(x, y)",
    rule=rules.floating,
    stem="step_{x}",
    kink="slope 0 in x, also at 0",
    holomorphic=False,
    points=[at(GRID, OTHER), at(0.0, 0.5), at((0.0, 1.2, -0.4), ROW), at((0.0, 1.2, -0.4), 0.5)],
)
def heaviside(d, x, y):
    """0 below 0, 1 above, y at 0: only y has a gradient."""
    return None, (x == 0) * d


@gate(
    "float(x)",
    "x.item()",
    rule=rules.to_float,
    broadcasts=True,
    stem="number_{x}",
    holomorphic=False,
    points=[at(0.3, only="float(x)"), at((0.3,), only="x.item()"), at(((-1.4,),), only="x.item()")],
)
def to_float(d):
    """A Python float."""
    return d


@gate(
    "x.astype(dtype=None)",
    rule=type_rules_shape.cast,
    casts=True,
    holomorphic=False,
    points=[at(GRID, dtype="float"), at(BATCH, dtype="np.float64"), at(ROW, dtype="'float64'")],
)
def astype(d, x, dtype):
    """In another dtype. The cotangent is cast back; whole numbers have none."""
    return cast(d, x, "float64")


@gate(
    takes=("x",),
    rule=type_rules_shape.cast_or_kept,
    view=True,
    casts=True,
    holomorphic=False,
    points=[at(GRID), at(ROW)],
)
def astype_or_kept(d, x, dtype):
    """x.astype(dtype, copy=False): in another dtype, or the array itself."""
    return cast(d, x, "float64")
