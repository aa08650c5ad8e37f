def _running_extreme_grad(d, x, out, axis):
    """Gradient of x in out = np.maximum.accumulate(x, axis), or minimum: ties share equally."""
    x, out, d = (np.moveaxis(a, axis, -1) for a in (x, out, d))
    is_new = np.ones(x.shape, bool)
    is_new[..., 1:] = out[..., 1:] != out[..., :-1]
    places = np.flatnonzero(is_new | (x == out))  # entries that are the extreme so far
    is_new = np.ravel(is_new)[places]
    numbers = np.arange(len(places))
    tied = numbers - np.maximum.accumulate(np.where(is_new, numbers, 0)) + 1
    shares = np.add.reduceat(np.ravel(d), places) / tied.astype(d.dtype)
    for number in np.flatnonzero(~is_new)[::-1]:
        shares[number - 1] += shares[number]  # what the later of two gets, the earlier gets too
    drows = np.zeros(d.size, d.dtype)
    drows[places] = shares
    return np.moveaxis(drows.reshape(d.shape), -1, axis)
