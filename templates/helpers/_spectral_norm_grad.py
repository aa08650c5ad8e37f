def _spectral_norm_grad(x):
    """Gradient of the largest singular value of x."""
    u, _, vt = np.linalg.svd(x, full_matrices=False)
    return u[:, :1] @ vt[:1]
