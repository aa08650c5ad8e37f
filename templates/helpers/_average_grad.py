def _average_grad(d, a, weights, axis):
    """Gradient of a in np.average(a, axis, weights), from a cotangent that broadcasts to it."""
    weights = _weights_along(weights, a.shape, axis)
    return d * weights / np.sum(weights, axis=axis, keepdims=True)
