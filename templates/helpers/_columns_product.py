def _columns_product(x, y):
    """The product x @ y.T of matrices; np.outer(x, y) of rows."""
    return np.outer(x, y) if np.ndim(x) == 1 else x @ y.T
