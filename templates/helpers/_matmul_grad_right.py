def _matmul_grad_right(d, x, y):
    """Gradient of y in x @ y, for arrays of any rank."""
    if np.ndim(y) == 1:
        dy = np.expand_dims(d, -1) * x
    elif np.ndim(x) == 1:
        dy = np.expand_dims(x, -1) * np.expand_dims(d, -2)
    else:
        dy = np.swapaxes(x, -1, -2) @ d
    return _unbroadcast(dy, np.shape(y))
