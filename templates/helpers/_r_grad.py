def _r_grad(d, before, shape):
    """Gradient of a part of np.r_[...], of this shape, behind parts of the shapes before."""
    start = sum(s[0] if s else 1 for s in before)
    stop = start + (shape[0] if shape else 1)
    return d[start:stop].reshape(shape).copy()
