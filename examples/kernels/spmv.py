import numpy as np
from jaxtyping import Float, Int

Array = np.ndarray


# codegen: example spmv(np.array([0, 2, 3, 5]), np.array([0, 2, 1, 0, 2]), np.array([0.5, 1.0, -2.0, 0.3, 0.7]), np.array([1.0, -0.3, 0.2]))
def spmv(
    rows: Int[Array, "M_1"], cols: Int[Array, "K"], vals: Float[Array, "K"], x: Float[Array, "N"]
):
    """A sparse matrix, by compressed rows, times a vector."""
    y = np.zeros(rows.size - 1)
    for i in range(rows.size - 1):
        at = cols[rows[i] : rows[i + 1]]
        y[i] = vals[rows[i] : rows[i + 1]] @ x[at]
    return y
