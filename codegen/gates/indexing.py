"""Gates that pick entries. Reads x[...] are no gates: see the IR's View."""

from codegen.gates import type_rules_indexing as rules
from codegen.gates.declare import at, gate, value
from codegen.gates.points import BATCH, GRID, ROW, WIDE
from codegen.gates.words import helper, into, kept_places, position, rank, shape, taken_once


@gate(
    "np.take(x, indices, axis=None)",
    "x.take(indices, axis=None)",
    rule=rules.take,
    indices=("indices",),
    points=[
        at(ROW, 1),
        at(ROW, -1),
        at(GRID, 4),
        at(GRID, -1),
        at(GRID, 1, axis=0),
        at(WIDE, 1, axis=1),
        at(GRID, -2, axis=-1),
        at((GRID, GRID, GRID, GRID), 1, axis=-2),
    ],
)
def take(d, x, indices, axis):
    """Entries by their numbers: an entry that is taken twice gets both cotangents."""
    return into(d, position(x, indices, axis)), None


@gate(
    "np.take_along_axis(x, indices, axis=-1)",
    rule=rules.take_along_axis,
    indices=("indices",),
    points=[
        at(ROW, (2, 0)),
        at(ROW, (2, 0, 0, -1), axis=0),
        at(GRID, ((2, 0, 0), (1, 1, -1))),
        at(GRID, ((2,), (0,)), axis=1),
        at(GRID, ((1, 0, 1),), axis=0),
        at(GRID, ((1, 0),)),
        at(WIDE, ((0, 0, 2, 1), (2, 2, 0, 0)), axis=-2),
        at(BATCH, (((1,), (0,)), ((2,), (-1,))), axis=2),
        at((ROW,), ((1,), (2,), (1,)), axis=1),
        at(GRID, (4, -1, 0, 4), axis=None),
    ],
)
def take_along_axis(d, x, indices, axis):
    """Entries by their numbers along an axis, other numbers for each row."""
    if rank(x) == 1:
        return into(d, position(x, indices, None)), None
    if taken_once(x, indices, axis):
        return helper("_taken_once_grad", d, shape(x), indices, axis), None
    return helper("_take_along_axis_grad", d, shape(x), indices, axis), None


@gate(
    "np.delete(x, obj, axis=None)",
    rule=rules.delete,
    indices=("obj",),
    points=[
        at(ROW, 1),
        at(ROW, -1),
        at(WIDE[0], (0, 2), axis=0),
        at(GRID, 4),
        at(GRID, 1, axis=1),
        at(GRID, (0, -1), axis=-1),
        at(WIDE, 1, axis=0),
        at(BATCH, 0, axis=-2),
    ],
)
def delete(d, x, obj, axis):
    """Without some entries, by their numbers: those get 0."""
    return into(d, kept_places(x, obj, axis)), None


@gate(
    "np.insert(x, obj, values, axis=None)",
    rule=rules.insert,
    of_first=True,
    indices=("obj",),
    holomorphic=False,  # in numpy the result is complex only if x is
    points=[
        at(ROW, 1, 0.3),
        at(ROW, -1, 0.3),
        at(ROW, 3, (0.4, 1.3)),
        at(WIDE[0], (3, 0), (0.4, 1.3)),
        at(WIDE[0], (1, 1, 3), (0.4, 1.3, -0.9)),
        at(WIDE[0], (0, 2), 0.3),
        at(GRID, 2, 0.3),
        at(GRID, (5, 1), (0.4, 1.3)),
    ],
)
def insert(d, x, obj, values, axis):
    """More entries, before those with these numbers."""
    return (
        helper("_insert_grad", d, shape(x), obj, shape(values)),
        None,
        helper("_insert_grad_values", d, x, obj, values),
    )


@value("np.argsort(x, axis=-1, kind=None)", "x.argsort(axis=-1, kind=None)", rule=rules.argsort)
def argsort():
    """Where the sorted entries are; which is which has no slope."""
