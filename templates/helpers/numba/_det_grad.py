def _det_grad(d, det, x):
    """Gradient of x in its determinant: the transposed adjugate, which a singular x has."""
    if det != 0:
        return d * det * np.ascontiguousarray(np.linalg.inv(x).T)
    u, s, vt = np.linalg.svd(x)
    rest = np.ones_like(s)
    for i in range(len(s)):
        for j in range(len(s)):
            if j != i:
                rest[i] *= s[j]
    sign = np.linalg.det(u) * np.linalg.det(vt)
    return d * sign * ((u * rest) @ vt)
