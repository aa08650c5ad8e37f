import numpy as np
from jaxtyping import Float


# codegen: example log_marginal_likelihood(np.linspace(-1, 1, 5)[:, None], np.array([0.2, -0.4, 0.1, 0.7, -0.3]), 0.1, -0.2, -1.0)
# codegen: wrt=log_scale,log_length,log_noise
def log_marginal_likelihood(
    X: Float[np.ndarray, "N D"],
    y: Float[np.ndarray, "N"],
    log_scale: float,
    log_length: float,
    log_noise: float,
):
    """Log evidence of a Gaussian process with a squared-exponential kernel."""
    differences = (X[:, None, :] - X[None, :, :]) / np.exp(log_length)
    K = np.exp(2 * log_scale - 0.5 * np.sum(differences**2, axis=2))
    L = np.linalg.cholesky(K + np.exp(2 * log_noise) * np.eye(len(y)))
    z = np.linalg.solve(L, y)
    return -0.5 * np.sum(z**2) - np.sum(np.log(np.diag(L))) - 0.5 * len(y) * np.log(2 * np.pi)
