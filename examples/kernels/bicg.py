import numpy as np
from jaxtyping import Float

Array = np.ndarray


def bicg(A: Float[Array, "N M"], p: Float[Array, "M"], r: Float[Array, "N"]):
    return r @ A, A @ p
