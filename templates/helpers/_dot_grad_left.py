def _dot_grad_left(d, x, y):
    """Gradient of x in np.dot(x, y), for arrays of any rank."""
    if np.ndim(x) == 0 or np.ndim(y) == 0:
        return _unbroadcast(d * y, np.shape(x))
    if np.ndim(y) == 1:
        return np.expand_dims(d, -1) * y
    columns = [axis for axis in range(np.ndim(y)) if axis != np.ndim(y) - 2]
    last = range(np.ndim(d) - len(columns), np.ndim(d))
    return np.tensordot(d, y, axes=(list(last), columns))
