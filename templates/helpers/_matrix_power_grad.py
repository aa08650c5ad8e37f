def _matrix_power_grad(d, x, n):
    """Gradient of x in np.linalg.matrix_power(x, n)."""
    if n < 0:
        inverse = np.linalg.inv(x)
        transposed = np.swapaxes(inverse, -1, -2)
        return -transposed @ _matrix_power_grad(d, inverse, -n) @ transposed
    transposed = np.swapaxes(x, -1, -2)
    dx = np.zeros_like(d)
    for _ in range(n):
        dx = transposed @ dx + d
        d = d @ transposed
    return dx
