import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example gramschmidt(np.array([[1.0, 0.2], [0.3, 2.0], [-0.5, 0.7]]))
def gramschmidt(A: Float[Array, "M N"]):
    """Orthogonalize the columns of A: return Q and R."""
    M, N = A.shape
    Q = np.zeros((M, N))
    R = np.zeros((N, N))
    for k in range(N):
        nrm = A[:, k] @ A[:, k]
        R[k, k] = np.sqrt(nrm)
        Q[:, k] = A[:, k] / R[k, k]
        for j in range(k + 1, N):
            R[k, j] = Q[:, k] @ A[:, j]
            A[:, j] -= Q[:, k] * R[k, j]
    return Q, R
