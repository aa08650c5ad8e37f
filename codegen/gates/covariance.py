"""Covariances and correlations."""

import numpy as np

from codegen.gates import type_rules_covariance as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import COLUMN, GRID, OTHER, ROW, SQUARE, WIDE
from codegen.gates.words import (
    cast,
    centered,
    count,
    entries,
    entry,
    helper,
    lost,
    rank,
    twice,
)

LONG = (0.4, 1.3, -0.9, 0.6, 1.1)
LONG2 = (0.3, -1.2, 0.8, 2.1, -0.5)
TALL = (*GRID, *OTHER)


@gate(
    "np.cov(m, y=..., rowvar=True, bias=False, ddof=None)",
    rule=rules.cov,
    stem="cov_{m}",
    contracts=True,
    holomorphic=False,  # it conjugates
    points=[
        at(LONG),
        at(LONG, bias=True),
        at(LONG, ddof=0),
        at(GRID),
        at(WIDE, ddof=2),
        at(GRID, bias=True),
        at(GRID, rowvar=False),
        at(WIDE, rowvar=False, bias=True),
        at(LONG, LONG2),
        at(LONG, LONG2, bias=True),
        at(LONG, LONG2, rowvar=False),
        at(GRID, OTHER),
        at(GRID, ROW, ddof=0),
        at(ROW, SQUARE),
        at(GRID, OTHER, rowvar=False),
        at(GRID, None),
    ],
)
def cov(d, m, y=None, rowvar=True, bias=False, ddof=None):
    """Covariances of variables, each a row: (d + d.T) @ what is centered, over how many."""
    if y is None and rank(m) == 1:
        return (
            cast(2 / (count(m, 0) - lost(bias, ddof)) * d * centered(m, None), m, "float64"),
            None,
        )
    if y is None and rank(m) == 2 and rowvar:
        drows = twice(d) @ centered(m, 1) / (count(m, 1) - lost(bias, ddof))
        return cast(drows, m, "float64"), None
    if y is None and rank(m) == 2:
        dcolumns = centered(m, 0) @ twice(d) / (count(m, 0) - lost(bias, ddof))
        return cast(dcolumns, m, "float64"), None
    if y is None:
        return cast(helper("_cov_grad", d, m, y, rowvar, lost(bias, ddof), 0), m, "float64"), None
    if rank(m) == 1 and rank(y) == 1:
        free = count(m, 0) - lost(bias, ddof)
        first = centered(m, None)
        second = centered(y, None)
        return (
            cast((entries(d, 0, 0) * first + entries(d, 0, 1) * second) / free, m, "float64"),
            cast((entries(d, 0, 1) * first + entries(d, 1, 1) * second) / free, y, "float64"),
        )
    return (
        cast(helper("_cov_grad", d, m, y, rowvar, lost(bias, ddof), 0), m, "float64"),
        cast(helper("_cov_grad", d, m, y, rowvar, lost(bias, ddof), 1), y, "float64"),
    )


@gate(
    "np.corrcoef(x, y=..., rowvar=True)",
    rule=rules.corrcoef,
    stem="corr_{x}",
    contracts=True,
    holomorphic=False,
    singular=True,
    points=[
        at(WIDE),
        at(SQUARE),
        at(SQUARE, rowvar=False),
        at(TALL, rowvar=False),
        at(LONG, LONG2),
        at(LONG, LONG2, rowvar=False),
        at(GRID, OTHER),
        at(SQUARE, ROW),
        at(ROW, SQUARE),
        at(SQUARE, (COLUMN[0], COLUMN[1], (0.3,)), rowvar=False),
        at(WIDE, None),
    ],
)
def corrcoef(d, out, x, y=None, rowvar=True):
    """Correlations of variables, each a row: nothing goes to a row along itself."""
    if y is None and rank(x) == 2 and rowvar:
        rows = centered(x, 1)
        length = np.sqrt(np.sum(rows**2, axis=1, keepdims=True))
        unit = rows / length
        dunit = twice(d) @ unit
        along = np.sum(unit * dunit, axis=1, keepdims=True)
        return cast((dunit - along * unit) / length, x, "float64"), None
    if y is None and rank(x) == 2:
        columns = centered(x, 0)
        length = np.sqrt(np.sum(columns**2, axis=0))
        unit = columns / length
        dunit = unit @ twice(d)
        along = np.sum(unit * dunit, axis=0)
        return cast((dunit - along * unit) / length, x, "float64"), None
    if y is None:
        return cast(helper("_corrcoef_grad", d, x, y, rowvar, 0), x, "float64"), None
    if rank(x) == 1 and rank(y) == 1:
        first = centered(x, None)
        second = centered(y, None)
        first_length = np.sqrt(np.sum(first**2))
        second_length = np.sqrt(np.sum(second**2))
        dcorr = entries(d, 0, 1)
        corr = entry(out, 0, 1)
        return (
            cast(
                dcorr * (second / second_length - corr * first / first_length) / first_length,
                x,
                "float64",
            ),
            cast(
                dcorr * (first / first_length - corr * second / second_length) / second_length,
                y,
                "float64",
            ),
        )
    return (
        cast(helper("_corrcoef_grad", d, x, y, rowvar, 0), x, "float64"),
        cast(helper("_corrcoef_grad", d, x, y, rowvar, 1), y, "float64"),
    )
