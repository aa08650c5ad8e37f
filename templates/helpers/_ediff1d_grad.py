def _ediff1d_grad(d, shape):
    """Gradient of x in np.ediff1d(x), for x of this shape."""
    dx = np.zeros(np.prod(shape, dtype=int), d.dtype)
    dx[1:] += d
    dx[:-1] -= d
    return dx.reshape(shape)
