import numpy as np
from jaxtyping import Float

Array = np.ndarray


def _sigmoid(t):
    return 1 / (1 + np.exp(-t))


# codegen: example lstm(np.ones((3, 2)) * 0.3, np.zeros(2), np.ones((2, 8)) * 0.2, np.ones((2, 8)) * 0.1, np.arange(8) * 0.1)
def lstm(
    x: Float[Array, "T D"],
    h0: Float[Array, "H"],
    Wx: Float[Array, "D 4*H"],
    Wh: Float[Array, "H 4*H"],
    b: Float[Array, "4*H"],
):
    """A long short-term memory over time: the sum of its squared states."""
    H = h0.shape[0]
    h = h0
    c = np.zeros(H)
    loss = 0.0
    for t in range(x.shape[0]):
        a = x[t] @ Wx + h @ Wh + b
        i = _sigmoid(a[:H])
        f = _sigmoid(a[H : 2 * H])
        o = _sigmoid(a[2 * H : 3 * H])
        g = np.tanh(a[3 * H :])
        c = f * c + i * g
        h = o * np.tanh(c)
        loss += np.sum(h**2)
    return loss
