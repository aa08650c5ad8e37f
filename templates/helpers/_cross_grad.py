def _cross_grad(left, right, shape, axes):
    """Gradient of an operand of np.cross: a cross product, summed to its shape."""
    own = axes[0] % len(shape)
    d = np.linalg.cross(np.moveaxis(left, axes[1], -1), np.moveaxis(right, axes[2], -1))
    d = _unbroadcast(d, (*shape[:own], *shape[own + 1 :], shape[own]))
    return np.moveaxis(d, -1, own)
