def _norm_grad(x, ord):
    """Gradient of x in np.linalg.norm(x, ord), for a row or a matrix."""
    if np.ndim(x) == 2:
        if ord != 2:
            raise ValueError(f"the norm of a matrix with ord={ord} has no gradient rule")
        u, _, vt = np.linalg.svd(x, full_matrices=False)
        return u[:, :1] @ vt[:1]
    norm = np.linalg.norm(x, ord)
    if np.isinf(ord):
        at_end = np.abs(x) == norm
        return np.sign(x) * at_end / np.sum(at_end, dtype=norm.dtype)
    return np.sign(x) * (np.abs(x) / (norm + (norm == 0))) ** (ord - 1)
