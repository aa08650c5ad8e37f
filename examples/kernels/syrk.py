import numpy as np
from jaxtyping import Float

Array = np.ndarray


def syrk(alpha: float, beta: float, C: Float[Array, "N N"], A: Float[Array, "N M"]):
    """The lower triangle of C = alpha * A @ A.T + beta * C."""
    for i in range(A.shape[0]):
        C[i, : i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, : i + 1] += alpha * A[i, k] * A[: i + 1, k]
