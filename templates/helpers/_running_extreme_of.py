def _running_extreme_of(y, x, out, axis):
    """The entries of y where out = np.maximum.accumulate(x, axis) reads x; the mean where tied."""
    x, out, y = (np.moveaxis(a, axis, -1) for a in (x, out, y))
    places, is_new, tied = _records(x, out)
    sums = np.ravel(y)[places]
    for number in np.flatnonzero(~is_new):
        sums[number] += sums[number - 1]
    means = sums / tied.astype(y.dtype)
    return np.moveaxis(np.repeat(means, np.diff(places, append=y.size)).reshape(y.shape), -1, axis)
