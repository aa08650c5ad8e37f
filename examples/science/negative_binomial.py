import numpy as np
from jaxtyping import Float, Int
from scipy.special import gammaln


# codegen: example log_likelihood(np.array([0.3, -0.2]), 0.4, np.array([[1.0, 0.2], [1.0, -0.7], [1.0, 1.1]]), np.array([2, 0, 5]))
# codegen: wrt=beta,log_size
def log_likelihood(
    beta: Float[np.ndarray, "D"],
    log_size: float,
    X: Float[np.ndarray, "N D"],
    y: Int[np.ndarray, "N"],
):
    """Negative-binomial regression with a log link."""
    r = np.exp(log_size)
    eta = X @ beta
    combinations = gammaln(y + r) - gammaln(r) - gammaln(y + 1)
    total = np.logaddexp(eta, log_size)
    return np.sum(combinations + y * (eta - total) + r * (log_size - total))
