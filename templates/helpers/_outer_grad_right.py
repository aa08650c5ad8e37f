def _outer_grad_right(d, x):
    """Gradient of y in np.multiply.outer(x, y)."""
    return np.tensordot(x, d, np.ndim(x))
