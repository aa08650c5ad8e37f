import numpy as np
from jaxtyping import Float, Int
from scipy.special import log_softmax


# codegen: example layer_norm(np.sin(np.arange(12.0)).reshape(3, 4), np.ones(4), np.arange(4.0))
def layer_norm(x, gain, bias):
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return gain * (x - mean) / np.sqrt(variance + 1e-5) + bias


# codegen: example gelu(np.linspace(-2.0, 2.0, 5))
def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


# codegen: example block_loss(np.sin(np.arange(24.0) + 1).reshape(2, 3, 4), np.array([[1, 0, 4], [2, 2, 3]]), np.sin(np.arange(4.0) + 2), np.sin(np.arange(4.0) + 3), np.sin(np.arange(48.0) + 4).reshape(4, 12), np.sin(np.arange(12.0) + 5), np.sin(np.arange(16.0) + 6).reshape(4, 4), np.sin(np.arange(4.0) + 7), np.sin(np.arange(4.0) + 8), np.sin(np.arange(4.0) + 9), np.sin(np.arange(32.0) + 10).reshape(4, 8), np.sin(np.arange(8.0) + 11), np.sin(np.arange(32.0) + 12).reshape(8, 4), np.sin(np.arange(4.0) + 13), np.sin(np.arange(20.0) + 14).reshape(4, 5))
# codegen: wrt=x,g1,b1,Wqkv,bqkv,Wo,bo,g2,b2,W1,c1,W2,c2,U
def block_loss(
    x: Float[np.ndarray, "B T D"],
    targets: Int[np.ndarray, "B T"],
    g1: Float[np.ndarray, "D"],
    b1: Float[np.ndarray, "D"],
    Wqkv: Float[np.ndarray, "D 3*D"],
    bqkv: Float[np.ndarray, "3*D"],
    Wo: Float[np.ndarray, "D D"],
    bo: Float[np.ndarray, "D"],
    g2: Float[np.ndarray, "D"],
    b2: Float[np.ndarray, "D"],
    W1: Float[np.ndarray, "D F"],
    c1: Float[np.ndarray, "F"],
    W2: Float[np.ndarray, "F D"],
    c2: Float[np.ndarray, "D"],
    U: Float[np.ndarray, "D V"],
    heads: int = 2,
):
    """Cross entropy of one GPT-2 block: causal attention by heads, then a GELU layer."""
    B, T, D = x.shape
    size = D // heads
    # attention
    a = layer_norm(x, g1, b1)
    qkv = a @ Wqkv + bqkv
    q, k, v = np.split(qkv, 3, axis=-1)
    q = q.reshape(B, T, heads, size).swapaxes(1, 2)
    k = k.reshape(B, T, heads, size).swapaxes(1, 2)
    v = v.reshape(B, T, heads, size).swapaxes(1, 2)
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(size)
    causal = np.tril(np.ones((T, T), dtype=bool))
    scores = np.where(causal, scores, -1e10)
    scores = scores - np.max(scores, axis=-1, keepdims=True)
    weights = np.exp(scores)
    weights = weights / np.sum(weights, axis=-1, keepdims=True)
    mixed = (weights @ v).swapaxes(1, 2).reshape(B, T, D)
    y = x + mixed @ Wo + bo
    # layer
    h = gelu(layer_norm(y, g2, b2) @ W1 + c1)
    z = y + h @ W2 + c2
    # loss
    log_probs = log_softmax(z @ U, axis=-1)
    picked = log_probs[np.arange(B)[:, None], np.arange(T), targets]
    return -np.mean(picked)
