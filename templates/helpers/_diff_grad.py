def _diff_grad(d, shape, axis):
    """Gradient of x in np.diff(x, axis=axis), for x of this shape."""
    dx = np.zeros(shape, d.dtype)
    rows, d = np.moveaxis(dx, axis, 0), np.moveaxis(d, axis, 0)
    rows[1:] += d
    rows[:-1] -= d
    return dx
