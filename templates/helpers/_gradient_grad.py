def _gradient_grad(d, shape, x, axis, edge_order):
    """Gradient of y in np.gradient(y, x, axis=axis, edge_order=edge_order), y of this shape."""
    dy = np.zeros(shape, d.dtype)
    rows, d = np.moveaxis(dy, axis, 0), np.moveaxis(d, axis, 0)
    steps = np.diff(x) if np.ndim(x) else np.full(len(d) - 1, x)
    steps = steps.reshape((-1,) + (1,) * (d.ndim - 1))
    dslopes = _gradient_slopes(d, steps[:-1] / (steps[:-1] + steps[1:]), edge_order)
    rows[1:] += dslopes / steps
    rows[:-1] -= dslopes / steps
    return dy
