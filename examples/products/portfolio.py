import numpy as np
from jaxtyping import Float


# codegen: example risk(np.array([0.5, 0.3, 0.2]), np.array([[0.01, -0.02, 0.03], [0.02, 0.01, -0.01], [-0.03, 0.02, 0.02], [0.01, 0.03, -0.02], [0.00, -0.01, 0.04]]))
def risk(
    w: Float[np.ndarray, "A"], returns: Float[np.ndarray, "T A"], worst: float = 0.4
) -> float:
    """Volatility of a portfolio, and the average of its worst days."""
    covariance = np.cov(returns, rowvar=False)
    volatility = np.sqrt(np.einsum("i,ij,j->", w, covariance, w))
    days = np.sort(returns @ w)
    tail = int(worst * returns.shape[0])
    shortfall = -np.mean(days[:tail])
    risk = volatility + shortfall
    return risk
