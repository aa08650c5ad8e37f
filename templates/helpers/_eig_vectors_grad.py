def _eig_vectors_grad(d, w, v):
    """Gradient of x in the eigenvectors, of length 1, of w, v = np.linalg.eig(x)."""
    gaps, vt = _distinct(w), np.swapaxes(v, -1, -2)
    d = d - v * np.sum(v * d, axis=-2, keepdims=True)
    return np.linalg.solve(vt, gaps * (vt @ d)) @ vt
