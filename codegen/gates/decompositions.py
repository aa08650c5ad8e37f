"""Gates that take a matrix apart: what the parts are, each with the slope of the whole."""

from codegen.gates import type_rules_matrices as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import ONE
from codegen.gates.words import helper

POSITIVE = ((2.2, -0.4, 0.3), (-0.4, 1.9, -0.7), (0.3, -0.7, 2.6))
POSITIVE2 = ((1.2, 0.5, 0.1), (0.5, 2.1, 0.4), (0.1, 0.4, 0.8))
SYMMETRIC = [at(POSITIVE), at(ONE), at((POSITIVE, POSITIVE2))]


@gate(
    "np.linalg.cholesky(x)",
    rule=rules.square,
    stem="chol_{x}",
    contracts=True,
    holomorphic=False,
    points=SYMMETRIC,
)
def cholesky(d, out, x):
    """The lower triangle whose product with its transpose is x. Only x's lower triangle is read."""
    return helper("_cholesky_grad", d, out)


@gate(
    "np.linalg.eigvalsh(x)",
    rule=rules.eigenvalues,
    stem="eig_{x}",
    contracts=True,
    holomorphic=False,
    points=SYMMETRIC,
)
def eigvalsh(d, x):
    """Eigenvalues of a symmetric matrix, of which only the lower triangle is read."""
    return helper("_eigvalsh_grad", d, x)
