"""Gates of scipy.linalg: triangles, factors that are used again, the matrix exponential."""

from typing import TYPE_CHECKING

import numpy as np

from codegen.gates import type_rules_matrices as rules
from codegen.gates.declare import at, gate, value
from codegen.gates.decompositions import POSITIVE
from codegen.gates.points import ONE, ROW, SQUARE, WIDE
from codegen.gates.words import cho_solved, helper, lu_solved, part, rank

if TYPE_CHECKING:  # bodies are read, not run: the generator needs no scipy
    import scipy.linalg

SWAPPED = ((0.3, -1.4, 0.3), (1.5, 0.9, -1.1), (-0.2, 0.6, 2.0))
THREE = ((0.8, -0.3), (-1.9, 0.4), (0.6, 1.2))
TRIANGULAR = [
    at(SQUARE, ROW),
    at(SQUARE, ROW, lower=True),
    at(SQUARE, THREE),
    at(SQUARE, WIDE, lower=True),
    at(SQUARE, ROW, trans=1),
    at(SQUARE, THREE, trans=1, lower=True),
    at(SQUARE, THREE, trans="'T'"),
    at(SQUARE, ROW, trans="'N'"),
]


@gate(
    "scipy.linalg.solve_triangular(a, b, trans=0, lower=False, *, check_finite=True)",
    rule=rules.solve,
    stem="{a}{b}",
    contracts=True,
    singular=True,
    holomorphic=False,
    points=TRIANGULAR,
)
def solve_triangular(d, out, a, b, trans, lower):
    """The x with a @ x = b, where a is triangular: nothing else of it is read."""
    if trans == 0 or trans == "N":
        solved = scipy.linalg.solve_triangular(a, d, trans=1, lower=lower)
        if rank(b) == 1 and lower:
            return -np.tril(np.outer(solved, out)), solved
        if rank(b) == 1:
            return -np.triu(np.outer(solved, out)), solved
        if rank(b) == 2 and lower:
            return -np.tril(solved @ out.T), solved
        if rank(b) == 2:
            return -np.triu(solved @ out.T), solved
        if lower:
            return -np.tril(helper("_columns_product", solved, out)), solved
        return -np.triu(helper("_columns_product", solved, out)), solved
    solved = scipy.linalg.solve_triangular(a, d, lower=lower)
    if lower:
        return -np.tril(helper("_columns_product", out, solved)), solved
    return -np.triu(helper("_columns_product", out, solved)), solved


@gate(
    "scipy.linalg.cholesky(x, lower=False, *, check_finite=True)",
    rule=rules.square,
    stem="chol_{x}",
    contracts=True,
    holomorphic=False,
    points=[at(POSITIVE), at(POSITIVE, lower=True), at(ONE)],
)
def scipy_cholesky(d, out, x, lower):
    """The triangle whose product with its transpose is x: the upper one, or the lower."""
    if lower:
        return helper("_cholesky_grad", d, out)
    return helper("_cholesky_grad_upper", d, out)


@gate(
    "scipy.linalg.cho_factor(x, lower=False, *, check_finite=True)[0]",
    rule=rules.square,
    stem="chol_{x}",
    contracts=True,
    holomorphic=False,
    points=[at(POSITIVE), at(POSITIVE, lower=True), at(ONE)],
)
def cho_factor(d, out, x, lower):
    """Cholesky's triangle for scipy.linalg.cho_solve; beside it stands what was in x."""
    return helper("_cho_factor_grad", d, out, lower)


@value("scipy.linalg.cho_factor(x, lower=False, *, check_finite=True)[1]", rule=rules.flag)
def cho_factor_flag():
    """Whether it is the lower triangle."""


@gate(
    takes=("c", "b"),
    rule=rules.solve,
    stem="{c}{b}",
    contracts=True,
    singular=True,
    holomorphic=False,
    points=[at(SQUARE, ROW), at(SQUARE, THREE)],
)
def cho_solve(d, out, c, b, lower):
    """scipy.linalg.cho_solve((c, lower), b): with the factor that the forward pass has."""
    solved = cho_solved(c, lower, d)
    return helper("_cho_solve_grad", solved, out, c, lower), solved


@gate(
    "scipy.linalg.lu_factor(x)[0]",
    rule=rules.square,
    stem="lu_{x}",
    contracts=True,
    holomorphic=False,
    points=[at(SQUARE), at(SWAPPED), at(ONE)],
)
def lu_factor(d, out, x):
    """The two triangles of a matrix for scipy.linalg.lu_solve, with its rows in another order."""
    return helper("_lu_factor_grad", d, out, part(1))


@value("scipy.linalg.lu_factor(x)[1]", rule=rules.pivots)
def lu_factor_pivots():
    """Which rows changed places."""


@gate(
    takes=("lu", "pivots", "b"),
    rule=rules.factored,
    indices=("pivots",),
    stem="{lu}{b}",
    contracts=True,
    singular=True,
    holomorphic=False,
    points=[at(SQUARE, (1, 1, 2), ROW), at(SQUARE, (2, 2, 2), THREE)],
)
def lu_solve(d, out, lu, pivots, b):
    """scipy.linalg.lu_solve((lu, pivots), b): with the factors that the forward pass has."""
    solved = lu_solved(lu, pivots, d)
    return helper("_lu_solve_grad", solved, out, lu, pivots), None, solved


@gate(
    "scipy.linalg.expm(x)",
    rule=rules.square,
    stem="expm_{x}",
    contracts=True,
    holomorphic=False,
    points=[at(SQUARE), at(ONE), at(((0.2, -0.4), (0.5, 0.9)))],
)
def expm(d, x):
    """The matrix exponential. Its gradient is the Frechet derivative at x.T."""
    return helper("_expm_grad", d, x)
