"""Gates that put entries in order. Ties follow a stable argsort."""

from codegen.gates import type_rules_running as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW, WIDE
from codegen.gates.words import by_rank, grad_by

TIED = ((0.5, 0.2, 0.5), (0.7, 0.7, 0.7))
BY_AXES = [
    at(ROW),
    at(GRID),
    at((0.4, 1.3, -0.9, 0.6, 1.1)),
    at(WIDE, axis=0),
    at(WIDE, axis=1),
    at(WIDE, axis=-1, keepdims=True),
    at(WIDE, keepdims=True),
    at(BATCH, axis=1),
    at(0.3),
]
STABLE = "ties follow a stable argsort"


@gate(
    "np.sort(x, axis=-1)",
    rule=rules.ordered,
    kink=STABLE,
    points=[
        at(ROW),
        at(GRID),
        at(GRID, axis=0),
        at(GRID, axis=1),
        at(GRID, axis=None),
        at(BATCH, axis=1),
        at(BATCH),
        at(WIDE, axis=-2),
    ],
)
def sort(d, x, axis):
    """In rising order: each entry gets the cotangent of the place where it went."""
    return by_rank(d, x, axis)


@gate(
    "np.partition(x, kth, axis=-1)",
    rule=rules.ordered,
    indices=("kth",),
    kink=STABLE,
    holomorphic=False,  # numpy leaves complex entries in another order
    points=[
        at(ROW, 1),
        at((0.4, 1.3, -0.9, 0.6, 1.1), 2),
        at((0.4, 1.3, -0.9, 0.6, 1.1), (1, 3)),
        at(WIDE, 1, axis=0),
        at(WIDE, -2, axis=1),
        at(WIDE, 5, axis=None),
        at(BATCH, 0, axis=1),
    ],
)
def partition(d, out, x, kth, axis):
    """With the kth entry where it is in order, smaller ones before it and larger ones behind."""
    return grad_by("_partition_grad", d, x, x, out, axis), None


@gate(
    "np.median(x, axis=None, *, keepdims=False)",
    rule=rules.quantile,
    stem="median_{x}",
    kink=STABLE,
    remark="ties by stable order",
    holomorphic=False,
    points=BY_AXES,
)
def median(d, x, axis):
    """The entry in the middle gets the cotangent; of an even number two get half of it."""
    return grad_by("_quantile_grad", d, x, x, 0.5, axis)


@gate(
    "np.quantile(x, q=None, axis=None, *, keepdims=False)",
    rule=rules.quantile,
    kink=STABLE,
    remark="ties by stable order",
    holomorphic=False,
    points=[
        at(point.operands[0], q=q, **dict(point.statics))
        for q, point in zip((0.3, 0, 1, 0.55, 0.25, 0.75, 0.9, 0.5, 0.2), BY_AXES, strict=True)
    ],
)
def quantile(d, x, q, axis):
    """Between two entries in order, which share the cotangent by distance. q is a literal."""
    return grad_by("_quantile_grad", d, x, x, q, axis)


@gate(
    "np.percentile(x, q=None, axis=None, *, keepdims=False)",
    rule=rules.quantile,
    kink=STABLE,
    remark="ties by stable order",
    holomorphic=False,
    points=[
        at(point.operands[0], q=q, **dict(point.statics))
        for q, point in zip((30, 0, 100, 55, 25.5, 75, 90, 50, 20), BY_AXES, strict=True)
    ],
)
def percentile(d, x, q, axis):
    """Between two entries in order, which share the cotangent by distance. q is a literal."""
    return grad_by("_quantile_grad", d, x, x, q / 100, axis)
