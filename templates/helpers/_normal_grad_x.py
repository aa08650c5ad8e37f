def _normal_grad_x(d, x, mean, cov):
    """Gradient of x in multivariate_normal.logpdf(x, mean, cov)."""
    rows = np.reshape(x - mean, (-1, len(cov)))
    dx = -np.reshape(d, (-1, 1)) * np.linalg.solve(cov, rows.T).T
    return np.asarray(np.reshape(dx, np.shape(x)), np.result_type(x, 1.0))
