import numpy as np
from jaxtyping import Float

Array = np.ndarray


def _sigmoid(t):
    return 1 / (1 + np.exp(-t))


# codegen: example lstm(np.ones((3, 2)) * 0.3, np.zeros(2), np.ones(2) * 0.2, np.ones((2, 8)) * 0.2, np.ones((2, 8)) * 0.1, np.arange(8) * 0.1)
def lstm(
    x: Float[Array, "T D"],
    h: Float[Array, "H"],
    c: Float[Array, "H"],
    Wx: Float[Array, "D G"],
    Wh: Float[Array, "H G"],
    b: Float[Array, "G"],
):
    """A long short-term memory over time: the sum of its squared states."""
    H = h.shape[0]
    loss = 0.0
    for t in range(x.shape[0]):
        a = (x[t] @ Wx + h @ Wh + b).reshape(4, H)
        i, f, o = _sigmoid(a[0]), _sigmoid(a[1]), _sigmoid(a[2])
        g = np.tanh(a[3])
        c = f * c + i * g
        h = o * np.tanh(c)
        loss += np.sum(h**2)
    return loss
