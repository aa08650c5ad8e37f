def _lstsq_grad_right(d, a):
    """Gradient of b in np.linalg.lstsq(a, b)[0]."""
    return np.linalg.pinv(a).T @ d
