def _qr_grad_r(d, q, r):
    """Gradient of x in r of q, r = np.linalg.qr(x)."""
    return _qr_grad(np.zeros_like(q), r @ np.swapaxes(d, -1, -2), q, r)
