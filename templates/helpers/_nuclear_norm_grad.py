def _nuclear_norm_grad(x):
    """Gradient of the sum of the singular values of x."""
    u, _, vt = np.linalg.svd(x, full_matrices=False)
    return u @ vt
