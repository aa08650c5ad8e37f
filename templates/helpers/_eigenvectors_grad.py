def _eigenvectors_grad(d, w, v):
    """Gradient of x in the eigenvectors of w, v = np.linalg.eigh(x)."""
    vt = np.swapaxes(v, -1, -2)
    return _lower(v @ (_gaps(w) * (vt @ d)) @ vt)
