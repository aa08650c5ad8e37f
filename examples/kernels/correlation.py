import numpy as np
from jaxtyping import Float

Array = np.ndarray


def correlation(data: Float[Array, "N M"]):
    """The correlation matrix of the columns."""
    N, M = data.shape
    mean = np.mean(data, axis=0)
    stddev = np.std(data, axis=0)
    stddev[stddev <= 0.1] = 1.0
    data -= mean
    data /= np.sqrt(N) * stddev
    corr = np.eye(M)
    for i in range(M - 1):
        corr[i, i + 1 :] = data[:, i] @ data[:, i + 1 :]
        corr[i + 1 :, i] = corr[i, i + 1 :]
    return corr
