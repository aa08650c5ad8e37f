def _trapezoid_grad(d, shape, dtype, x, dx, axis):
    """Gradient of y in np.trapezoid(y, x, dx, axis), for y of this shape and dtype."""
    dy = np.zeros(shape, dtype)
    rows = np.moveaxis(dy, axis, 0)
    if x is None:
        steps = dx
    elif np.ndim(x) == 1:
        steps = np.diff(x).reshape((-1,) + (1,) * (rows.ndim - 1))
    else:
        steps = np.diff(np.moveaxis(x, axis, 0), axis=0)
    rows[1:] += 0.5 * d * steps
    rows[:-1] += 0.5 * d * steps
    return dy
