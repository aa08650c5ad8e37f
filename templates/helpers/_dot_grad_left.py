def _dot_grad_left(d, x, y):
    """Gradient of x in np.dot(x, y), for arrays of any rank."""
    if np.ndim(x) == 0 or np.ndim(y) == 0:
        return _unbroadcast(d * y, np.shape(x))
    if np.ndim(y) == 1:
        return np.expand_dims(d, -1) * y
    return np.tensordot(d, np.swapaxes(y, -1, -2), axes=np.ndim(y) - 1)
