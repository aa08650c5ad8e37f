import math

import numpy as np


def sigmoid(x: np.ndarray):
    return 1 / (1 + np.exp(-x))


def tanh(x: np.ndarray):
    return np.tanh(x)


def relu(x: np.ndarray):
    return np.maximum(0, x)


def leaky_relu(x: np.ndarray, alpha=0.01):
    return np.where(x > 0, x, alpha * x)


def maxout(x, w1, b1, w2, b2):
    """The larger of two linear scores.

    x : ndarray of shape (N, D)
    w1, w2 : ndarray of shape (D, H)
    b1, b2 : ndarray of shape (H,)
    """
    return np.maximum(x @ w1 + b1, x @ w2 + b2)


def elu(x: np.ndarray, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def gelu(x: np.ndarray):
    """Gaussian error linear unit, the form with tanh."""
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + np.tanh(inner))


def silu(x: np.ndarray):
    return x / (1 + np.exp(-x))
