def _dot_grad_right(d, x, y):
    """Gradient of y in np.dot(x, y), for arrays of any rank."""
    if np.ndim(x) == 0 or np.ndim(y) == 0:
        return _unbroadcast(d * x, np.shape(y))
    rows = range(np.ndim(x) - 1)
    dy = np.tensordot(x, d, axes=(rows, rows))
    return np.moveaxis(dy, 0, max(np.ndim(y) - 2, 0))
