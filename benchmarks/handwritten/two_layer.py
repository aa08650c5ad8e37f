"""The gradient of examples/two_layer.py, by hand, in the style of the CS231n notes."""

import numpy as np
from jaxtyping import Float, Int

Array = np.ndarray


def loss_grad(
    X: Float[Array, "N D"],
    y: Int[Array, "N"],
    W1: Float[Array, "D H"],
    b1: Float[Array, "H"],
    W2: Float[Array, "H C"],
    b2: Float[Array, "C"],
    reg: float,
    dloss: float = 1.0,
):
    """Return loss(...) and its gradients (dW1, db1, dW2, db2), scaled by dloss.

    Softmax loss of a two-layer net with L2 regularization.
    """
    # forward pass
    N = X.shape[0]
    h = np.maximum(0, X @ W1 + b1)  # (1)
    scores = h @ W2 + b2  # (2)
    max_scores = np.max(scores, axis=1, keepdims=True)  # (3)
    scores_1 = scores - max_scores  # (4)
    e = np.exp(scores_1)  # (5)
    sum_e = np.sum(e, axis=1, keepdims=True)  # (6)
    p = e / sum_e  # (7)
    rows = np.arange(N)
    p_y = p[rows, y]  # (8)
    data_loss = -np.sum(np.log(p_y)) / N  # (9)
    reg_loss = 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))  # (10)
    loss = data_loss + reg_loss  # (11)

    # backprop loss = data_loss + reg_loss  #(11)
    ddata_loss = dloss
    dreg_loss = dloss
    # backprop reg_loss = 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))  #(10)
    dW1 = reg * dreg_loss * W1
    dW2 = reg * dreg_loss * W2
    # backprop data_loss = -np.sum(np.log(p_y)) / N  #(9)
    dp_y = -ddata_loss / N / p_y
    # backprop p_y = p[rows, y]  #(8)
    dp = np.zeros_like(p)
    dp[rows, y] = dp_y  # np.arange(N) never repeats a row
    # backprop p = e / sum_e  #(7)
    de = dp / sum_e
    dsum_e = -np.sum(dp * p, axis=1, keepdims=True) / sum_e
    # backprop sum_e = np.sum(e, axis=1, keepdims=True)  #(6)
    de += dsum_e
    # backprop e = np.exp(scores_1)  #(5)
    dscores_1 = e * de
    # backprop scores_1 = scores - max_scores  #(4)
    dscores = dscores_1
    dmax_scores = -np.sum(dscores_1, axis=1, keepdims=True)
    # backprop max_scores = np.max(scores, axis=1, keepdims=True), ties share  #(3)
    at_max = scores == max_scores
    dscores += at_max / np.sum(at_max, axis=1, keepdims=True) * dmax_scores
    # backprop scores = h @ W2 + b2  #(2)
    dh = dscores @ W2.T
    dW2 += h.T @ dscores
    db2 = np.sum(dscores, axis=0)
    # backprop h = np.maximum(0, X @ W1 + b1)  #(1)
    dh_raw = (h > 0) * dh
    dW1 += X.T @ dh_raw
    db1 = np.sum(dh_raw, axis=0)
    return loss, (dW1, db1, dW2, db2)
