"""Gates that change a shape or make arrays, and values read off a shape."""

from codegen.gates import type_rules_shape as rules
from codegen.gates.declare import at, elementwise, gate, value
from codegen.gates.points import BATCH, GRID, ONE, ROW
from codegen.gates.rules import to_int
from codegen.gates.words import shape


@gate(
    "x.reshape(*sizes)",
    "np.reshape(x, sizes)",
    rule=rules.reshape,
    stem="flat_{x}",
    view=True,
    points=[
        at(GRID, 3, 2, only="x.reshape(*sizes)"),
        at(GRID, -1, only="x.reshape(*sizes)"),
        at(GRID, (2, -1)),
        at(GRID, (6,)),
        at(GRID, (1, 3, 2)),
        at(BATCH, (4, -1)),
        at(ONE, ()),
    ],
)
def reshape(d, x):
    """The same entries in another shape."""
    return d.reshape(shape(x))


@gate(
    "np.expand_dims(x, axis=None)",
    rule=rules.expand_dims,
    view=True,
    points=[at(GRID, axis=1), at(GRID, axis=-1), at(ROW, axis=0), at(GRID, axis=(0, 2))],
)
def expand_dims(d, x):
    """One more axis of length 1."""
    return d.reshape(shape(x))


@value("x.shape", "np.shape(x)", rule=rules.shape_of, cheap=True)
def shape_of():
    """The shape, a tuple of ints."""


@value("len(x)", rule=rules.length, cheap=True)
def length():
    """The length of the first axis."""


@value("x.size", "np.size(x)", rule=to_int, cheap=True)
def size():
    """The number of entries."""


@value("x.ndim", "np.ndim(x)", rule=to_int, cheap=True)
def ndim():
    """The number of dimensions."""


@value("x.dtype", rule=rules.dtype_of, cheap=True)
def dtype():
    """The dtype."""


@value("np.zeros(sizes, dtype=None)", rule=rules.filled)
def zeros():
    """An array of zeros."""


@value("np.ones(sizes, dtype=None)", rule=rules.filled)
def ones():
    """An array of ones."""


@value("np.zeros_like(x, dtype=None)", rule=rules.filled_like)
def zeros_like():
    """Zeros in the shape of another array."""


@value("np.ones_like(x, dtype=None)", rule=rules.filled_like)
def ones_like():
    """Ones in the shape of another array."""


@elementwise(
    "np.full(sizes, x, dtype=None)",
    rule=rules.full,
    points=[at((2, 3), 0.3), at(3, 0.3), at((2, 3), ROW), at((0, 3), 0.3)],
)
def full(d, sizes, x):
    """An array of one number, which gets the sum of all cotangents."""
    return None, d


@elementwise(
    "np.full_like(y, x, dtype=None)",
    rule=rules.full_like,
    holomorphic=False,
    points=[at(GRID, 0.3), at(GRID, ROW)],
)
def full_like(d, y, x):
    """One number in the shape of another array; it gets the sum of all cotangents."""
    return None, d


@value(
    "np.arange(start, stop, step, *, dtype=None)",
    "np.arange(start, stop, *, dtype=None)",
    "np.arange(start, *, dtype=None)",
    rule=rules.arange,
    cheap=True,
)
def arange():
    """Numbers in a row, without gradient."""


@value("np.eye(rows, *, dtype=None)", "np.eye(rows, columns, *, dtype=None)", rule=rules.eye)
def eye():
    """The identity matrix."""
