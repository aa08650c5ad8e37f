import numpy as np
from jaxtyping import Float


# codegen: example loss(np.array([0.3, 0.5, 0.3]), 0.1, np.sin(np.arange(12.0)), np.sin(np.arange(12.0) + 0.1))
# codegen: wrt=kernel,bias
def loss(
    kernel: Float[np.ndarray, "K"],
    bias: float,
    noisy: Float[np.ndarray, "N"],
    clean: Float[np.ndarray, "N"],
):
    """Squared error of a learned filter with a residual: x + tanh(kernel * x + bias)."""
    response = np.convolve(noisy, kernel, mode="same")
    guess = noisy + np.tanh(response + bias)
    return np.mean((guess - clean) ** 2)


# codegen: example total_variation(np.sin(np.arange(12.0)).reshape(3, 4), np.cos(np.arange(12.0)).reshape(3, 4), 0.3)
# codegen: wrt=image
def total_variation(
    image: Float[np.ndarray, "H W"], noisy: Float[np.ndarray, "H W"], weight: float
):
    """Distance to a noisy image, and the sum of the jumps, smooth at 0."""
    down = np.diff(image, axis=0)
    right = np.diff(image, axis=1)
    jumps = np.sum(np.sqrt(down**2 + 1e-6)) + np.sum(np.sqrt(right**2 + 1e-6))
    return 0.5 * np.sum((image - noisy) ** 2) + weight * jumps
