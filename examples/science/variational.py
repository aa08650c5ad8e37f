import numpy as np
from jaxtyping import Float


# codegen: wrt=mean,log_std
# codegen: example negative_elbo(np.array([0.3, -0.2]), np.array([-0.5, 0.1]), np.array([[0.2, -1.0], [1.3, 0.4], [-0.7, 0.9]]), np.array([[1.0, 0.5], [-0.3, 1.2], [0.8, -0.6], [0.1, 0.9]]), np.array([1.0, 0.0, 1.0, 1.0]))
def negative_elbo(
    mean: Float[np.ndarray, "D"],
    log_std: Float[np.ndarray, "D"],
    draws: Float[np.ndarray, "S D"],
    X: Float[np.ndarray, "N D"],
    y: Float[np.ndarray, "N"],
):
    """Black-box variational objective of a Bayesian logistic regression, with fixed draws."""
    weights = mean + np.exp(log_std) * draws
    logits = weights @ X.T
    log_likelihood = np.sum(y * logits - np.logaddexp(0.0, logits), axis=1)
    log_prior = -0.5 * np.sum(weights**2, axis=1)
    entropy = np.sum(log_std)
    return -np.mean(log_likelihood + log_prior) - entropy
