import numpy as np
from jaxtyping import Float


def quadratic(
    W: Float[np.ndarray, "M N"], x: Float[np.ndarray, "N"]
) -> float:
    """Squared length of W @ x."""
    return np.sum((W @ x) ** 2)
