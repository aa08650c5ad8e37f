def _gaps(values):
    """The reciprocals of the differences between values, 0 on the diagonal."""
    gaps = np.expand_dims(values, -2) - np.expand_dims(values, -1)
    diagonal = np.eye(values.shape[-1], dtype=bool)
    least = np.finfo(values.dtype).eps * np.max(np.abs(values), initial=0)
    if np.any((np.abs(gaps) <= least) & ~diagonal):
        raise np.linalg.LinAlgError("the vectors of repeated values have no gradient")
    return ~diagonal / (gaps + diagonal)
