import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example attention(np.sin(np.arange(24.0)).reshape(2, 3, 4), np.cos(np.arange(16.0)).reshape(4, 2, 2), np.sin(np.arange(1.0, 17.0)).reshape(4, 2, 2), np.cos(np.arange(1.0, 17.0)).reshape(4, 2, 2), np.sin(np.arange(2.0, 18.0)).reshape(2, 2, 4))
def attention(
    x: Float[Array, "B T D"],
    Wq: Float[Array, "D H K"],
    Wk: Float[Array, "D H K"],
    Wv: Float[Array, "D H K"],
    Wo: Float[Array, "H K D"],
) -> Float[Array, "B T D"]:
    """Self-attention of a batch, with several heads; a token sees itself and those before it."""
    T = x.shape[1]
    q = np.einsum("btd,dhk->bhtk", x, Wq, optimize=True)
    k = np.einsum("btd,dhk->bhtk", x, Wk, optimize=True)
    v = np.einsum("btd,dhk->bhtk", x, Wv, optimize=True)
    scores = np.einsum("bhtk,bhsk->bhts", q, k, optimize=True) / np.sqrt(q.shape[-1])
    causal = np.arange(T)[:, None] >= np.arange(T)
    scores = np.where(causal, scores, -np.inf)
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights = weights / np.sum(weights, axis=-1, keepdims=True)
    heads = np.einsum("bhts,bhsk->bthk", weights, v, optimize=True)
    out = np.einsum("bthk,hkd->btd", heads, Wo, optimize=True)
    return out
