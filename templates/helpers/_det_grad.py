def _det_grad(d, det, x):
    """Gradient of x in its determinants: the transposed adjugate, which singular matrices have."""
    if np.all(det):
        return np.expand_dims(d * det, (-2, -1)) * np.swapaxes(np.linalg.inv(x), -1, -2)
    u, s, vt = np.linalg.svd(x)
    rest = np.where(np.eye(s.shape[-1], dtype=bool), 1, np.expand_dims(s, -2)).prod(axis=-1)
    sign = np.linalg.det(u) * np.linalg.det(vt)
    return np.expand_dims(d * sign, (-2, -1)) * ((u * np.expand_dims(rest, -2)) @ vt)
