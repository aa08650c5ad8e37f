def _unbroadcast(d, shape):
    """Sum a gradient to the shape of an operand that was broadcast."""
    if d.shape == shape:
        return d
    d = np.sum(d, axis=tuple(range(d.ndim - len(shape))))
    axes = tuple(i for i, n in enumerate(shape) if n == 1 and d.shape[i] != 1)
    return np.sum(d, axis=axes, keepdims=True)
