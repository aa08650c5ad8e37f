def _cholesky_grad(d, c):
    """Gradient of x in c = np.linalg.cholesky(x)."""
    ct = np.swapaxes(c, -1, -2)
    phi = np.tril(ct @ d)
    phi = phi - np.tril(np.triu(phi)) / 2
    half = np.linalg.solve(ct, np.swapaxes(phi, -1, -2))
    return _lower(np.linalg.solve(ct, np.swapaxes(half, -1, -2)))
