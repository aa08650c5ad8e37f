import numpy as np
from jaxtyping import Float


# codegen: example rosen(np.array([-1.2, 1.0, 0.7]))
def rosen(x: Float[np.ndarray, "N"]) -> float:
    """Rosenbrock's banana, for scipy.optimize.minimize(rosen_grad, x0, jac=True)."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
