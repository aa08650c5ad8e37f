def _average_grad_weights(d, distance, weights, axis):
    """Gradient of the weights of np.average, from the distances from the average."""
    along = _weights_along(weights, distance.shape, axis)
    total = np.sum(along, axis=axis, keepdims=True)
    return _unbroadcast(d * distance / total, along.shape).reshape(weights.shape)
