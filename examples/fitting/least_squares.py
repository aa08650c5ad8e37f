import numpy as np
from jaxtyping import Float


# codegen: wrt=w,b
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
