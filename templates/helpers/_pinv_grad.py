def _pinv_grad(d, x, p):
    """Gradient of x in p = np.linalg.pinv(x), where the rank of x does not change."""
    dt, pt = np.swapaxes(d, -1, -2), np.swapaxes(p, -1, -2)
    left = dt - x @ (p @ dt)
    right = dt - (dt @ p) @ x
    return left @ p @ pt + pt @ p @ right - pt @ d @ pt
