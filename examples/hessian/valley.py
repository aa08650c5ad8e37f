import numpy as np
from jaxtyping import Float


# codegen: example valley(np.array([-1.2, 1.0, 0.3, 0.8]))
def valley(x: Float[np.ndarray, "N"]):
    """Rosenbrock's function in any number of dimensions."""
    head, tail = x[:-1], x[1:]
    slope = 1 - head
    bend = tail - head**2
    return np.sum(slope**2) + 100 * np.sum(bend**2)
