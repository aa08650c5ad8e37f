import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example jacobi_1d(3, np.arange(6.0) ** 2, np.arange(6.0))
def jacobi_1d(steps: int, A: Float[Array, "N"], B: Float[Array, "N"]):
    for t in range(1, steps):
        B[1:-1] = 0.33333 * (A[:-2] + A[1:-1] + A[2:])
        A[1:-1] = 0.33333 * (B[:-2] + B[1:-1] + B[2:])
