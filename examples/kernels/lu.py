import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example lu(np.array([[4.0, 1.0, 0.5], [1.2, 3.0, 0.3], [0.7, 0.2, 5.0]]))
def lu(A: Float[Array, "N N"]):
    """Factor A in place into L (unit diagonal) and U, without pivoting."""
    N = A.shape[0]
    for i in range(N):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, N):
            A[i, j] -= A[i, :i] @ A[:i, j]
