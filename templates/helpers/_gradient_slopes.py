def _gradient_slopes(d, before, edge_order):
    """Gradient of the slopes of steps, of which np.gradient takes means.

    before: which share of two steps is the first; the slope between them has that of the second.
    """
    dslopes = np.zeros((len(d) - 1, *d.shape[1:]), d.dtype)
    dslopes[:-1] += (1 - before) * d[1:-1]
    dslopes[1:] += before * d[1:-1]
    dslopes[0] += d[0]
    dslopes[-1] += d[-1]
    if edge_order == 2:
        dslopes[:2] += np.stack([before[0] * d[0], -before[0] * d[0]])
        dslopes[-2:] += np.stack([(before[-1] - 1) * d[-1], (1 - before[-1]) * d[-1]])
    return dslopes
