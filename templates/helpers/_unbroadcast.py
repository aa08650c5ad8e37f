def _unbroadcast(d, shape):
    """Sum a gradient to the shape of an operand that was broadcast."""
    d = np.broadcast_to(d, np.broadcast_shapes(np.shape(d), shape))
    d = np.sum(d, axis=tuple(range(d.ndim - len(shape))))
    axes = tuple(i for i, n in enumerate(shape) if n == 1 and d.shape[i] != 1)
    return np.sum(d, axis=axes, keepdims=True)
