"""Gates that turn, roll, repeat and pad arrays."""

from codegen.gates import type_rules_running as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW, SQUARE
from codegen.gates.words import (
    grad_by,
    margins_back,
    moved_by,
    rank,
    repeats_added,
    shape,
    tiles_added,
)


@gate(
    "np.flip(x, axis=None)",
    rule=rules.turned,
    view=True,
    points=[
        at(ROW),
        at(GRID),
        at(GRID, axis=0),
        at(GRID, axis=-1),
        at(BATCH, axis=1),
        at(BATCH, axis=(0, 2)),
        at(0.3),
    ],
)
def flip(d, x, axis):
    """Back to front along axes, by default along all."""
    return moved_by("numpy.flip", d, x, axis)


@gate("np.flipud(x)", rule=rules.turned_of(1), view=True, points=[at(ROW), at(GRID), at(BATCH)])
def flipud(d, x):
    """Upside down: back to front along the first axis."""
    return moved_by("numpy.flipud", d, x)


@gate("np.fliplr(x)", rule=rules.turned_of(2), view=True, points=[at(GRID), at(BATCH)])
def fliplr(d, x):
    """Left to right: back to front along the second axis."""
    return moved_by("numpy.fliplr", d, x)


@gate(
    "np.rot90(x, k=1, axes=(0, 1))",
    rule=rules.quarter_turned,
    view=True,
    points=[
        at(GRID),
        at(GRID, k=2),
        at(GRID, k=-1),
        at(SQUARE, k=3),
        at(BATCH, axes=(1, 2)),
        at(BATCH, k=3, axes=(0, -1)),
    ],
)
def rot90(d, x, k, axes):
    """Turned by quarter turns in the plane of two axes, and back."""
    if axes == (0, 1):
        return moved_by("numpy.rot90", d, x, -k)
    return moved_by("numpy.rot90", d, x, -k, axes)


@gate(
    "np.roll(x, shift, axis=None)",
    rule=rules.rolled,
    counts=("shift",),
    points=[
        at(ROW, 1),
        at(ROW, -2),
        at(ROW, 5),
        at(GRID, 2),
        at(GRID, 1, axis=0),
        at(GRID, -1, axis=1),
        at(BATCH, 1, axis=-1),
        at(0.3, 1),
    ],
)
def roll(d, x, shift, axis):
    """Shifted along an axis, round the end; the cotangent is shifted back."""
    return moved_by("numpy.roll", d, x, -shift, axis), None


@gate(
    "np.repeat(x, repeats=None, axis=None)",
    "x.repeat(repeats=None, axis=None)",
    rule=rules.repeated,
    points=[
        at(ROW, repeats=2),
        at(GRID, repeats=3),
        at(ROW, repeats=3, axis=0),
        at(ROW, repeats=1),
        *(at(GRID, repeats=2, axis=axis) for axis in (0, 1, -1)),
        at(BATCH, repeats=2, axis=1),
        at(0.3, repeats=3, only="np.repeat(x, repeats=None, axis=None)"),
    ],
)
def repeat(d, x, repeats, axis):
    """Each entry several times in a row: the cotangents of its copies add up."""
    if rank(x) is None and axis is not None:
        return grad_by("_repeat_grad", d, x, shape(x), repeats, axis)
    return repeats_added(d, x, repeats, axis)


@gate(
    "np.tile(x, reps=None)",
    rule=rules.tiled,
    points=[
        at(ROW, reps=2),
        at(ROW, reps=1),
        at(ROW, reps=(2, 1)),
        at(ROW, reps=(3, 2)),
        at(GRID, reps=2),
        at(GRID, reps=(2, 3)),
        at(GRID, reps=(3, 1)),
        at(GRID, reps=(2, 1, 2)),
        at(0.3, reps=3),
    ],
)
def tile(d, x, reps):
    """The whole array several times: the cotangents of an entry's copies add up."""
    if rank(x) is None:
        return grad_by("_tile_grad", d, x, shape(x), reps)
    return tiles_added(d, x, reps)


@gate(
    "np.pad(x, pad_width=None, mode='constant', *, constant_values=0)",
    rule=rules.padded,
    points=[
        at(ROW, pad_width=1),
        at(ROW, pad_width=(0, 2)),
        at(ROW, pad_width=(1, 0), constant_values=0.5),
        at(GRID, pad_width=1),
        at(GRID, pad_width=((1, 2), (0, 1))),
        at(GRID, pad_width=((0, 0), (2, 0)), mode="'constant'"),
        *(
            at(*operands, pad_width=width, mode=mode)
            for mode in ("'edge'", "'reflect'", "'symmetric'", "'wrap'")
            for operands, width in (
                ((ROW,), 2),
                ((ROW,), 5),
                ((GRID,), 1),
                ((GRID,), ((1, 0), (0, 2))),
            )
        ),
    ],
)
def pad(d, x, pad_width, mode):
    """Margins around it: of a constant they get nothing, copies give to their entries.

    At corners an entry gets the cotangents of all of its copies.
    """
    return margins_back(d, x, pad_width, mode)


@gate(
    takes=("x", "pad_width"),
    rule=rules.padded_by,
    sizes=("pad_width",),
    points=[at(GRID, 2), at(ROW, 0)],
)
def pad_by(d, x, pad_width, mode):
    """np.pad with margins that the run knows, and that may be 0."""
    return margins_back(d, x, pad_width, mode), None
