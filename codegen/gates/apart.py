"""Gates of calls that give several arrays: each is one of those that are returned."""

from codegen.gates import type_rules_apart as rules
from codegen.gates.declare import at, elementwise, gate
from codegen.gates.points import BATCH, COLUMN, GRID, ONE, ROW, SQUARE, WIDE
from codegen.gates.words import into, mesh_sum, section_of

LONG = (0.4, 1.3, -0.9, 0.6, 1.1)


@gate(
    rule=rules.section,
    view=True,
    shown=(
        "np.split(x, 3, axis=0)",
        "np.array_split(x, 3, axis=0)",
        "np.hsplit(x, 3)",
        "np.vsplit(x, 3)",
        "np.dsplit(x, 3)",
    ),
    points=[at(ROW), at(SQUARE), at(BATCH), at(WIDE), at(LONG)],
)
def section(d, x):
    """Equal parts, or slices between places `[2, n]`: each gives its cotangent to its slice."""
    return into(d, section_of(x))


@gate(
    rule=rules.mesh,
    shown=("np.meshgrid(x, y, indexing='xy', sparse=False)",),
    of_first=True,
    takes=("x", "y"),
    points=[at(ROW, LONG), at(0.3, ROW), at(ROW, 0.3), at(GRID, ROW), at(ONE, GRID)],
)
def mesh(d, x, y):
    """Each row copied along the others: the cotangents of an entry's copies add up."""
    return mesh_sum(d, x), None


@elementwise(
    rule=rules.broadcast,
    shown=("np.broadcast_arrays(x, y)",),
    of_first=True,
    view=True,
    read_only=True,
    takes=("x", "y"),
    points=[at(ROW, GRID), at(GRID, ROW), at(COLUMN, ROW), at(0.3, GRID), at(BATCH, COLUMN)],
)
def broadcast(d, x, y):
    """Arrays in one shape: the cotangents of an entry's copies add up."""
    return d, None
