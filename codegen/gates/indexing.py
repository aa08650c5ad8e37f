"""Gates that pick entries. Reads x[...] are no gates: see the IR's View."""

from codegen.gates import type_rules_indexing as rules
from codegen.gates.declare import at, gate, value
from codegen.gates.points import GRID, ROW, WIDE
from codegen.gates.words import into, position


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


@value("np.argsort(x, axis=-1, kind=None)", "x.argsort(axis=-1, kind=None)", rule=rules.argsort)
def argsort():
    """Where the sorted entries are; which is which has no slope."""
