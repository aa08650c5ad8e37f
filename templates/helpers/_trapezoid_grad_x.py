def _trapezoid_grad_x(d, y, x, axis):
    """Gradient of x in np.trapezoid(y, x, axis=axis)."""
    y = np.moveaxis(y, axis, 0)
    dsteps = 0.5 * d * (y[1:] + y[:-1])
    dx = np.zeros(np.shape(x), np.result_type(x, 1.0))
    if dx.ndim == 1:
        dsteps = np.sum(dsteps, axis=tuple(range(1, y.ndim)))
    rows = dx if dx.ndim == 1 else np.moveaxis(dx, axis, 0)
    rows[1:] += dsteps
    rows[:-1] -= dsteps
    return dx
