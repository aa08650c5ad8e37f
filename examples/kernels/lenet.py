import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: skip
def relu(x: Array):
    return np.maximum(x, 0)


# codegen: skip
def conv2d(input: Float[Array, "N H W C_in"], weights: Float[Array, "K K C_in C_out"]):
    """Convolution of images with square filters, without padding."""
    K = weights.shape[0]
    N, H, W, _ = input.shape
    H_out = H - K + 1
    W_out = W - K + 1
    output = np.empty((N, H_out, W_out, weights.shape[3]))
    for i in range(H_out):
        for j in range(W_out):
            output[:, i, j, :] = np.sum(
                input[:, i : i + K, j : j + K, :, np.newaxis] * weights[np.newaxis, :, :, :],
                axis=(1, 2, 3),
            )
    return output


# codegen: skip
def maxpool2d(x: Float[Array, "N H W C"]):
    """The largest of every two by two entries."""
    N, H, W, C = x.shape
    output = np.empty((N, H // 2, W // 2, C))
    for i in range(H // 2):
        for j in range(W // 2):
            output[:, i, j, :] = np.max(x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, :], axis=(1, 2))
    return output


# codegen: example lenet5(np.arange(512.0).reshape(2, 16, 16, 1) ** 1.5 % 1.7, np.arange(50.0).reshape(5, 5, 1, 2) ** 1.3 % 1.1 - 0.5, np.array([0.1, -0.2]), np.arange(150.0).reshape(5, 5, 2, 3) ** 1.4 % 1.3 - 0.6, np.array([0.3, 0.1, -0.1]), np.arange(12.0).reshape(3, 4) % 5 * 0.3 - 0.4, np.ones(4) * 0.2, np.arange(12.0).reshape(4, 3) % 7 * 0.2 - 0.5, np.ones(3) * 0.1, np.arange(6.0).reshape(3, 2) * 0.3 - 0.7, np.zeros(2))
def lenet5(
    images: Float[Array, "N H W C"],
    conv1: Float[Array, "K K C C1"],
    bias1: Float[Array, "C1"],
    conv2: Float[Array, "K K C1 C2"],
    bias2: Float[Array, "C2"],
    fc1: Float[Array, "F F1"],
    b1: Float[Array, "F1"],
    fc2: Float[Array, "F1 F2"],
    b2: Float[Array, "F2"],
    fc3: Float[Array, "F2 S"],
    b3: Float[Array, "S"],
):
    """LeNet-5: two convolutions and three layers above them give each image its scores."""
    x = relu(conv2d(images, conv1) + bias1)
    x = maxpool2d(x)
    x = relu(conv2d(x, conv2) + bias2)
    x = maxpool2d(x)
    x = np.reshape(x, (images.shape[0], fc1.shape[0]))
    x = relu(x @ fc1 + b1)
    x = relu(x @ fc2 + b2)
    return x @ fc3 + b3
