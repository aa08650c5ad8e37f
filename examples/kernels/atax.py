import numpy as np
from jaxtyping import Float

Array = np.ndarray


def atax(A: Float[Array, "M N"], x: Float[Array, "N"]):
    return (A @ x) @ A
