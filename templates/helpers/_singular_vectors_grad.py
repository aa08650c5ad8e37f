def _singular_vectors_grad(d, u, s, vt):
    """Gradient of x in u of u, s, vt = np.linalg.svd(x, full_matrices=False)."""
    if u.shape[-1] != vt.shape[-2]:
        raise ValueError("singular vectors have a gradient with full_matrices=False only")
    ut = np.swapaxes(u, -1, -2)
    inner = ut @ d
    turned = _gaps(s * s) * (inner - np.swapaxes(inner, -1, -2))
    outside = d - u @ inner
    scaled = u @ (turned * np.expand_dims(s, -2))
    if u.shape[-2] > u.shape[-1]:
        scaled = scaled + outside / np.expand_dims(s, -2)
    return scaled @ vt
