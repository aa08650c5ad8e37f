import numpy as np
from jaxtyping import Float

Array = np.ndarray


def gesummv(
    alpha: float,
    beta: float,
    A: Float[Array, "N N"],
    B: Float[Array, "N N"],
    x: Float[Array, "N"],
):
    return alpha * A @ x + beta * B @ x
