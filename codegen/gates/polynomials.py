"""Gates of polynomials, whose coefficients stand in a row, the highest power first."""

import numpy as np

from codegen.gates import type_rules_polynomials as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW
from codegen.gates.words import cast, coefficients, helper, powers_back, rank

LONG = (0.4, 1.3, -0.9, 0.6, 1.1)
EDGE = (0.0, 1.2, -0.4)


@gate(
    "np.polyval(p, x)",
    rule=rules.polyval,
    stem="p_{x}",
    contracts=True,
    points=[
        at(ROW, LONG),
        at(LONG, ROW),
        at(LONG, EDGE),
        at(LONG, GRID),
        at((0.3, -1.4), BATCH),
        at((0.3,), ROW),
        at(LONG, 0.3),
        at((0.3,), 0.3),
    ],
)
def polyval(d, p, x):
    """A polynomial's values: x gets its slope, a coefficient the power that it stands for."""
    if rank(p) is None:
        return (
            cast(coefficients(d, x, helper("_one_row", p)), p, "float64"),
            cast(np.polyval(np.polyder(helper("_one_row", p)), x) * d, x, "float64"),
        )
    return (
        cast(coefficients(d, x, p), p, "float64"),
        cast(np.polyval(np.polyder(p), x) * d, x, "float64"),
    )


@gate(
    "np.vander(x, N=..., increasing=False)",
    rule=rules.vander,
    counts=("N",),
    points=[
        at(ROW),
        at(EDGE, 5),
        at(ROW, 2),
        at(ROW, 1),
        at(LONG, 3, increasing=True),
        at(EDGE, increasing=True),
    ],
)
def vander(d, out, x, increasing):
    """A row of powers for each entry: the slope is made of the powers that stand there."""
    return cast(powers_back(d, out, increasing), x, "float64"), None
