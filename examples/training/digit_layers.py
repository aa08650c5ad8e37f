import numpy as np
from jaxtyping import Float, Int


# codegen: example conv_forward(np.sin(np.arange(60.0)).reshape(2, 5, 3, 2), np.cos(np.arange(24.0)).reshape(3, 2, 2, 2), np.ones(2))
def conv_forward(
    x: Float[np.ndarray, "N H W C"],
    w: Float[np.ndarray, "K L C F"],
    b: Float[np.ndarray, "F"],
):
    """Convolve images with kernels: a loop over the offsets in a kernel, not over pixels."""
    N, H, W, C = x.shape
    K, L, _, F = w.shape
    out = np.zeros((N, H - K + 1, W - L + 1, F), dtype=x.dtype)
    for i in range(K):
        for j in range(L):
            out += x[:, i : i + H - K + 1, j : j + W - L + 1, :] @ w[i, j]
    out = out + b
    return out


def relu_forward(x: Float[np.ndarray, "N H W C"]):
    """Cut off what is negative."""
    out = np.maximum(0, x)
    return out


# codegen: example pool_forward(np.sin(np.arange(48.0)).reshape(2, 4, 2, 3))
def pool_forward(x: Float[np.ndarray, "N H W C"]):
    """Take the largest of each 2 by 2 window; H and W must be even."""
    N, H, W, C = x.shape
    windows = x.reshape(N, H // 2, 2, W // 2, 2, C)
    out = np.max(windows, axis=(2, 4))
    return out


# codegen: example affine_forward(np.sin(np.arange(24.0)).reshape(2, 2, 2, 3), np.cos(np.arange(24.0)).reshape(12, 2), np.ones(2))
def affine_forward(
    x: Float[np.ndarray, "N H W C"], w: Float[np.ndarray, "D M"], b: Float[np.ndarray, "M"]
):
    """Score images by all of their entries."""
    out = x.reshape(x.shape[0], -1) @ w + b
    return out


def softmax_loss_forward(scores: Float[np.ndarray, "N M"], y: Int[np.ndarray, "N"]):
    """Mean cross entropy of scores."""
    N = scores.shape[0]
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    return loss
