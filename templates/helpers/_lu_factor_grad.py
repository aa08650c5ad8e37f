def _lu_factor_grad(d, lu, pivots):
    """Gradient of x in lu, pivots = scipy.linalg.lu_factor(x)."""
    lower, upper = np.tril(lu, -1) + np.eye(len(lu), dtype=lu.dtype), np.triu(lu)
    inner = np.tril(lower.T @ np.tril(d, -1), -1) + np.triu(np.triu(d) @ upper.T)
    dx = np.empty_like(d)
    dx[_pivoted_rows(pivots)] = np.linalg.solve(upper, np.linalg.solve(lower.T, inner).T).T
    return dx
