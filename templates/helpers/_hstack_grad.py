def _hstack_grad(d, before, shape):
    """Gradient of a part of np.hstack, of this shape, behind parts of the shapes before."""
    axis = min(d.ndim, 2) - 1
    start = sum(s[axis] if s else 1 for s in before)
    stop = start + (shape[axis] if shape else 1)
    index = (slice(None),) * axis + (slice(start, stop),)
    return d[index].reshape(shape).copy()
