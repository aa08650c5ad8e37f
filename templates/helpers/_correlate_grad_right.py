def _correlate_grad_right(d, x, size, mode):
    """Gradient of v in np.correlate(x, v, mode), for v of this size."""
    return np.correlate(_correlate_full(d, len(x), size, mode), x, "valid")[::-1]
