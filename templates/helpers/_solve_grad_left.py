def _solve_grad_left(d, a, b, x):
    """Gradient of a in x = np.linalg.solve(a, b), for stacks of matrices."""
    if np.ndim(b) == 1:
        d, x = np.expand_dims(d, -1), np.expand_dims(x, -1)
    solved = np.linalg.solve(np.swapaxes(a, -1, -2), d)
    return _unbroadcast(-solved @ np.swapaxes(x, -1, -2), np.shape(a))
