def _interp_grad_xp(d, x, xp, fp):
    """Gradient of xp in np.interp(x, xp, fp): a knot that moves takes its slope along."""
    slope = _interp_grad_x(d, x, xp, fp)
    return -_interp_grad_fp(slope, x, xp, np.result_type(xp, 1.0), None, None)
