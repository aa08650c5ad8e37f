def _cho_solve_grad(solved, x, c, lower):
    """Gradient of c in x = scipy.linalg.cho_solve((c, lower), b), where solved is that of b."""
    product = _columns_product(solved, x)
    symmetric = product + product.T
    if lower:
        return -np.tril(symmetric @ np.tril(c))
    return -np.triu(np.triu(c) @ symmetric)
