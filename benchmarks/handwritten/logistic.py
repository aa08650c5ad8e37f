"""The gradient of examples/fitting/logistic.py, by hand: the well-known sigmoid(z) - y."""

import numpy as np
from jaxtyping import Float


def annotated_grad(
    w: Float[np.ndarray, "D"],
    b: float,
    X: Float[np.ndarray, "N D"],
    y: Float[np.ndarray, "N"],
    reg: float = 0.1,
    dannotated: float = 1.0,
):
    """Return annotated(...) and its gradients (dw, db), scaled by dannotated."""
    # forward pass
    z = X @ w + b  # (1)
    softplus_z = np.log1p(np.exp(z))  # (2)
    loss = np.mean(softplus_z - y * z) + 0.5 * reg * np.sum(w**2)  # (3)

    # backprop loss = np.mean(softplus_z - y * z) + 0.5 * reg * np.sum(w**2)  #(2, 3)
    sigz = 1 / (1 + np.exp(-z))
    dz = (sigz - y) * (dannotated / len(y))
    # backprop z = X @ w + b  #(1)
    dw = X.T @ dz + reg * dannotated * w
    db = np.sum(dz)
    return loss, (dw, db)
