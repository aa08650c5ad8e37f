def _eigvals_grad(d, w, x):
    """Gradient of x in w = np.linalg.eigvals(x)."""
    _distinct(w)
    vt = np.swapaxes(np.linalg.eig(x)[1], -1, -2)
    return np.linalg.solve(vt, np.expand_dims(d, -1) * vt)
