import numpy as np
from jaxtyping import Float

Array = np.ndarray


def gemver(
    alpha: float,
    beta: float,
    A: Float[Array, "N N"],
    u1: Float[Array, "N"],
    v1: Float[Array, "N"],
    u2: Float[Array, "N"],
    v2: Float[Array, "N"],
    w: Float[Array, "N"],
    x: Float[Array, "N"],
    y: Float[Array, "N"],
    z: Float[Array, "N"],
):
    A += np.outer(u1, v1) + np.outer(u2, v2)
    x += beta * y @ A + z
    w += alpha * A @ x
