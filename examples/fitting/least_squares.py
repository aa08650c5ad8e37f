import numpy as np
from jaxtyping import Float


# codegen: wrt=w,b
# codegen: example unannotated(np.array([0.5, -0.3]), 0.2, np.array([[1.0, 2.0], [0.5, -1.0], [0.3, 0.8]]), np.array([0.1, 0.9, -0.4]))
def unannotated(w, b, X, y):
    residual = X @ w + b - y
    return 0.5 * np.mean(residual**2)


# codegen: wrt=w,b
def documented(w, b, X, y):
    """Half the mean squared error.

    Parameters
    ----------
    w : ndarray of shape (D,)
        Weights.
    b : float
        Bias.
    X : ndarray of shape (N, D)
        One observation a row.
    y : ndarray of shape (N,)
        What was measured.
    """
    residual = X @ w + b - y
    return 0.5 * np.mean(residual**2)


# codegen: wrt=w,b
def annotated(
    w: Float[np.ndarray, "D"],
    b: float,
    X: Float[np.ndarray, "N D"],
    y: Float[np.ndarray, "N"],
) -> float:
    residual = X @ w + b - y
    return 0.5 * np.mean(residual**2)
