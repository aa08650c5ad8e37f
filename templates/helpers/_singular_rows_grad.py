def _singular_rows_grad(d, u, s, vt):
    """Gradient of x in vt of u, s, vt = np.linalg.svd(x, full_matrices=False)."""
    dt, v, ut = (np.swapaxes(part, -1, -2) for part in (d, vt, u))
    return np.swapaxes(_singular_vectors_grad(dt, v, s, ut), -1, -2)
