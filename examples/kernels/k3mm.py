import numpy as np
from jaxtyping import Float

Array = np.ndarray


def k3mm(
    A: Float[Array, "NI NK"],
    B: Float[Array, "NK NJ"],
    C: Float[Array, "NJ NM"],
    D: Float[Array, "NM NL"],
):
    return A @ B @ C @ D
