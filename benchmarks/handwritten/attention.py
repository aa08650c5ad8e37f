"""The gradient of examples/networks/attention.py, by hand.

As a person writes it who knows the gradient of a softmax by heart: the maximum that was taken out
cancels, and the sum over a row is taken once.
"""

import numpy as np
from jaxtyping import Float

Array = np.ndarray


def attention_grad(
    x: Float[Array, "T D"],
    Wq: Float[Array, "D K"],
    Wk: Float[Array, "D K"],
    Wv: Float[Array, "D V"],
    dout: Float[Array, "T V"] | None = None,
):
    """Return attention(x, Wq, Wk, Wv) and its gradients (dx, dWq, dWk, dWv) for dout."""
    # forward pass
    T = x.shape[0]
    q, k, v = x @ Wq, x @ Wk, x @ Wv  # (1)
    scale = np.sqrt(q.shape[1])
    scores = q @ k.T / scale  # (2)
    causal = np.arange(T)[:, None] >= np.arange(T)
    scores = np.where(causal, scores, -np.inf)  # (3)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))  # (4)
    weights = e / e.sum(axis=1, keepdims=True)  # (5)
    out = weights @ v  # (6)

    # backward pass
    if dout is None:
        dout = np.ones_like(out)
    # backprop out = weights @ v  #(6)
    dweights = dout @ v.T
    dv = weights.T @ dout
    # backprop the softmax of each row  #(4, 5); a weight of 0 stops what was masked  #(3)
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    # backprop scores = q @ k.T / scale  #(2)
    dscores /= scale
    dq = dscores @ k
    dk = dscores.T @ q
    # backprop q, k, v = x @ Wq, x @ Wk, x @ Wv  #(1)
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    dWq = x.T @ dq
    dWk = x.T @ dk
    dWv = x.T @ dv
    return out, (dx, dWq, dWk, dWv)
