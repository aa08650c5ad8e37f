import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example seidel_2d(3, np.arange(16.0).reshape(4, 4) ** 1.5)
def seidel_2d(steps: int, A: Float[Array, "N N"]):
    N = A.shape[0]
    for t in range(steps - 1):
        for i in range(1, N - 1):
            A[i, 1:-1] += (
                A[i - 1, :-2]
                + A[i - 1, 1:-1]
                + A[i - 1, 2:]
                + A[i, 2:]
                + A[i + 1, :-2]
                + A[i + 1, 1:-1]
                + A[i + 1, 2:]
            )
            for j in range(1, N - 1):
                A[i, j] += A[i, j - 1]
                A[i, j] /= 9.0
