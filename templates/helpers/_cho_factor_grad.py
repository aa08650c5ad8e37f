def _cho_factor_grad(d, c, lower):
    """Gradient of x in c, lower = scipy.linalg.cho_factor(x)."""
    if lower:
        dx = _cholesky_grad(np.tril(d), np.tril(c)) + np.triu(d, 1)
    else:
        dx = _cholesky_grad(np.triu(d).T, np.triu(c).T).T + np.tril(d, -1)
    return dx
