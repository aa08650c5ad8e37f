def _qr_grad_q(d, q, r):
    """Gradient of x in q of q, r = np.linalg.qr(x)."""
    return _qr_grad(d, -np.swapaxes(d, -1, -2) @ q, q, r)
