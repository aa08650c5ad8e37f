def _eigenvalues_grad(d, v):
    """Gradient of x in the eigenvalues of np.linalg.eigh(x), whose eigenvectors are v."""
    return _lower(v * np.expand_dims(d, -2) @ np.swapaxes(v, -1, -2))
