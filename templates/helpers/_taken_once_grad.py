def _taken_once_grad(d, shape, indices, axis):
    """Gradient of x in np.take_along_axis(x, indices, axis), which takes no entry twice."""
    dx = np.zeros(shape, d.dtype)
    np.put_along_axis(dx, indices, d, axis)
    return dx
