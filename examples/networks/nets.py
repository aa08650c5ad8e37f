"""Nets as the CS231n notes write them: data in rows, biases broadcast."""

import numpy as np
from jaxtyping import Float

Array = np.ndarray


def _sigmoid(t):
    return 1.0 / (1.0 + np.exp(-t))


# codegen: wrt=w1,w2
def two_layer(
    x: Float[Array, "N D"],
    y: Float[Array, "N M"],
    w1: Float[Array, "D H"],
    w2: Float[Array, "H M"],
) -> float:
    """Squared error of a net with one hidden layer."""
    h = 1 / (1 + np.exp(-x.dot(w1)))
    y_pred = h.dot(w2)
    loss = np.square(y_pred - y).sum()
    return loss


# codegen: wrt=W1,W2,W3,b1,b2,b3
def three_layer(
    x: Float[Array, "D N"],
    W1: Float[Array, "H D"],
    W2: Float[Array, "H H"],
    W3: Float[Array, "C H"],
    b1: Float[Array, "H 1"],
    b2: Float[Array, "H 1"],
    b3: Float[Array, "C 1"],
) -> Float[Array, "C N"]:
    """Scores of a net with two hidden layers."""
    h1 = _sigmoid(np.dot(W1, x) + b1)  # first hidden layer
    h2 = _sigmoid(np.dot(W2, h1) + b2)  # second hidden layer
    out = np.dot(W3, h2) + b3
    return out
