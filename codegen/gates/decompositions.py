"""Gates that take a matrix apart: what the parts are, each with the slope of the whole."""

from codegen.gates import type_rules_matrices as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import GRID, ONE, SQUARE
from codegen.gates.words import helper, part, unpacked

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


@gate(
    "np.linalg.eigh(x)[0]",
    rule=rules.eigenvalues,
    stem="eig_{x}",
    contracts=True,
    holomorphic=False,
    points=SYMMETRIC,
)
def eigh_values(d, x):
    """Eigenvalues of a symmetric matrix, of which only the lower triangle is read."""
    if unpacked():
        return helper("_eigenvalues_grad", d, part(1))
    return helper("_eigvalsh_grad", d, x)


@gate(
    "np.linalg.eigh(x)[1]",
    rule=rules.square,
    stem="vectors_{x}",
    contracts=True,
    holomorphic=False,
    kink="repeated eigenvalues raise",
    points=SYMMETRIC,
)
def eigh_vectors(d, out, x):
    """Eigenvectors of a symmetric matrix, whose eigenvalues must differ."""
    return helper("_eigenvectors_grad", d, part(0), out)


REAL = ((2.2, -0.4, 0.3), (0.5, 0.9, -0.7), (0.3, 0.2, -1.6))
SEVERAL = [at(REAL), at(ONE), at((REAL, ((1.2, 0.3, 0.1), (0.2, 2.6, 0.4), (0.7, 0.4, -0.8))))]
COMPLEX = "complex and repeated eigenvalues raise"


@gate(
    "np.linalg.eigvals(x)",
    rule=rules.eigenvalues,
    stem="eig_{x}",
    contracts=True,
    holomorphic=False,
    kink=COMPLEX,
    points=SEVERAL,
)
def eigvals(d, out, x):
    """Eigenvalues, as long as they are real and differ."""
    return helper("_eigvals_grad", d, out, x)


@gate(
    "np.linalg.eig(x)[0]",
    rule=rules.eigenvalues,
    stem="eig_{x}",
    contracts=True,
    holomorphic=False,
    kink=COMPLEX,
    points=SEVERAL,
)
def eig_values(d, out, x):
    """Eigenvalues, as long as they are real and differ."""
    if unpacked():
        return helper("_eig_values_grad", d, out, part(1))
    return helper("_eigvals_grad", d, out, x)


@gate(
    "np.linalg.eig(x)[1]",
    rule=rules.square,
    stem="vectors_{x}",
    contracts=True,
    holomorphic=False,
    kink=COMPLEX,
    points=SEVERAL,
)
def eig_vectors(d, out, x):
    """Eigenvectors of length 1, as long as the eigenvalues are real and differ."""
    return helper("_eig_vectors_grad", d, part(0), out)


TALL = ((0.2, 1.1), (-0.3, 0.4), (0.7, -0.8))
MATRICES = [at(SQUARE), at(TALL), at(GRID), at((TALL, ((0.9, 0.2), (-0.5, 1.3), (0.4, 0.6))))]


@gate(
    "np.linalg.svd(x, full_matrices=True)[0]",
    rule=rules.left_vectors,
    stem="left_{x}",
    contracts=True,
    holomorphic=False,
    kink="repeated singular values raise",
    points=[at(SQUARE), *(at(*p.operands, full_matrices=False) for p in MATRICES)],
)
def svd_left(d, out, x):
    """Left singular vectors; of a matrix that is not square with full_matrices=False only."""
    return helper("_singular_vectors_grad", d, out, part(1), part(2))


@gate(
    "np.linalg.svd(x, full_matrices=True)[1]",
    rule=rules.shorter,
    stem="sv_{x}",
    contracts=True,
    holomorphic=False,
    points=[*MATRICES, *(at(*p.operands, full_matrices=False) for p in MATRICES)],
)
def svd_values(d, x):
    """Singular values, the largest first."""
    if unpacked():
        return helper("_singular_values_grad", d, part(0), part(2))
    return helper("_svdvals_grad", d, x)


@gate(
    "np.linalg.svd(x, full_matrices=True)[2]",
    rule=rules.right_vectors,
    stem="right_{x}",
    contracts=True,
    holomorphic=False,
    kink="repeated singular values raise",
    points=[at(SQUARE), *(at(*p.operands, full_matrices=False) for p in MATRICES)],
)
def svd_right(d, out, x):
    """Right singular vectors, as rows; of a matrix that is not square if full_matrices=False."""
    return helper("_singular_rows_grad", d, part(0), part(1), out)


SVD = "np.linalg.svd(x, full_matrices=True, compute_uv=True)"


@gate(
    "np.linalg.svdvals(x)",
    SVD,
    rule=rules.shorter,
    stem="sv_{x}",
    contracts=True,
    holomorphic=False,
    points=[
        *(at(*p.operands, only="np.linalg.svdvals(x)") for p in MATRICES),
        *(at(*p.operands, compute_uv=False, only=SVD) for p in MATRICES),
    ],
)
def svdvals(d, x):
    """Singular values, the largest first."""
    return helper("_svdvals_grad", d, x)


@gate(
    "np.linalg.qr(x)[0]",
    rule=rules.left_side,
    stem="q_{x}",
    contracts=True,
    holomorphic=False,
    points=[at(SQUARE), at(TALL), at((TALL, ((0.9, 0.2), (-0.5, 1.3), (0.4, 0.6))))],
)
def qr_q(d, out, x):
    """Orthonormal columns, of a matrix that has at least as many rows as columns."""
    return helper("_qr_grad_q", d, out, part(1))


@gate(
    "np.linalg.qr(x)[1]",
    rule=rules.right_side,
    stem="r_{x}",
    contracts=True,
    holomorphic=False,
    points=[at(SQUARE), at(TALL), at((TALL, ((0.9, 0.2), (-0.5, 1.3), (0.4, 0.6))))],
)
def qr_r(d, out, x):
    """The triangle of a matrix that has at least as many rows as columns."""
    return helper("_qr_grad_r", d, part(0), out)
