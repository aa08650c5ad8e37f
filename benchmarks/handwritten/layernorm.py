"""The gradient of examples/networks/layernorm.py, by hand.

As a person writes it who has worked it out on paper: mean and variance are not gone back through
one by one, their three terms are put together.
"""

import numpy as np


def layernorm_grad(x, gamma, beta, eps=1e-5, dout=None):
    """Return layernorm(x, gamma, beta, eps) and its gradients (dx, dgamma, dbeta) for dout."""
    # forward pass
    mu = x.mean(axis=1, keepdims=True)  # (1)
    var = x.var(axis=1, keepdims=True)  # (2)
    std = np.sqrt(var + eps)  # (3)
    x_hat = (x - mu) / std  # (4)
    out = gamma * x_hat + beta  # (5)

    # backward pass
    if dout is None:
        dout = np.ones_like(out)
    # backprop out = gamma * x_hat + beta  #(5)
    dgamma = np.sum(x_hat * dout, axis=0)
    dbeta = np.sum(dout, axis=0)
    dx_hat = gamma * dout
    # backprop x_hat = (x - mu) / std, where mu and std are of x  #(1, 2, 3, 4)
    dx = dx_hat - dx_hat.mean(axis=1, keepdims=True)
    dx -= x_hat * np.mean(x_hat * dx_hat, axis=1, keepdims=True)
    dx /= std
    return out, (dx, dgamma, dbeta)
