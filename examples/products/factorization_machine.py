import numpy as np


# codegen: example loss(np.array([[1.0, 0.0, 2.0], [0.5, 1.0, 0.0], [0.0, 1.5, 1.0], [1.0, 1.0, 1.0]]), np.array([1.0, -0.5, 0.8, 2.0]), 0.1, np.array([0.2, -0.4, 0.3]), np.array([[0.3, -0.1], [0.2, 0.5], [-0.4, 0.1]]))
# codegen: wrt=w0,w,V
def loss(X, y, w0, w, V, reg=0.01):
    """Squared error of a factorization machine: features, and pairs of features.

    X : ndarray of shape (N, D)
    y : ndarray of shape (N,)
    w0 : float
    w : ndarray of shape (D,)
    V : ndarray of shape (D, K)
    """
    linear = w0 + X @ w
    sums = np.einsum("nd,dk->nk", X, V)
    squares = np.einsum("nd,dk->nk", X**2, V**2)
    pairs = 0.5 * np.einsum("nk->n", sums**2 - squares)
    residual = linear + pairs - y
    loss = np.average(residual**2) + reg * np.einsum("dk,dk->", V, V)
    return loss
