def _take_along_axis_grad(d, shape, indices, axis):
    """Gradient of x in np.take_along_axis(x, indices, axis), for x of this shape."""
    dx = np.zeros(shape, d.dtype)
    if axis is None:
        np.add.at(dx.reshape(-1), indices, d)
        return dx
    places = [np.minimum(i, n - 1) for i, n in zip(np.indices(d.shape, sparse=True), shape)]
    places[axis] = indices
    np.add.at(dx, tuple(places), d)
    return dx
