def _weights_along(weights, shape, axis):
    """Give weights of some axes, or of all, an axis for each in a shape."""
    if weights.shape == shape:
        return weights
    axes = [i % len(shape) for i in np.atleast_1d(axis)]
    return weights.reshape([n if i in axes else 1 for i, n in enumerate(shape)])
