def _cumprod_grad(d, x, axis):
    """Gradient of x in np.cumprod(x, axis), without a division: x may have zeros."""
    rows = np.ravel(x) if axis is None else np.moveaxis(x, axis, 0)
    d = d if axis is None else np.moveaxis(d, axis, 0)
    rows = np.asarray(rows, np.result_type(x, 1.0))
    before = np.concatenate([np.ones_like(rows[:1]), np.cumprod(rows[:-1], axis=0)])
    behind = np.array(d, rows.dtype)
    for i in range(len(rows) - 2, -1, -1):
        behind[i] += rows[i + 1] * behind[i + 1]
    drows = before * behind
    return drows.reshape(np.shape(x)) if axis is None else np.moveaxis(drows, 0, axis)
