import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example jacobi_2d(3, np.arange(25.0).reshape(5, 5) ** 1.5, np.ones((5, 5)))
def jacobi_2d(steps: int, A: Float[Array, "N N"], B: Float[Array, "N N"]):
    for t in range(1, steps):
        B[1:-1, 1:-1] = 0.2 * (
            A[1:-1, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:] + A[2:, 1:-1] + A[:-2, 1:-1]
        )
        A[1:-1, 1:-1] = 0.2 * (
            B[1:-1, 1:-1] + B[1:-1, :-2] + B[1:-1, 2:] + B[2:, 1:-1] + B[:-2, 1:-1]
        )
