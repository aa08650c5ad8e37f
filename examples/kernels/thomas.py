import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example thomas(np.array([0.0, 0.3, 0.2, 0.1]), np.array([2.0, 3.0, 2.5, 4.0]), np.array([0.5, 0.2, 0.4, 0.0]), np.array([1.0, -0.3, 0.2, 0.7]))
def thomas(
    a: Float[Array, "N"], b: Float[Array, "N"], c: Float[Array, "N"], d: Float[Array, "N"]
):
    """Solve a tridiagonal system in place: the solution is left in d."""
    N = d.shape[0]
    c[0] /= b[0]
    d[0] /= b[0]
    for k in range(1, N):
        divided = 1.0 / (b[k] - c[k - 1] * a[k])
        c[k] *= divided
        d[k] = (d[k] - d[k - 1] * a[k]) * divided
    for k in range(N - 2, -1, -1):
        d[k] -= c[k] * d[k + 1]
