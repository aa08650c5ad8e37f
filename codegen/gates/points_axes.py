"""Test points of gates that reduce axes."""

from codegen.gates.declare import at
from codegen.gates.points import BATCH, GRID, ONE, ROW

AXES = [
    at(GRID),
    at(ROW),
    at(0.3),
    at(GRID, axis=0),
    at(GRID, axis=1),
    at(GRID, axis=-1),
    at(GRID, axis=-1, keepdims=True),
    at(GRID, axis=0, keepdims=True),
    at(GRID, keepdims=True),
    at(BATCH, axis=(0, 2)),
    at(BATCH, axis=(-1, 1), keepdims=True),
    at(BATCH, axis=1),
    at(BATCH, axis=-2, keepdims=True),
    at(BATCH, axis=(0, 1, 2)),
    at(BATCH, axis=(1,)),
    at(BATCH),
    at(ONE, axis=0),
]
PRECISE = [at(GRID, dtype="np.float64"), at(GRID, axis=1, dtype="np.float64")]
TIED_ROWS = ((1.0, 2.0, 2.0), (0.5, 0.5, 0.5))
TIES = [
    at(TIED_ROWS),
    at(TIED_ROWS, axis=1),
    at(TIED_ROWS, axis=0, keepdims=True),
    at(TIED_ROWS, axis=(0, 1), keepdims=True),
]
