"""Gates that give the same numbers as another object: copies, arrays, numbers of numpy's."""

from codegen.gates import type_rules_convert as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW
from codegen.gates.words import cast, rank, shape

KINDS = [at(GRID), at(ROW), at(BATCH)]


@gate("x.copy()", rule=rules.copy, points=KINDS)
def copy(d):
    """A copy: the cotangent is the same."""
    return d


@gate(
    "np.array(x, dtype=None)",
    "np.copy(x)",
    rule=rules.copy,
    sequences=("x",),
    points=[
        *KINDS,
        at(0.3),
        at(GRID, dtype="float", only="np.array(x, dtype=None)"),
    ],
)
def array_of(d, x, dtype=None):
    """An array in memory of its own: a list's gradient is a list."""
    return cast(d, x, dtype)


@gate(
    "np.asarray(x, dtype=None)",
    "np.asanyarray(x, dtype=None)",
    rule=rules.as_array,
    view=True,
    sequences=("x",),
    points=[*KINDS, at(0.3), at(GRID, dtype="float")],
)
def asarray(d, x, dtype):
    """An array as it is, a number as an array of no dimensions."""
    return cast(d, x, dtype)


@gate(
    "np.ascontiguousarray(x)",
    "np.asfortranarray(x)",
    rule=rules.contiguous,
    view=True,
    points=[*KINDS, at(0.3)],
)
def ascontiguousarray(d, x):
    """Entries in that order in memory; a number as an array of one entry."""
    return d if rank(x) is not None and rank(x) > 0 else d.reshape(shape(x))


@gate(
    "np.float64(x)",
    "np.float32(x)",
    rule=rules.numpy_float,
    view=True,
    points=[at(x, only="np.float64(x)") for x in (GRID, ROW, 0.3)],
)
def numpy_float(d, x):
    """A float of numpy's, or an array of them."""
    return cast(d, x, True)
