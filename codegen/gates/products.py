"""Gates of products along axes that the author names."""

from codegen.gates import type_rules_products as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, OTHER, ROW, SQUARE, WIDE
from codegen.gates.words import chained, crossed, helper, rank, tensordot_left, tensordot_right

ROW2 = (0.4, 1.3, -0.9)
PAIR = (0.4, -1.1)
TALL = ((0.4, 1.3), (-0.9, 0.7), (0.2, 1.1))
BLOCK = (TALL, ((1.0, -0.4), (0.6, 0.3), (-1.2, 0.8)))


@gate(
    "np.tensordot(a, b, axes=2)",
    rule=rules.tensordot,
    stem="{a}{b}",
    contracts=True,
    points=[
        at(GRID, OTHER),
        at(GRID, WIDE, axes=1),
        at(GRID, ROW, axes=1),
        at(PAIR, GRID, axes=1),
        at(ROW, ROW2, axes=1),
        at(ROW, PAIR, axes=0),
        at(GRID, PAIR, axes=0),
        at(PAIR, GRID, axes=0),
        at(0.3, GRID, axes=0),
        at(GRID, 0.3, axes=0),
        at(0.3, -1.4, axes=0),
        at(GRID, WIDE, axes=(1, 0)),
        at(GRID, OTHER, axes=(1, 1)),
        at(GRID, OTHER, axes=(0, 0)),
        at(GRID, TALL, axes=(0, -1)),
        at(GRID, TALL, axes=((0, 1), (1, 0))),
        at(BATCH, GRID),
        at(BATCH, SQUARE, axes=1),
        at(BATCH, ROW, axes=1),
        at(BATCH, GRID, axes=(0, 0)),
        at(BATCH, TALL, axes=(-1, 0)),
        at(BATCH, BLOCK, axes=([1, 2], [0, 1])),
        at(BATCH, BLOCK, axes=([2, 1], [1, 0])),
        at(BATCH, BLOCK, axes=([0, 2], [2, 1])),
        at(BATCH, BLOCK, axes=((2, 0, 1), (1, 2, 0))),
        at(GRID, BLOCK, axes=(0, 2)),
        at(BATCH, BATCH, axes=3),
        at(BATCH, (BATCH, BATCH), axes=([0, 2], [1, 3])),
    ],
)
def tensordot(d, a, b, axes):
    """Products summed over pairs of axes. For matrices and axes=1: d @ b.T and a.T @ d."""
    if rank(a) is None or rank(b) is None:
        return (
            helper("_tensordot_grad_left", d, a, b, axes),
            helper("_tensordot_grad_right", d, a, b, axes),
        )
    return tensordot_left(d, a, b, axes), tensordot_right(d, a, b, axes)


TRIPLES = ((0.4, -1.1, 0.7), (0.9, 0.3, -0.6))
UPRIGHT = ((0.3, -0.8), (1.2, 0.4), (-0.5, 0.9))


@gate(
    "np.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)",
    "np.linalg.cross(a, b, /, *, axis=-1)",
    rule=rules.cross,
    stem="{a}x{b}",
    contracts=True,
    points=[
        at(ROW, ROW2),
        at(GRID, TRIPLES),
        at(GRID, ROW2),
        at(ROW, GRID),
        at(BATCH, GRID),
        at(GRID, (BATCH[1],)),
        at(BATCH, (TRIPLES, TRIPLES)),
        at((GRID,), BATCH),
        at(UPRIGHT, UPRIGHT, axis=0),
        at(UPRIGHT, ROW, axis=0),
        at(SQUARE, UPRIGHT[:3], axis=0, only="np.linalg.cross(a, b, /, *, axis=-1)"),
        *(
            at(*operands, **axes, only="np.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)")
            for operands, axes in (
                ((UPRIGHT, UPRIGHT), {"axisa": 0, "axisb": 0}),
                ((UPRIGHT, GRID), {"axisa": 0}),
                ((GRID, UPRIGHT), {"axisb": 0, "axisc": 0}),
                ((UPRIGHT, ROW), {"axisa": 0, "axisc": 0}),
                ((BATCH, UPRIGHT), {"axisb": -2, "axisc": 1}),
                ((GRID, TRIPLES), {"axisc": 0}),
            )
        ),
    ],
)
def cross(d, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Cross product of vectors of three numbers: b x d and d x a."""
    return (
        crossed(a, b, d, axisa, axisb, axisc, axis),
        crossed(b, d, a, axisa, axisb, axisc, axis),
    )


@gate(
    "np.linalg.multi_dot([*arrays])",
    rule=rules.multi_dot,
    contracts=True,
    points=[
        at(GRID, WIDE),
        at(GRID, SQUARE, WIDE),
        at(GRID, SQUARE, SQUARE, WIDE),
        at(PAIR, GRID),
        at(PAIR, GRID, WIDE),
        at(PAIR, GRID, SQUARE, ROW),
        at(PAIR, GRID, ROW),
        at(GRID, ROW),
        at(GRID, SQUARE, ROW),
        at(GRID, SQUARE, SQUARE, ROW),
        at(PAIR, GRID, SQUARE, WIDE),
        at(ROW, ROW2),
    ],
)
def multi_dot(d, arrays):
    """Product of several matrices: those in front, d, those behind, all others transposed."""
    return chained(d, arrays)
