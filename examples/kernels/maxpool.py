import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example maxpool2d(np.arange(32.0).reshape(1, 4, 4, 2) % 7 + np.arange(2) * 0.1)
def maxpool2d(x: Float[Array, "N H W C"]):
    """The largest of every two by two entries."""
    N, H, W, C = x.shape
    output = np.zeros((N, H // 2, W // 2, C))
    for i in range(H // 2):
        for j in range(W // 2):
            output[:, i, j, :] = np.max(x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, :], axis=(1, 2))
    return output
