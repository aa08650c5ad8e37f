def _one_row(p):
    """Return the coefficients of one polynomial."""
    if np.ndim(p) != 1:
        raise ValueError("the coefficients of np.polyval must stand in one row")
    return p
