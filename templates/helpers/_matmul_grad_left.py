def _matmul_grad_left(d, x, y):
    """Gradient of x in x @ y, for arrays of any rank."""
    if np.ndim(y) == 1:
        dx = np.expand_dims(d, -1) * y
    elif np.ndim(x) == 1:
        dx = np.sum(y * np.expand_dims(d, -2), axis=-1)
    else:
        dx = d @ np.swapaxes(y, -1, -2)
    return _unbroadcast(dx, np.shape(x))
