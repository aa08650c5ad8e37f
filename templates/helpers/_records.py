def _records(x, out):
    """Where rows are at their extreme so far: the flat places, if it is new, how many have it."""
    is_new = np.ones(x.shape, bool)
    is_new[..., 1:] = out[..., 1:] != out[..., :-1]
    places = np.flatnonzero(is_new | (x == out))
    is_new = np.ravel(is_new)[places]
    numbers = np.arange(len(places))
    return places, is_new, numbers - np.maximum.accumulate(np.where(is_new, numbers, 0)) + 1
