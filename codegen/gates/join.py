"""Gates that put arrays, or numbers, together: each part gets its own part of the cotangent."""

import numpy as np

from codegen.gates import type_rules_join as rules
from codegen.gates.declare import at, gate, value
from codegen.gates.points import BATCH, COLUMN, GRID, ONE, OTHER, ROW, SQUARE
from codegen.gates.words import (
    cast,
    own_below,
    own_beside,
    own_columns,
    own_deep,
    own_entry,
    own_first,
    own_item,
    own_last,
    own_part,
)

LONG = (0.4, 1.3, -0.9, 0.6, 1.1)


@gate(
    "np.array([*items], dtype=None)",
    "np.asarray([*items], dtype=None)",
    rule=rules.array,
    nested=True,
    neutral=("items",),
    points=[
        at(0.3, -1.2, 0.7),
        at(0.3),
        at(ROW, LONG[:3]),
        at(GRID, OTHER, GRID),
        at(0.3, 1.2, dtype="float"),
    ],
)
def array(d, items, dtype):
    """An array of numbers, or of arrays of one shape: each is one entry."""
    return cast(own_item(d), items, dtype)


@gate(
    "np.stack([*parts], axis=0)",
    rule=rules.stack,
    points=[
        at(ROW, LONG[:3]),
        at(GRID, OTHER, GRID),
        at(GRID, OTHER, axis=1),
        at(GRID, OTHER, axis=-1),
        at(GRID, OTHER, axis=-2),
        at(BATCH, BATCH, axis=2),
        at(ROW),
        at(0.3, 1.2),
    ],
)
def stack(d, parts, axis):
    """One more axis, along which each part is one entry."""
    return own_entry(d, axis)


@gate(
    "np.stack(x, axis=0)",
    rule=rules.stack_of,
    stem="stacked_{x}",
    sequences=("x",),
    points=[at(GRID), at(BATCH, axis=1), at(BATCH, axis=-1), at(ROW)],
)
def stack_of(d, x, axis):
    """All items of a list, or of an array's first axis, along one more axis."""
    return d if axis == 0 else np.moveaxis(d, axis, 0)


@value(
    "np.concatenate(x, axis=0)",
    "np.concat(x, axis=0)",
    rule=rules.concatenate_of,
    stem="joined_{x}",
    sequences=("x",),
)
def concatenate_of():
    """All items of a list of any length, one behind the other: each gets its slice."""


@gate(
    "np.concatenate([*parts], axis=0, *, dtype=None)",
    "np.concat([*parts], axis=0, *, dtype=None)",
    rule=rules.concatenate,
    points=[
        at(ROW, LONG),
        at(LONG, ROW, LONG),
        at(GRID, SQUARE),
        at(GRID, COLUMN, OTHER, axis=1),
        at(GRID, COLUMN, OTHER, axis=-1),
        at(SQUARE, GRID, axis=-2),
        at(BATCH, BATCH, BATCH, axis=-2),
        at(BATCH, BATCH, axis=2),
        at(GRID),
        at(GRID, ROW, COLUMN, axis=None),
        at(ROW, LONG, axis=None),
        at(ROW, LONG, dtype="float"),
    ],
)
def concatenate(d, parts, axis, dtype):
    """One behind the other along an axis: each part gets its slice."""
    return cast(own_part(d, axis), parts, dtype)


@gate(
    "np.hstack([*parts])",
    rule=rules.hstack,
    points=[
        at(ROW, LONG),
        at(GRID, COLUMN, OTHER),
        at(0.3, ROW),
        at(ROW, 0.3, 1.2),
        at(BATCH, BATCH),
        at(ONE),
    ],
)
def hstack(d, parts):
    """Side by side: along the second axis, one-dimensional arrays along the first."""
    return own_beside(d)


@gate(
    "np.vstack([*parts])",
    rule=rules.vstack,
    points=[
        at(ROW, LONG[:3]),
        at(GRID, ROW, SQUARE),
        at(ROW, GRID),
        at(0.3, 1.2),
        at(BATCH, BATCH),
        at(ONE),
    ],
)
def vstack(d, parts):
    """One below the other; one-dimensional arrays are rows."""
    return own_below(d)


@gate(
    "np.column_stack([*parts])",
    rule=rules.column_stack,
    points=[at(ROW, LONG[:3]), at(GRID, LONG[:2], COLUMN), at(LONG[:2], GRID), at(ONE)],
)
def column_stack(d, parts):
    """Side by side; one-dimensional arrays are columns."""
    return own_columns(d)


@gate(
    "np.dstack([*parts])",
    rule=rules.dstack,
    points=[
        at(ROW, LONG[:3]),
        at(GRID, OTHER),
        at(GRID, BATCH, OTHER),
        at((ROW,), ROW, ((LONG[:3],),)),
        at(0.3, 1.2),
        at(BATCH, BATCH),
        at(ONE),
    ],
)
def dstack(d, parts):
    """One behind the other along the third axis; matrices are its layers, rows become columns."""
    return own_deep(d)


@gate(
    "np.r_[*parts]",
    rule=rules.along_first,
    points=[
        at(ROW, LONG),
        at(0.3, ROW, 1.2),
        at(ROW, 0.3),
        at(0.3, 1.2),
        at(GRID, SQUARE),
        at(BATCH, BATCH),
        at(ROW),
        at(0.3),
    ],
)
def along_first(d, parts):
    """One behind the other along the first axis; a number is one entry."""
    return own_first(d)


@gate(
    "np.c_[*parts]",
    rule=rules.along_last,
    points=[
        at(ROW, LONG[:3]),
        at(GRID, COLUMN, OTHER),
        at(LONG[:2], GRID),
        at(GRID, LONG[:2]),
        at(0.3, 1.2),
        at(BATCH, BATCH),
        at(ROW),
        at(ONE),
    ],
)
def along_last(d, parts):
    """Side by side along the last axis; one-dimensional arrays are columns."""
    return own_last(d)


@gate(
    "np.append(x, values, axis=None)",
    rule=rules.append,
    points=[
        at(ROW, LONG),
        at(ROW, 0.3),
        at(0.3, ROW),
        at(GRID, ROW),
        at(GRID, SQUARE, axis=0),
        at(GRID, COLUMN, axis=1),
        at(GRID, COLUMN, axis=-1),
        at(BATCH, BATCH, axis=-2),
    ],
)
def append(d, x, values, axis):
    """All entries of one, then those of the other; along an axis, if one is named."""
    return own_part(d, axis), own_part(d, axis)
