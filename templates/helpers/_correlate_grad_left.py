def _correlate_grad_left(d, size, v, mode):
    """Gradient of x in np.correlate(x, v, mode), for x of this size."""
    return np.convolve(_correlate_full(d, size, len(v), mode), v, "valid")
