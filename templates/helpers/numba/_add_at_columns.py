def _add_at_columns(d, index, value):
    """Add to the columns of d that index names, also where it names one twice."""
    values = np.broadcast_to(value, d.shape[:1] + index.shape + d.shape[2:])
    for row in range(len(d)):
        for place in np.ndindex(index.shape):
            d[row, index[place]] += values[row][place]
