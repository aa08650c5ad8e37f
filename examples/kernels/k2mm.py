import numpy as np
from jaxtyping import Float

Array = np.ndarray


def k2mm(
    alpha: float,
    beta: float,
    A: Float[Array, "NI NK"],
    B: Float[Array, "NK NJ"],
    C: Float[Array, "NJ NL"],
    D: Float[Array, "NI NL"],
):
    D[:] = alpha * A @ B @ C + beta * D
