def _cholesky_grad_upper(d, c):
    """Gradient of x in c = scipy.linalg.cholesky(x), of which the upper triangle is read."""
    return _cholesky_grad(d.T, c.T).T
