import numpy as np
from jaxtyping import Float

Array = np.ndarray


def _sigmoid(t):
    return 1 / (1 + np.exp(-t))


def gru(
    x: Float[Array, "T D"],
    h: Float[Array, "H"],
    Wz: Float[Array, "D H"],
    Uz: Float[Array, "H H"],
    Wr: Float[Array, "D H"],
    Ur: Float[Array, "H H"],
    Wg: Float[Array, "D H"],
    Ug: Float[Array, "H H"],
):
    """A gated recurrent unit over time: half the square of its last state."""
    for t in range(x.shape[0]):
        z = _sigmoid(x[t] @ Wz + h @ Uz)  # update
        r = _sigmoid(x[t] @ Wr + h @ Ur)  # reset
        g = np.tanh(x[t] @ Wg + (r * h) @ Ug)
        h = (1 - z) * h + z * g
    return 0.5 * np.sum(h**2)
