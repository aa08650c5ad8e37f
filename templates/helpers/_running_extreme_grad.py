def _running_extreme_grad(d, x, out, axis):
    """Gradient of x in out = np.maximum.accumulate(x, axis), or minimum: ties share equally."""
    x, out, d = (np.moveaxis(a, axis, -1) for a in (x, out, d))
    places, is_new, tied = _records(x, out)
    shares = np.add.reduceat(np.ravel(d), places) / tied.astype(d.dtype)
    # of two that are tied, the earlier gets what the later gets too
    for number in np.flatnonzero(~is_new)[::-1]:
        shares[number - 1] += shares[number]
    drows = np.zeros(d.size, d.dtype)
    drows[places] = shares
    return np.moveaxis(drows.reshape(d.shape), -1, axis)
