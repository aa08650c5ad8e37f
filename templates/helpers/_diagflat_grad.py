def _diagflat_grad(d, shape, k):
    """Gradient of v in np.diagflat(v, k), for v of this shape."""
    return np.diag(d, k).reshape(shape).copy()
