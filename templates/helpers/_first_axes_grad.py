def _first_axes_grad(d, shape):
    """Sum of d over all axes but the first, which have this shape."""
    return np.sum(d, axis=tuple(range(len(shape), np.ndim(d))))
