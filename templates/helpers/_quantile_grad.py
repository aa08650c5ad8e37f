def _quantile_grad(d, x, q, axis):
    """Gradient of x in np.quantile(x, q, axis): its neighbours in stable order share."""
    x = np.asarray(x)
    rows = np.ravel(x) if axis is None else np.moveaxis(x, axis, -1)
    place = q * (rows.shape[-1] - 1)
    low = int(place)
    order = np.argsort(rows, axis=-1, kind="stable")
    d = np.reshape(d, rows.shape[:-1] + (1,))
    drows = np.zeros(rows.shape, np.result_type(x, 1.0))
    np.put_along_axis(drows, order[..., low : low + 1], (low + 1 - place) * d, -1)
    if place > low:
        np.put_along_axis(drows, order[..., low + 1 : low + 2], (place - low) * d, -1)
    return drows.reshape(x.shape) if axis is None else np.moveaxis(drows, -1, axis)
