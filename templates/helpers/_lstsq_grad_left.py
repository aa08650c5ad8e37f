def _lstsq_grad_left(d, a, b, x):
    """Gradient of a in x = np.linalg.lstsq(a, b)[0], where the rank of a does not change."""
    if b.ndim == 1:
        d, b, x = d[:, np.newaxis], b[:, np.newaxis], x[:, np.newaxis]
    p = np.linalg.pinv(a)
    solved = p.T @ d
    da = (b - a @ x) @ (p @ solved).T - solved @ x.T
    return da + p.T @ x @ (d - a.T @ solved).T
