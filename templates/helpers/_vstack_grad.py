def _vstack_grad(d, before, shape):
    """Gradient of a part of np.vstack, of this shape, behind parts of the shapes before."""
    start = sum(s[0] if len(s) > 1 else 1 for s in before)
    stop = start + (shape[0] if len(shape) > 1 else 1)
    return d[start:stop].reshape(shape).copy()
