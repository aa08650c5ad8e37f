def _expm_grad(d, x):
    """Gradient of x in scipy.linalg.expm(x)."""
    return np.asarray(expm_frechet(x.T, d, compute_expm=False), np.result_type(d, 1.0))
