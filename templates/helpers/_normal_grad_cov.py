def _normal_grad_cov(d, x, mean, cov):
    """Gradient of cov in multivariate_normal.logpdf(x, mean, cov)."""
    rows = np.reshape(x - mean, (-1, len(cov)))
    solved = np.linalg.solve(cov, rows.T)
    weights = np.reshape(d, -1)
    dcov = (solved * weights @ solved.T - np.sum(weights) * np.linalg.inv(cov)) / 2
    return np.asarray(_lower(dcov), np.result_type(cov, 1.0))
