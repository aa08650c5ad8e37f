import math

import numpy as np


# codegen: example sigmoid(np.array([-1.3, -0.2, 0.4, 2.1]))
def sigmoid(x: np.ndarray):
    return 1 / (1 + np.exp(-x))


# codegen: example tanh(np.array([-1.3, -0.2, 0.4, 2.1]))
def tanh(x: np.ndarray):
    return np.tanh(x)


# codegen: example relu(np.array([-1.3, -0.2, 0.4, 2.1]))
def relu(x: np.ndarray):
    return np.maximum(0, x)


# codegen: example leaky_relu(np.array([-1.3, -0.2, 0.4, 2.1]))
def leaky_relu(x: np.ndarray, alpha=0.01):
    return np.where(x > 0, x, alpha * x)


# codegen: example maxout(np.array([-1.3, -0.2, 0.4, 2.1]))
def maxout(x, w1, b1, w2, b2):
    """The larger of two linear scores.

    x : ndarray of shape (N, D)
    w1, w2 : ndarray of shape (D, H)
    b1, b2 : ndarray of shape (H,)
    """
    return np.maximum(x @ w1 + b1, x @ w2 + b2)


# codegen: example elu(np.array([-1.3, -0.2, 0.4, 2.1]))
def elu(x: np.ndarray, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


# codegen: example gelu(np.array([-1.3, -0.2, 0.4, 2.1]))
def gelu(x: np.ndarray):
    """Gaussian error linear unit, the form with tanh."""
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + np.tanh(inner))


# codegen: example silu(np.array([-1.3, -0.2, 0.4, 2.1]))
def silu(x: np.ndarray):
    return x / (1 + np.exp(-x))
