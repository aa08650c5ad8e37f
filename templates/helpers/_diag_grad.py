def _diag_grad(d, shape, k):
    """Gradient of v in np.diag(v, k), for v of this shape."""
    if len(shape) == 1:
        return np.diag(d, k).copy()
    dv = np.zeros(shape, d.dtype)
    dv[np.eye(*shape, k=k, dtype=bool)] = d
    return dv
