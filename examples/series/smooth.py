import numpy as np
from jaxtyping import Float


# codegen: wrt=u
# codegen: example total_variation(np.random.default_rng(0).normal(size=(4, 5)), np.random.default_rng(1).normal(size=(4, 5)))
def total_variation(
    u: Float[np.ndarray, "H W"], noisy: Float[np.ndarray, "H W"], strength: float = 0.1
):
    """How far a picture is from a noisy one, and how steep it is."""
    down, right = np.gradient(u)
    steepness = np.sqrt(down**2 + right**2 + 1e-6)
    return 0.5 * np.sum((u - noisy) ** 2) + strength * np.sum(steepness)
