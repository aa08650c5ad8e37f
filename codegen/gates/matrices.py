"""Gates of numpy.linalg that solve, invert or measure matrices, also in stacks."""

import numpy as np

from codegen.gates import type_rules_matrices as rules
from codegen.gates.declare import at, gate, value
from codegen.gates.points import BATCH, COLUMN, GRID, ONE, ROW, SQUARE, WIDE
from codegen.gates.words import dtype, expand, helper, identity, infinite, rank

SQUARE2 = ((0.9, 0.2, -0.5), (-0.7, 1.4, 0.3), (0.1, -0.6, 1.1))
SQUARES = (SQUARE, SQUARE2)
LINE = ((2.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
PLANE = ((1.0, 2.0, 3.0), (0.5, -1.0, 2.0), (1.5, 1.0, 5.0))
SINGULAR = [at(((1.0, 2.0), (2.0, 4.0))), at(((0.0,),)), at(LINE), at((PLANE, SQUARE))]
INVERTIBLE = [at(SQUARE), at(((1.2, -0.4), (0.5, 0.9))), at(ONE), at(SQUARES), at((SQUARES,))]
TALL = ((0.2, 1.1), (-0.3, 0.4), (0.7, -0.8))
THREE = ((0.8, -0.3), (-1.9, 0.4), (0.6, 1.2))


@gate(
    "np.linalg.solve(a, b)",
    "scipy.linalg.solve(a, b)",
    rule=rules.solve,
    stem="{a}{b}",
    contracts=True,
    singular=True,
    points=[
        at(SQUARE, ROW),
        at(SQUARE, THREE),
        at(SQUARE2, WIDE),
        at(ONE, (0.4,)),
        at(SQUARES, ROW),
        at(SQUARES, THREE),
        at(SQUARE, (THREE, THREE)),
        at(SQUARES, (THREE, THREE)),
        at(SQUARES, (WIDE,)),
    ],
)
def solve(d, out, a, b):
    """The x with a @ x = b. The gradient solves with a.T."""
    if rank(a) == 2 and rank(b) == 1:
        solved = np.linalg.solve(a.T, d)
        return -np.outer(solved, out), solved
    if rank(a) == 2 and rank(b) == 2:
        solved = np.linalg.solve(a.T, d)
        return -solved @ out.T, solved
    return helper("_solve_grad_left", d, a, b, out), helper("_solve_grad_right", d, a, b)


@gate(
    "np.linalg.inv(x)",
    "scipy.linalg.inv(x)",
    rule=rules.square,
    stem="{x}inv",
    contracts=True,
    points=INVERTIBLE,
)
def inv(d, out, x):
    """The inverse. The gradient is made of it, nothing is inverted again."""
    if rank(x) == 2:
        return -out.T @ d @ out.T
    return helper("_inv_grad", d, out)


@gate(
    "np.linalg.pinv(x, rcond=None)",
    rule=rules.pinv,
    stem="{x}pinv",
    contracts=True,
    holomorphic=False,
    points=[at(SQUARE), at(WIDE), at(TALL), at((WIDE, WIDE))],
)
def pinv(d, out, x, rcond):
    """The pseudo-inverse, as long as the rank of x stays what it is."""
    return helper("_pinv_grad", d, x, out)


@gate(
    "np.linalg.det(x)",
    rule=rules.of_each,
    stem="det_{x}",
    points=[*INVERTIBLE, *SINGULAR],
)
def det(d, out, x):
    """The determinant. Its gradient is the transposed adjugate, which a singular x has too."""
    return helper("_det_grad", d, out, x)


@gate(
    "scipy.linalg.det(x)",
    rule=rules.of_each,
    stem="det_{x}",
    points=[*INVERTIBLE, *SINGULAR],
)
def scipy_det(d, x):
    """The determinant, which scipy gives in float64; its gradient has x's dtype.

    The rule multiplies the determinant and the inverse, which must come from the same factors:
    numpy's, since scipy may factor the transposed matrix.
    """
    return cast(helper("_det_grad", d, np.linalg.det(x), x), x, "float64")


@gate(
    "np.linalg.slogdet(x)[1]",
    rule=rules.of_each,
    stem="logdet_{x}",
    holomorphic=False,
    singular=True,
    points=INVERTIBLE,
)
def slogdet(d, x):
    """The logarithm of the determinant's absolute value, which cannot overflow."""
    if rank(x) == 2:
        return d * np.linalg.inv(x).T
    return helper("_logdet_grad", d, x)


@value("np.linalg.slogdet(x)[0]", rule=rules.of_each)
def slogdet_sign():
    """The sign of a determinant."""


@gate(
    "np.linalg.norm(x, ord=None, axis=None, keepdims=False)",
    rule=rules.norm,
    stem="norm_{x}",
    kink="0 at 0; the largest of equal entries share",
    holomorphic=False,
    points=[
        at(ROW),
        at(GRID),
        at(GRID, axis=0),
        at(GRID, axis=1, keepdims=True),
        at(GRID, axis=-1),
        at(BATCH, axis=(0, 2)),
        at(BATCH, axis=(-2, -1), keepdims=True),
        at(BATCH),
        at((0.0, 0.0)),
        at(((0.0, 0.0), (3.0, -4.0)), axis=1),
        at(ROW, ord=2),
        at(ROW, ord=1),
        at(ROW, ord=3),
        at(GRID, ord=1.5, axis=0),
        at(GRID, ord=1, axis=1),
        at(GRID, ord=2, axis=0, keepdims=True),
        at(GRID, ord=3, axis=1, keepdims=True),
        at(GRID, ord=3, axis=1),
        at(GRID, ord="float('inf')", axis=1),
        at(ROW, ord="float('inf')"),
        at((1.5, -1.5, 0.2), ord="float('inf')"),
        at(GRID, ord="float('-inf')", axis=0, keepdims=True),
        at(GRID, ord="'fro'"),
        at(WIDE, ord="'nuc'"),
        at(WIDE, ord=2),
        at(SQUARE, ord="'nuc'"),
    ],
)
def norm(d, out, x, ord, axis, keepdims):
    """Length of a vector, or size of a matrix. The gradient is 0 at 0."""
    if ord == "nuc":
        return d * helper("_nuclear_norm_grad", x)
    if ord == 2 and axis is None and rank(x) == 2:
        return d * helper("_spectral_norm_grad", x)
    if rank(x) is None and axis is None and ord is not None and ord != "fro":
        return d * helper("_norm_grad", x, ord)
    if ord is None or ord == 2 or ord == "fro":
        return (
            expand(d, axis, keepdims)
            * x
            / (expand(out, axis, keepdims) + (expand(out, axis, keepdims) == 0))
        )
    if ord == 1:
        return expand(d, axis, keepdims) * np.sign(x)
    if infinite(ord):
        at_end = np.abs(x) == expand(out, axis, keepdims)
        share = at_end / np.sum(at_end, axis=axis, keepdims=True, dtype=dtype(x))
        return expand(d, axis, keepdims) * np.sign(x) * share
    length = expand(out, axis, keepdims)
    parts = (np.abs(x) / (length + (length == 0))) ** (ord - 1)
    return expand(d, axis, keepdims) * np.sign(x) * parts


@gate(
    "np.linalg.trace(x, *, offset=0)",
    rule=rules.trace,
    stem="trace_{x}",
    points=[at(SQUARE), at(WIDE), at(WIDE, offset=1), at(BATCH), at(BATCH, offset=-1)],
)
def linalg_trace(d, x, offset):
    """The sum of a diagonal of the last two axes."""
    if rank(x) == 2:
        return d * identity(x, offset)
    return np.expand_dims(d, (-2, -1)) * identity(x, offset)


@gate(
    "np.linalg.matrix_power(x, n)",
    rule=rules.power,
    stem="{x}p{n}",
    contracts=True,
    view=True,
    counts=("n",),
    points=[
        at(SQUARE, 3),
        at(SQUARE, 1),
        at(SQUARE, 2),
        at(SQUARE, -2),
        at(SQUARES, 4),
    ],
)
def matrix_power(d, x, n):
    """A matrix multiplied with itself n times, or its inverse -n times."""
    return helper("_matrix_power_grad", d, x, n), None


@gate(
    "np.linalg.lstsq(a, b, rcond=None)[0]",
    rule=rules.lstsq,
    stem="fit_{b}",
    contracts=True,
    singular=True,
    holomorphic=False,
    points=[
        at(THREE, ROW),
        at(THREE, SQUARE),
        at(GRID, (0.4, -1.1)),
        at(SQUARE, ROW),
        at(COLUMN, (0.4, 1.3)),
        at(GRID, ((0.3,), (0.8,))),
    ],
)
def lstsq(d, out, a, b):
    """The least-squares solution, as long as the rank of a stays what it is."""
    return helper("_lstsq_grad_left", d, a, b, out), helper("_lstsq_grad_right", d, a)


@value(
    "np.linalg.lstsq(a, b, rcond=None)[1]",
    rule=rules.lstsq_residuals,
    no_rule=("a", "b"),
)
def lstsq_residuals():
    """The sums of squares that are left: to be written out, as np.sum((a @ x - b) ** 2)."""


@value("np.linalg.lstsq(a, b, rcond=None)[2]", rule=rules.whole_number)
def lstsq_rank():
    """The rank of the matrix."""


@value("np.linalg.lstsq(a, b, rcond=None)[3]", rule=rules.shorter, no_rule=("a",))
def lstsq_singular():
    """The singular values of the matrix: np.linalg.svd(a, compute_uv=False) has a gradient."""


@value("np.linalg.matrix_rank(x, tol=...)", rule=rules.whole_number)
def matrix_rank():
    """How many rows of a matrix are independent."""
