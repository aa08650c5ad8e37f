"""What gates give at kinks, where no oracle can tell: the stated rules, in numbers.

For each gate and point: the slopes with respect to each operand, in the operands' shape. A point
that is found to be at a kink and is not listed here fails its test.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from codegen.gates.declare import Point, at
from codegen.gates.points_axes import TIED_ROWS
from codegen.gates.spread import CONSTANT

TIED = at(((1.0, 2.0),), ((1.0, 0.5),))
ZEROS = at(((0.0, 1.0, -1.0),))

# (gate, literal as a number) -> point -> slopes
KINKS: dict[tuple[str, float | None], dict[Point, tuple[Any, ...]]] = {
    ("maximum", None): {TIED: (((0.5, 1.0),), ((0.5, 0.0),))},
    ("minimum", None): {TIED: (((0.5, 0.0),), ((0.5, 1.0),))},
    ("larger", None): {at(0.7, 0.7): (0.5, 0.5)},
    ("smaller", None): {at(0.7, 0.7): (0.5, 0.5)},
    ("max_of_items", None): {
        at(0.7, 0.7, 0.2): (0.5, 0.5, 0.0),
        at(0.7, 0.9, 0.9): (0.0, 0.5, 0.5),
        at(0.5, 0.5, 0.5): (1 / 3, 1 / 3, 1 / 3),
    },
    ("min_of_items", None): {at(0.5, 0.5, 0.5): (1 / 3, 1 / 3, 1 / 3)},
    ("builtin_max", None): {at((0.4, -1.3, 0.4, 0.2)): ((0.5, 0.0, 0.5, 0.0),)},
    ("builtin_min", None): {at((-0.5, 0.2, -0.5)): ((0.5, 0.0, 0.5),)},
    ("maximum_literal", 0.0): {ZEROS: (((0.0, 1.0, 0.0),),), at(0.0): (0.0,)},
    ("maximum_literal", 1.0): {ZEROS: (((0.0, 0.0, 0.0),),)},
    ("minimum_literal", 0.0): {ZEROS: (((0.0, 0.0, 1.0),),), at(0.0): (0.0,)},
    ("minimum_literal", 1.0): {ZEROS: (((1.0, 0.0, 1.0),),)},
    ("larger_literal", 0.0): {at(0.0): (0.0,)},
    ("larger_literal", 1.0): {at(1.0): (0.0,)},
    ("smaller_literal", 0.0): {at(0.0): (0.0,)},
    ("smaller_literal", 1.0): {at(1.0): (0.0,)},
    ("fabs", None): {at(((0.0, 1.5),)): (((0.0, 1.0),),), at(0.0): (0.0,)},
    ("clip", None): {
        at(((-0.5, 0.5),), ((-0.5, -0.6),), ((0.6, 0.5),)): (
            ((0.0, 0.0),),
            ((1.0, 0.0),),
            ((0.0, 1.0),),
        ),
        at(((0.5, 1.0, 0.2),), ((0.5, 0.5, 0.5),), ((0.5, 0.5, 0.5),)): (
            ((0.0, 0.0, 0.0),),
            ((0.0, 0.0, 0.0),),
            ((1.0, 1.0, 1.0),),
        ),
    },
    ("hypot", None): {
        at(0.0, 0.0): (0.0, 0.0),
        at((0.0, 3.0), (0.0, -4.0)): ((0.0, 0.6), (0.0, -0.8)),
    },
    ("arctan2", None): {at(0.0, 0.0): (0.0, 0.0)},
    ("dist", None): {at((0.3, -1.4), (0.3, -1.4)): ((0.0, 0.0), (0.0, 0.0))},
    ("length_of", None): {at(0.0, 0.0): (0.0, 0.0), at(0.0): (0.0,)},
    ("norm", None): {
        at((0.0, 0.0)): ((0.0, 0.0),),
        at(((0.0, 0.0), (3.0, -4.0)), axis=1): (((0.0, 0.0), (0.6, -0.8)),),
        at((1.5, -1.5, 0.2), ord="float('inf')"): ((0.5, -0.5, 0.0),),
    },
    ("copysign", None): {
        at(((0.0, 1.5),), -1.0): (((0.0, -1.0),),),
        at(0.0, 2.0): (0.0,),
    },
    ("i0e", None): {at(0.0): (0.0,)},
    ("absolute", None): {at(((0.0, 1.5),)): (((0.0, 1.0),),), at(0.0): (0.0,)},
    ("max", None): {
        at(TIED_ROWS): (((0.0, 0.5, 0.5), (0.0, 0.0, 0.0)),),
        at(TIED_ROWS, axis=1): (((0.0, 0.5, 0.5), (1 / 3, 1 / 3, 1 / 3)),),
        at(TIED_ROWS, axis=(0, 1), keepdims=True): (((0.0, 0.5, 0.5), (0.0, 0.0, 0.0)),),
    },
    ("ptp", None): {
        at(TIED_ROWS): (((0.0, 0.5, 0.5), (-1 / 3, -1 / 3, -1 / 3)),),
        at(TIED_ROWS, axis=1): (((-1.0, 0.5, 0.5), (0.0, 0.0, 0.0)),),
        at(TIED_ROWS, axis=(0, 1), keepdims=True): (((0.0, 0.5, 0.5), (-1 / 3, -1 / 3, -1 / 3)),),
    },
    ("std", None): {
        at(CONSTANT, axis=0): (((0.0, 6**-0.5), (0.0, -(6**-0.5)), (0.0, 0.0)),),
        at((0.1, 0.1, 0.1)): ((0.0, 0.0, 0.0),),
        at(((0.1, 0.1, 0.1), (1.0, -1.0, 0.0)), axis=-1): (
            ((0.0, 0.0, 0.0), (6**-0.5, -(6**-0.5), 0.0)),
        ),
    },
    ("min", None): {
        at(TIED_ROWS): (((0.0, 0.0, 0.0), (1 / 3, 1 / 3, 1 / 3)),),
        at(TIED_ROWS, axis=1): (((1.0, 0.0, 0.0), (1 / 3, 1 / 3, 1 / 3)),),
        at(TIED_ROWS, axis=(0, 1), keepdims=True): (((0.0, 0.0, 0.0), (1 / 3, 1 / 3, 1 / 3)),),
    },
}
for name in ("max", "min"):
    KINKS[f"nan{name}", None] = KINKS[name, None]
for name in ("maximum", "minimum"):
    for literal in (None, 0.0, 1.0):
        kind = name if literal is None else f"{name}_literal"
        KINKS[kind.replace(name, f"f{name[:3]}"), literal] = KINKS[kind, literal]


def slopes(gate: str, literal: str | None, point: Point) -> tuple[Any, ...] | None:
    """Return the slopes that are stated for a point, None if it is not listed."""
    number = None if literal is None else float(literal)
    return KINKS.get((gate, number), {}).get(Point(point.operands, point.statics))


def gradients(
    stated: tuple[Any, ...], point: Point, cotangent: Any, factor: float
) -> list[np.ndarray]:
    """Return slopes times the cotangent, summed to the shape of each operand."""
    d = np.asarray(1.0 if cotangent is None else cotangent, float) * factor
    statics = dict(point.statics)
    axis = statics.get("axis")
    if d.ndim and axis is not None and not statics.get("keepdims"):
        d = np.expand_dims(d, axis)
    return [np.asarray(slope) * d for slope in stated]
