def _singular_values_grad(d, u, vt):
    """Gradient of x in the singular values of u, s, vt = np.linalg.svd(x)."""
    count = np.shape(d)[-1]
    return u[..., :count] * np.expand_dims(d, -2) @ vt[..., :count, :]
