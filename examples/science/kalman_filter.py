import numpy as np
from jaxtyping import Float


# codegen: example log_likelihood(np.array([[0.9, 0.1], [0.0, 0.8]]), np.array([[1.0, 0.5]]), np.array([[0.2, 0.0], [0.0, 0.3]]), np.array([[0.4]]), np.array([[0.3], [0.1], [-0.4]]))
# codegen: wrt=A,C,Q,R
def log_likelihood(
    A: Float[np.ndarray, "S S"],
    C: Float[np.ndarray, "O S"],
    Q: Float[np.ndarray, "S S"],
    R: Float[np.ndarray, "O O"],
    ys: Float[np.ndarray, "T O"],
):
    """Log likelihood of a linear state-space model, by the Kalman filter."""
    mean = np.zeros(A.shape[0])
    cov = np.eye(A.shape[0])
    total = 0.0
    for y in ys:
        mean = A @ mean
        cov = A @ cov @ A.T + Q
        error = y - C @ mean
        S = C @ cov @ C.T + R
        logdet = np.linalg.slogdet(2 * np.pi * S)[1]
        weighted = np.linalg.solve(S, error)
        total -= 0.5 * (error @ weighted + logdet)
        CP = C @ cov
        mean = mean + CP.T @ weighted
        cov = cov - CP.T @ np.linalg.solve(S, CP)
    return total
