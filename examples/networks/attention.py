import numpy as np
from jaxtyping import Float

Array = np.ndarray


def attention(
    x: Float[Array, "T D"],
    Wq: Float[Array, "D K"],
    Wk: Float[Array, "D K"],
    Wv: Float[Array, "D V"],
) -> Float[Array, "T V"]:
    """One head of self-attention; a token sees itself and those before it."""
    T = x.shape[0]
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    scores = q @ k.T / np.sqrt(q.shape[1])
    causal = np.arange(T)[:, None] >= np.arange(T)
    scores = np.where(causal, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    out = weights @ v
    return out
