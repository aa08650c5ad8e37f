def _outer_grad_left(d, y):
    """Gradient of x in np.multiply.outer(x, y)."""
    return np.tensordot(d, y, np.ndim(y))
