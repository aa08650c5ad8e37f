import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example conv2d(np.arange(50.0).reshape(1, 5, 5, 2) ** 1.2, np.arange(24.0).reshape(2, 2, 2, 3) * 0.1, np.ones(3))
def conv2d(
    input: Float[Array, "N H W C_in"],
    weights: Float[Array, "K K C_in C_out"],
    bias: Float[Array, "C_out"],
):
    """Convolution of images with square filters, without padding."""
    K = weights.shape[0]
    N = input.shape[0]
    H_out = input.shape[1] - K + 1
    W_out = input.shape[2] - K + 1
    C_out = weights.shape[3]
    output = np.zeros((N, H_out, W_out, C_out))
    for i in range(H_out):
        for j in range(W_out):
            output[:, i, j, :] = np.sum(
                input[:, i : i + K, j : j + K, :, np.newaxis] * weights[np.newaxis, :, :, :],
                axis=(1, 2, 3),
            )
    return output + bias
