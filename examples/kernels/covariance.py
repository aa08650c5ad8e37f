import numpy as np
from jaxtyping import Float

Array = np.ndarray


def covariance(data: Float[Array, "N M"]):
    """The covariance matrix of the columns."""
    N, M = data.shape
    mean = np.mean(data, axis=0)
    data -= mean
    cov = np.zeros((M, M))
    for i in range(M):
        cov[i, i:M] = data[:, i] @ data[:, i:M] / (N - 1.0)
        cov[i:M, i] = cov[i, i:M]
    return cov
