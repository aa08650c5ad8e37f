def _multigammaln_grad(d, a, n):
    """Gradient of a in scipy.special.multigammaln(a, n)."""
    slope = np.sum(digamma(np.expand_dims(a, -1) - np.arange(n) / 2), axis=-1)
    return np.asarray(d * slope, np.result_type(a, 1.0))
