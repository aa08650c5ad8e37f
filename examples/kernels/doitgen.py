import numpy as np
from jaxtyping import Float

Array = np.ndarray


def doitgen(A: Float[Array, "R Q P"], C4: Float[Array, "P P"]):
    """Multiply every row of A by a matrix."""
    for r in range(A.shape[0]):
        for q in range(A.shape[1]):
            A[r, q] = A[r, q] @ C4
