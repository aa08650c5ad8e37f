import numpy as np


# codegen: example rosen(np.array([-1.2, 1.0, 0.7]))
def rosen(x: np.ndarray) -> float:
    """Rosenbrock's banana, for scipy.optimize.minimize(rosen_grad, x0, jac=True)."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
