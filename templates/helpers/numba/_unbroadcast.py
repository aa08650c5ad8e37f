def _unbroadcast(d, shape):
    """Sum a gradient to the shape of an operand that was broadcast."""
    d = np.broadcast_to(d, np.broadcast_shapes(np.shape(d), shape))
    total = np.zeros(shape, d.dtype)
    entries = total.reshape(-1)
    for place in np.ndindex(d.shape):
        at = 0
        for axis in range(len(shape)):
            size = shape[axis]
            at = at * size + (place[len(place) - len(shape) + axis] if size != 1 else 0)
        entries[at] += d[place]
    return total
