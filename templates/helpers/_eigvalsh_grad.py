def _eigvalsh_grad(d, x):
    """Gradient of x in np.linalg.eigvalsh(x)."""
    _, v = np.linalg.eigh(x)
    return _lower(v * np.expand_dims(d, -2) @ np.swapaxes(v, -1, -2))
