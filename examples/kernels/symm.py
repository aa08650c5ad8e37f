import numpy as np
from jaxtyping import Float

Array = np.ndarray


def symm(
    alpha: float,
    beta: float,
    C: Float[Array, "M N"],
    A: Float[Array, "M M"],
    B: Float[Array, "M N"],
):
    """C = alpha * A @ B + beta * C for a symmetric A whose lower triangle is stored."""
    C *= beta
    for i in range(C.shape[0]):
        for j in range(C.shape[1]):
            C[:i, j] += alpha * B[i, j] * A[i, :i]
            C[i, j] += alpha * B[i, j] * A[i, i] + alpha * (B[:i, j] @ A[i, :i])
