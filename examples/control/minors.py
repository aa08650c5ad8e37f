import numpy as np
from jaxtyping import Float


# codegen: example det(np.array([[2.0, 0.4, -0.3, 1.0], [0.1, 1.5, 0.6, 0.2], [-0.7, 0.3, 1.1, 0.5], [0.2, 0.9, 0.4, 1.8]]))
def det(A: Float[np.ndarray, "N N"]) -> float:
    """The determinant, by minors of the first row."""
    if A.shape[0] == 1:
        return A[0, 0]
    total, sign = 0.0, 1.0
    for j in range(A.shape[0]):
        minor = np.delete(A[1:], j, axis=1)
        total += sign * A[0, j] * det(minor)
        sign = -sign
    return total
