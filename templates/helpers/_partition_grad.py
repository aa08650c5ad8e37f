def _partition_grad(d, x, out, axis):
    """Gradient of x in out = np.partition(x, kth, axis): both in stable order, entry by entry."""
    rows = np.ravel(x) if axis is None else x
    along = -1 if axis is None else axis
    order = np.argsort(out, axis=along, kind="stable")
    dx = np.zeros(rows.shape, d.dtype)
    ranked = np.take_along_axis(d, order, along)
    np.put_along_axis(dx, np.argsort(rows, axis=along, kind="stable"), ranked, along)
    return dx.reshape(x.shape)
