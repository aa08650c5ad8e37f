def _cov_grad(d, m, y, rowvar, ddof, part):
    """Gradient of m or y (part 0 or 1) in np.cov(m, y)."""
    x = m if part == 0 else y
    given = [one for one in (m, y) if one is not None]
    given = [np.atleast_2d(one if rowvar or one.ndim == 1 else one.T) for one in given]
    rows = np.concatenate(given)
    rows = rows - np.mean(rows, axis=1, keepdims=True)
    d = np.atleast_2d(d)
    drows = (d + d.T) @ rows / (rows.shape[1] - ddof)
    dx = drows[: len(given[0])] if part == 0 else drows[len(given[0]) :]
    return dx.reshape(x.shape) if rowvar or x.ndim == 1 else dx.T
