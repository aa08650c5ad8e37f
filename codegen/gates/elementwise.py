"""Gates that work entry by entry: the elementary functions."""

from codegen.gates.declare import at, elementwise
from codegen.gates.points import GRID, POSITIVE, ZEROS
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
    "np.log(x)",
    "math.log(x)",
    rule=floating,
    stem="log{x}",
    points=[at(POSITIVE), at(0.3), at(1e-8)],
)
def log(x):
    """Natural logarithm."""
    return 1 / x


@elementwise(
    "np.sqrt(x)",
    "math.sqrt(x)",
    rule=floating,
    stem="sqrt{x}",
    points=[at(POSITIVE), at(0.3), at(1e-8)],
)
def sqrt(out):
    """Square root. The slope is infinite at 0."""
    return 0.5 / out


@elementwise("np.square(x)", rule=same, stem="{x}sqr", points=[at(GRID), at(0.3), at(ZEROS)])
def square(x):
    """The square."""
    return 2 * x


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
    rule=floating, stem="sig{x}", points=[at(GRID), at(0.3), at(-2.0), at(ZEROS), at(-40.0)]
)
def sigmoid(out):
    """Squash to (0, 1): recognised in its spellings, `1 / (1 + exp(-x))` and the like."""
    return (1 - out) * out
