def _svdvals_grad(d, x):
    """Gradient of x in its singular values."""
    u, _, vt = np.linalg.svd(x, full_matrices=False)
    return u * np.expand_dims(d, -2) @ vt
