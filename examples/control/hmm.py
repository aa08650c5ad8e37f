import numpy as np
from jaxtyping import Float, Int

Array = np.ndarray


# codegen: example log_likelihood(np.array([0.4, 0.6]), np.array([[0.7, 0.3], [0.2, 0.8]]), np.array([[0.3, 0.7], [0.6, 0.4]]), np.array([0, 1, 1, 0]))
def log_likelihood(
    start: Float[Array, "K"],
    move: Float[Array, "K K"],
    emit: Float[Array, "K M"],
    seen: Int[Array, "T"],
):
    """Log-likelihood of what was seen under a hidden Markov model: the forward algorithm."""
    alpha = start * emit[:, seen[0]]
    total = 0.0
    for t in range(1, len(seen)):
        scale = np.sum(alpha)
        total += np.log(scale)
        alpha = alpha / scale @ move * emit[:, seen[t]]
    return total + np.log(np.sum(alpha))
