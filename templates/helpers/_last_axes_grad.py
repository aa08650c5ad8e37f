def _last_axes_grad(d, shape):
    """Sum of d over all axes but the last, which have this shape."""
    return np.sum(d, axis=tuple(range(np.ndim(d) - len(shape))))
