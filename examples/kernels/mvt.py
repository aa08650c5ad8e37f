import numpy as np
from jaxtyping import Float

Array = np.ndarray


def mvt(
    x1: Float[Array, "N"],
    x2: Float[Array, "N"],
    y1: Float[Array, "N"],
    y2: Float[Array, "N"],
    A: Float[Array, "N N"],
):
    x1 += A @ y1
    x2 += y2 @ A
