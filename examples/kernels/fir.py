import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example fir(np.arange(6.0) ** 1.5, np.array([0.5, 0.3, -0.2]))
def fir(x: Float[Array, "N"], h: Float[Array, "K"]):
    """Filter x in place with the taps h, from its end so that no input is overwritten too early."""
    K = len(h)
    for n in range(len(x) - 1, -1, -1):
        first = max(0, n - K + 1)
        x[n] = x[first : n + 1] @ h[: n + 1 - first][::-1]
