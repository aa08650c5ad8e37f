def _inv_grad(d, inverse):
    """Gradient of x in inverse = np.linalg.inv(x), for stacks of matrices."""
    transposed = np.swapaxes(inverse, -1, -2)
    return -transposed @ d @ transposed
