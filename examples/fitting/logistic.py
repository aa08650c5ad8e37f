import numpy as np
from jaxtyping import Float


# codegen: wrt=w,b
# codegen: example unannotated(np.array([0.5, -0.3]), 0.2, np.array([[1.0, 2.0], [0.5, -1.0], [0.3, 0.8]]), np.array([0.0, 1.0, 1.0]))
def unannotated(w, b, X, y, reg=0.1):
    z = X @ w + b
    return np.mean(np.log1p(np.exp(z)) - y * z) + 0.5 * reg * np.sum(w**2)


# codegen: wrt=w,b
def documented(w, b, X, y, reg=0.1):
    """Mean negative log likelihood of labels 0 and 1, with L2 regularization.

    Parameters
    ----------
    w : ndarray of shape (D,)
        Weights.
    b : float
        Bias.
    X : ndarray of shape (N, D)
        One observation a row.
    y : ndarray of shape (N,)
        Labels.
    reg : float
    """
    z = X @ w + b
    return np.mean(np.log1p(np.exp(z)) - y * z) + 0.5 * reg * np.sum(w**2)


# codegen: wrt=w,b
def annotated(
    w: Float[np.ndarray, "D"],
    b: float,
    X: Float[np.ndarray, "N D"],
    y: Float[np.ndarray, "N"],
    reg: float = 0.1,
) -> float:
    z = X @ w + b
    return np.mean(np.log1p(np.exp(z)) - y * z) + 0.5 * reg * np.sum(w**2)
