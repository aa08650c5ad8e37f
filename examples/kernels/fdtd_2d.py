import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example fdtd_2d(3, np.ones((3, 4)) * 0.3, np.arange(12.0).reshape(3, 4), np.arange(12.0).reshape(3, 4) ** 1.5, np.arange(3.0))
def fdtd_2d(
    steps: int,
    ex: Float[Array, "NX NY"],
    ey: Float[Array, "NX NY"],
    hz: Float[Array, "NX NY"],
    source: Float[Array, "T"],
):
    """Finite differences in time: electric and magnetic fields on a grid."""
    for t in range(steps):
        ey[0, :] = source[t]
        ey[1:, :] -= 0.5 * (hz[1:, :] - hz[:-1, :])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1])
        hz[:-1, :-1] -= 0.7 * (ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1])
