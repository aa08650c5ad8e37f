import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example trisolv(np.array([[4.0, 0, 0], [1.0, 3.0, 0], [0.5, 0.3, 5.0]]), np.zeros(3), np.array([0.3, 1.0, -0.7]))
def trisolv(L: Float[Array, "N N"], x: Float[Array, "N"], b: Float[Array, "N"]):
    """Solve L x = b for a lower triangular L."""
    for i in range(x.shape[0]):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
