def _solve_grad_right(d, a, b):
    """Gradient of b in np.linalg.solve(a, b), for stacks of matrices."""
    columns = np.expand_dims(d, -1) if np.ndim(b) == 1 else d
    solved = np.linalg.solve(np.swapaxes(a, -1, -2), columns)
    if np.ndim(b) == 1:
        solved = solved[..., 0]
    return _unbroadcast(solved, np.shape(b))
