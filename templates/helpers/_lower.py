def _lower(d):
    """Collect the gradient of a symmetric matrix in its lower triangle, which is what is read."""
    return np.tril(d + np.swapaxes(d, -1, -2)) - np.tril(np.triu(d))
