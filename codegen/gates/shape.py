"""Gates that keep the entries in their order and change the shape; numbers read off a shape."""

from codegen.gates import type_rules_axes as axes
from codegen.gates import type_rules_shape as rules
from codegen.gates.declare import at, elementwise, gate, value
from codegen.gates.points import BATCH, COLUMN, GRID, ONE, ROW
from codegen.gates.rules import to_int
from codegen.gates.type_rules_make import size_of
from codegen.gates.words import rank, shape

RAISED = [at(0.3), at(ROW), at(GRID), at(BATCH), at(ONE)]


@gate(
    "x.reshape(*sizes)",
    "np.reshape(x, sizes)",
    rule=rules.reshape,
    stem="flat_{x}",
    view=True,
    sizes=("sizes",),
    points=[
        at(GRID, 3, 2, only="x.reshape(*sizes)"),
        at(GRID, -1, only="x.reshape(*sizes)"),
        at(GRID, (2, -1)),
        at(GRID, (6,)),
        at(GRID, (1, 3, 2)),
        at(BATCH, (4, -1)),
        at(ONE, ()),
        at(0.3, (1, 1), only="np.reshape(x, sizes)"),
    ],
)
def reshape(d, x):
    """The same entries in another shape."""
    return d.reshape(shape(x))


@gate(
    "np.ravel(x, order='C')",
    "x.ravel(order='C')",
    rule=axes.ravel,
    stem="flat_{x}",
    view=True,
    points=[
        at(GRID),
        at(ROW),
        at(BATCH),
        at(GRID, order="'C'"),
        at(0.3, only="np.ravel(x, order='C')"),
    ],
)
def ravel(d, x):
    """All entries along one axis."""
    return d if rank(x) == 1 else d.reshape(shape(x))


@gate(
    "x.flatten(order='C')",
    rule=axes.flatten,
    stem="flat_{x}",
    points=[at(GRID), at(ROW), at(BATCH), at(GRID, order="'C'")],
)
def flatten(d, x):
    """All entries along one axis, copied."""
    return d if rank(x) == 1 else d.reshape(shape(x))


@gate(
    "np.expand_dims(x, axis=None)",
    rule=axes.expand_dims,
    view=True,
    points=[
        at(GRID, axis=1),
        at(GRID, axis=-1),
        at(ROW, axis=0),
        at(GRID, axis=(0, 2)),
        at(GRID, axis=(-1, 1)),
        at(0.3, axis=0),
    ],
)
def expand_dims(d, x):
    """One more axis of length 1, or several."""
    return d.reshape(shape(x))


@gate(
    "np.squeeze(x, axis=None)",
    "x.squeeze(axis=None)",
    rule=axes.squeeze,
    view=True,
    points=[
        at((GRID,)),
        at(COLUMN),
        at(COLUMN, axis=1),
        at((GRID,), axis=0),
        at(COLUMN, axis=-1),
        at((COLUMN,), axis=(0, 2)),
        at(ONE),
        at(ONE, axis=0),
        at(GRID),
        at(0.3, only="np.squeeze(x, axis=None)"),
    ],
)
def squeeze(d, x):
    """Axes of length 1 left out."""
    return d.reshape(shape(x))


@gate("np.atleast_1d(x)", rule=axes.at_least(1), view=True, points=RAISED)
def atleast_1d(d, x):
    """A number as an array of one entry; an array as it is."""
    return d if rank(x) is not None and rank(x) > 0 else d.reshape(shape(x))


@gate("np.atleast_2d(x)", rule=axes.at_least(2), view=True, points=RAISED)
def atleast_2d(d, x):
    """A row as a matrix of one row; a matrix as it is."""
    return d if rank(x) is not None and rank(x) > 1 else d.reshape(shape(x))


@gate("np.atleast_3d(x)", rule=axes.at_least(3), view=True, points=RAISED)
def atleast_3d(d, x):
    """Axes of length 1 around or behind, up to three."""
    return d if rank(x) is not None and rank(x) > 2 else d.reshape(shape(x))


@elementwise(
    "np.broadcast_to(x, shape)",
    rule=axes.broadcast_to,
    view=True,
    read_only=True,
    sizes=("shape",),
    points=[
        at(ROW, (2, 3)),
        at(COLUMN, (2, 3)),
        at(ROW, (4, 2, 3)),
        at(COLUMN, (2, 2, 3)),
        at(GRID, (2, 3)),
        at(0.3, (2, 3)),
        at(0.3, 3),
        at(ONE, (0, 1)),
    ],
)
def broadcast_to(d, x, shape):
    """Repeated along axes: the cotangents of an entry's copies add up."""
    return d, None


@value("x.shape", "np.shape(x)", rule=rules.shape_of, cheap=True)
def shape_of():
    """The shape, a tuple of ints."""


@value("np.broadcast_shapes(*shapes)", rule=rules.broadcast_shapes, sizes=("shapes",), cheap=True)
def broadcast_shapes():
    """The shape of arithmetic on arrays of these shapes."""


@value("len(x)", rule=rules.length, cheap=True)
def length():
    """The length of the first axis."""


@value("x.size", "np.size(x, axis=None)", rule=size_of, cheap=True)
def size():
    """The number of entries."""


@value("x.ndim", "np.ndim(x)", rule=to_int, cheap=True)
def ndim():
    """The number of dimensions."""


@value("x.dtype", rule=rules.dtype_of, cheap=True)
def dtype():
    """The dtype."""


@value("np.result_type(*x)", rule=rules.result_type, cheap=True)
def result_type():
    """The dtype of arithmetic on all of them."""
