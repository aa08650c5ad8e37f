def _interp_grad_x(d, x, xp, fp):
    """Gradient of x in np.interp(x, xp, fp): the slope to the right of a knot, 0 outside."""
    slopes = np.pad(np.diff(fp) / np.diff(xp), 1)
    dx = d * slopes[np.searchsorted(xp, x, side="right")]
    return dx.astype(np.result_type(x, 1.0))
