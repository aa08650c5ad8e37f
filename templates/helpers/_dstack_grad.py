def _dstack_grad(d, before, shape):
    """Gradient of a part of np.dstack, of this shape, behind parts of the shapes before."""
    start = sum(s[2] if len(s) > 2 else 1 for s in before)
    stop = start + (shape[2] if len(shape) > 2 else 1)
    return d[:, :, start:stop].reshape(shape).copy()
