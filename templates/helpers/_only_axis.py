def _only_axis(shape):
    """The axis of np.gradient where none is named, which is right for a row only."""
    if len(shape) != 1:
        raise ValueError("np.gradient of several axes has no gradient: name the axis")
    return 0
