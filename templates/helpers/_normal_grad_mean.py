def _normal_grad_mean(d, x, mean, cov):
    """Gradient of mean in multivariate_normal.logpdf(x, mean, cov)."""
    rows = np.reshape(x - mean, (-1, len(cov)))
    dmean = np.linalg.solve(cov, np.reshape(d, -1) @ rows)
    return np.asarray(_unbroadcast(dmean, np.shape(mean)), np.result_type(mean, 1.0))
