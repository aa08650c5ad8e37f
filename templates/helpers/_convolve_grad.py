def _convolve_grad(d, y, size, mode):
    """Gradient of x in np.convolve(x, y, mode), for x of this size."""
    short = min(size, len(y))
    start = (short - 1) // 2 if mode == "same" else short - 1
    full = np.zeros(size + len(y) - 1, d.dtype)
    full[start : start + len(d)] = d
    return np.correlate(full, y, "valid")
