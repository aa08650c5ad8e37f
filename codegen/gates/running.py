"""Gates that run along an axis."""

from codegen.gates import type_rules_running as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW
from codegen.gates.words import cast, differences_back, grad_by, rank, shape, sums_from_end

ALONG = [
    at(ROW),
    at(GRID),
    at(GRID, axis=0),
    at(GRID, axis=1),
    at(GRID, axis=-1),
    at(BATCH, axis=1),
    at(BATCH, axis=-2),
    at(ROW, axis=0),
]


@gate(
    "np.cumsum(x, axis=None, dtype=None)",
    "x.cumsum(axis=None, dtype=None)",
    rule=rules.running,
    stem="cum_{x}",
    points=[*ALONG, at(GRID, axis=1, dtype="np.float64")],
)
def cumsum(d, x, axis, dtype):
    """Running sum: an entry is in every sum from its own on."""
    return cast(sums_from_end(d, x, axis), x, dtype)


@gate(
    "np.cumprod(x, axis=None)",
    "x.cumprod(axis=None)",
    rule=rules.running,
    points=[
        *ALONG,
        at((1.3, 0.0, -0.7, 0.6)),
        at((0.0, 0.0, -0.7)),
        at(((0.0, 2.0, -0.5), (1.5, 0.0, 0.7)), axis=0),
    ],
)
def cumprod(d, x, axis):
    """Running product: exact also where entries are 0."""
    return grad_by("_cumprod_grad", d, x, x, axis)


@gate(
    "np.diff(x, n=1, axis=-1)",
    rule=rules.difference,
    points=[at(ROW), at(GRID), at(GRID, axis=0), at(GRID, axis=1), at(BATCH, axis=1), at(BATCH)],
)
def diff(d, x, axis):
    """Each entry less the one before: the cotangent goes to one, with a minus to the other."""
    if rank(x) is None:
        return grad_by("_diff_grad", d, x, shape(x), axis)
    return differences_back(d, x, axis)
