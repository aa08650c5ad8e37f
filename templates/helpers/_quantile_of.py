def _quantile_of(y, x, q, axis):
    """The entries of y where np.quantile(x, q, axis) reads x, in the same shares."""
    rows = np.ravel(x) if axis is None else np.moveaxis(x, axis, -1)
    y = np.ravel(y) if axis is None else np.moveaxis(y, axis, -1)
    place = q * (rows.shape[-1] - 1)
    low = int(place)
    order = np.argsort(rows, axis=-1, kind="stable")
    ranked = np.take_along_axis(y, order[..., low : int(np.ceil(place)) + 1], -1)
    return (low + 1 - place) * ranked[..., 0] + (place - low) * ranked[..., -1]
