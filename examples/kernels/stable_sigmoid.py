import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example stable_sigmoid(np.array([-3.0, 0.2, 1.7]))
def stable_sigmoid(x: Float[Array, "N"]):
    """Sigmoid without overflow, each side where it is safe."""
    pos = x >= 0
    neg = x < 0
    z = np.zeros_like(x)
    z[pos] = np.exp(-x[pos])
    z[neg] = np.exp(x[neg])
    top = np.ones_like(x)
    top[neg] = z[neg]
    return top / (1 + z)
