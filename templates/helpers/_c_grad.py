def _c_grad(d, before, shape):
    """Gradient of a part of np.c_[...], of this shape, behind parts of the shapes before."""
    start = sum(s[-1] if len(s) > 1 else 1 for s in before)
    stop = start + (shape[-1] if len(shape) > 1 else 1)
    return d[..., start:stop].reshape(shape).copy()
