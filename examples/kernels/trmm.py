import numpy as np
from jaxtyping import Float

Array = np.ndarray


def trmm(alpha: float, A: Float[Array, "M M"], B: Float[Array, "M N"]):
    """B = alpha * A.T @ B for a lower triangular A with ones on its diagonal."""
    for i in range(B.shape[0]):
        for j in range(B.shape[1]):
            B[i, j] += A[i + 1 :, i] @ B[i + 1 :, j]
    B *= alpha
