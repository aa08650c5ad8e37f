import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example ludcmp(np.array([[4.0, 1.0, 0.5], [1.2, 3.0, 0.3], [0.7, 0.2, 5.0]]), np.array([0.3, 1.0, -0.7]))
def ludcmp(A: Float[Array, "N N"], b: Float[Array, "N"]):
    """Solve A x = b by a factorization in place: return x."""
    N = A.shape[0]
    x = np.zeros_like(b)
    y = np.zeros_like(b)
    for i in range(N):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, N):
            A[i, j] -= A[i, :i] @ A[:i, j]
    for i in range(N):
        y[i] = b[i] - A[i, :i] @ y[:i]
    for i in range(N - 1, -1, -1):
        x[i] = (y[i] - A[i, i + 1 :] @ x[i + 1 :]) / A[i, i]
    return x
