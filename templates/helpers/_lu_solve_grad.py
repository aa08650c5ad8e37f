def _lu_solve_grad(solved, x, lu, pivots):
    """Gradient of lu in x = scipy.linalg.lu_solve((lu, pivots), b), where solved is that of b."""
    lower, upper = np.tril(lu, -1) + np.eye(len(lu), dtype=lu.dtype), np.triu(lu)
    rows = solved[_pivoted_rows(pivots)]
    dlower = np.tril(_columns_product(rows, upper @ x), -1)
    return -dlower - np.triu(_columns_product(lower.T @ rows, x))
