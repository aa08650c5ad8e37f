def _eig_values_grad(d, w, v):
    """Gradient of x in the eigenvalues of w, v = np.linalg.eig(x)."""
    _distinct(w)
    vt = np.swapaxes(v, -1, -2)
    return np.linalg.solve(vt, np.expand_dims(d, -1) * vt)
