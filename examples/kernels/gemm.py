import numpy as np
from jaxtyping import Float

Array = np.ndarray


def gemm(
    alpha: float,
    beta: float,
    C: Float[Array, "NI NJ"],
    A: Float[Array, "NI NK"],
    B: Float[Array, "NK NJ"],
):
    C[:] = alpha * A @ B + beta * C
