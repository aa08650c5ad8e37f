def _add_at(d, index, value):
    """Add to the entries of d that index names, also where it names one twice."""
    values = np.broadcast_to(value, index.shape + d.shape[1:])
    for place in np.ndindex(index.shape):
        d[index[place]] += values[place]
