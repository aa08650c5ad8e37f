def _gradient_grad_x(d, y, x, axis, edge_order):
    """Gradient of x in np.gradient(y, x, axis=axis, edge_order=edge_order)."""
    y, d = np.moveaxis(y, axis, 0), np.moveaxis(d, axis, 0)
    if np.ndim(x) == 0:
        return -np.sum(d * np.gradient(y, x, axis=0, edge_order=edge_order)) / x
    steps = np.diff(x).reshape((-1,) + (1,) * (d.ndim - 1))
    both = steps[:-1] + steps[1:]
    before = steps[:-1] / both
    slopes = np.diff(y, axis=0) / steps
    dbefore = np.diff(slopes, axis=0) * d[1:-1]
    if edge_order == 2:
        dbefore[0] -= (slopes[1] - slopes[0]) * d[0]
        dbefore[-1] -= (slopes[-1] - slopes[-2]) * d[-1]
    dsteps = -slopes / steps * _gradient_slopes(d, before, edge_order)
    dsteps[:-1] += (1 - before) / both * dbefore
    dsteps[1:] -= before / both * dbefore
    dsteps = np.sum(dsteps, axis=tuple(range(1, d.ndim)))
    dx = np.zeros(x.shape, np.result_type(x, 1.0))
    dx[1:] += dsteps
    dx[:-1] -= dsteps
    return dx
