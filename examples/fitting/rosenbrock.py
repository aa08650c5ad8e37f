import numpy as np


def rosen(x: np.ndarray) -> float:
    """Rosenbrock's banana, for scipy.optimize.minimize(rosen_grad, x0, jac=True)."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
