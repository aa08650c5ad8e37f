def _repeat_grad(d, shape, repeats, axis):
    """Gradient of x in np.repeat(x, repeats, axis), for x of this shape."""
    places = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    dx = np.zeros(places.size, d.dtype)
    np.add.at(dx, np.repeat(places, repeats, axis), d)
    return dx.reshape(shape)
