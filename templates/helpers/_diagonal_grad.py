def _diagonal_grad(d, shape, offset, axis1, axis2):
    """Gradient of x in np.diagonal(x, offset, axis1, axis2), for x of this shape."""
    dx = np.zeros(shape, d.dtype)
    row = np.arange(d.shape[-1]) - min(offset, 0)
    column = np.arange(d.shape[-1]) + max(offset, 0)
    np.moveaxis(dx, (axis1, axis2), (-2, -1))[..., row, column] = d
    return dx
