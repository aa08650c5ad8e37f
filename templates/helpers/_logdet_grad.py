def _logdet_grad(d, x):
    """Gradient of x in the log-determinants of stacks of matrices."""
    return np.expand_dims(d, (-2, -1)) * np.swapaxes(np.linalg.inv(x), -1, -2)
