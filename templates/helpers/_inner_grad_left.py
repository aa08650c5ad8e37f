def _inner_grad_left(d, x, y):
    """Gradient of x in np.inner(x, y), for arrays of any rank."""
    if np.ndim(x) == 0 or np.ndim(y) == 0:
        return _unbroadcast(d * y, np.shape(x))
    return np.tensordot(d, y, axes=np.ndim(y) - 1)
