def _qr_grad(dq, lower, q, r):
    """Gradient of x in q, r = np.linalg.qr(x), from the lower triangle of a symmetric matrix."""
    if r.size == 0:
        return q @ r
    if r.shape[-2] != r.shape[-1]:
        raise ValueError("np.linalg.qr of a wide matrix has no gradient: take its first columns")
    symmetric = np.tril(lower) + np.swapaxes(np.tril(lower, -1), -1, -2)
    columns = np.swapaxes(dq + q @ symmetric, -1, -2)
    return np.swapaxes(np.linalg.solve(r, columns), -1, -2)
