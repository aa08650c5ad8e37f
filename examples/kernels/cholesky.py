import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example cholesky(np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.3], [0.5, 0.3, 5.0]]))
def cholesky(A: Float[Array, "N N"]):
    """Factor a symmetric positive definite A in place: L in the lower triangle."""
    N = A.shape[0]
    for i in range(N):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[j, :j]
            A[i, j] /= A[j, j]
        A[i, i] -= A[i, :i] @ A[i, :i]
        A[i, i] = np.sqrt(A[i, i])
