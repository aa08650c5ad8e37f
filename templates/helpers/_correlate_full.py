def _correlate_full(d, long, short, mode):
    """Put d, which np.correlate(x, v, mode) gives rows of these lengths, where mode="full" has it."""
    least = min(long, short)
    start = {"full": 0, "valid": least - 1, "same": (least - (long >= short)) // 2}[mode]
    full = np.zeros(long + short - 1, d.dtype)
    full[start : start + len(d)] = d
    return full
