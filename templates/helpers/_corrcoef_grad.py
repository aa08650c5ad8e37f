def _corrcoef_grad(d, x, y, rowvar, part):
    """Gradient of x or y (part 0 or 1) in np.corrcoef(x, y)."""
    own = x if part == 0 else y
    given = [one for one in (x, y) if one is not None]
    given = [np.atleast_2d(one if rowvar or one.ndim == 1 else one.T) for one in given]
    rows = np.concatenate(given)
    rows = rows - np.mean(rows, axis=1, keepdims=True)
    length = np.sqrt(np.sum(rows**2, axis=1, keepdims=True))
    unit = rows / length
    d = np.atleast_2d(d)
    dunit = (d + d.T) @ unit
    drows = (dunit - np.sum(unit * dunit, axis=1, keepdims=True) * unit) / length
    dx = drows[: len(given[0])] if part == 0 else drows[len(given[0]) :]
    return dx.reshape(own.shape) if rowvar or own.ndim == 1 else dx.T
