def _add_at_pairs(d, first, second, value):
    """Add to the entries of d that two indices name, also where they name one twice."""
    shape = np.broadcast_shapes(np.shape(first), np.shape(second))
    firsts, seconds = np.broadcast_to(first, shape), np.broadcast_to(second, shape)
    values = np.broadcast_to(value, shape + d.shape[2:])
    for place in np.ndindex(shape):
        d[firsts[place], seconds[place]] += values[place]
