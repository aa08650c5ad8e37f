import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example durbin(np.array([0.5, -0.2, 0.1, 0.05]))
def durbin(r: Float[Array, "N"]):
    """Solve the Yule-Walker equations by Durbin's recursion."""
    N = r.shape[0]
    y = np.zeros_like(r)
    alpha = -r[0]
    beta = 1.0
    y[0] = -r[0]
    for k in range(1, N):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + r[:k][::-1] @ y[:k]) / beta
        y[:k] += alpha * y[:k][::-1]
        y[k] = alpha
    return y
