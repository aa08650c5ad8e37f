import numpy as np
from jaxtyping import Float

Array = np.ndarray


def syr2k(
    alpha: float,
    beta: float,
    C: Float[Array, "N N"],
    A: Float[Array, "N M"],
    B: Float[Array, "N M"],
):
    """The lower triangle of C = alpha * (A @ B.T + B @ A.T) + beta * C."""
    for i in range(A.shape[0]):
        C[i, : i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, : i + 1] += A[: i + 1, k] * alpha * B[i, k] + B[: i + 1, k] * alpha * A[i, k]
