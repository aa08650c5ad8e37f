import numpy as np
from jaxtyping import Float
from scipy.special import logsumexp


# codegen: example log_posterior(np.array([0.1, -0.3]), np.array([[0.2, 1.0], [-0.5, 0.3]]), np.array([[[1.0, 0.0], [0.3, 0.8]], [[0.7, 0.0], [-0.2, 1.1]]]), np.array([[0.1, 0.4], [1.2, -0.3], [-0.8, 0.5]]), 0.5, 3)
# codegen: wrt=alphas,means,Ls
def log_posterior(
    alphas: Float[np.ndarray, "K"],
    means: Float[np.ndarray, "K D"],
    Ls: Float[np.ndarray, "K D D"],
    X: Float[np.ndarray, "N D"],
    gamma: float,
    m: int,
):
    """Gaussian mixture with precision factors Ls and a Wishart prior (log-sum-exp over K)."""
    centered = X[:, None, :] - means[None, :, :]
    z = np.sum(Ls * centered[:, :, None, :], axis=3)
    logdets = np.linalg.slogdet(Ls)[1]
    terms = alphas + logdets - 0.5 * np.sum(z**2, axis=2)
    prior = np.sum(m * logdets - 0.5 * gamma**2 * np.sum(Ls**2, axis=(1, 2)))
    return np.sum(logsumexp(terms, axis=1)) - len(X) * logsumexp(alphas) + prior
