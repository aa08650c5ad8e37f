def _pivoted_rows(pivots):
    """The order of rows that the pivots of scipy.linalg.lu_factor give."""
    rows = np.arange(len(pivots))
    for i, j in enumerate(pivots):
        rows[[i, j]] = rows[[j, i]]
    return rows
