def _interp_grad_fp(d, x, xp, dtype, left, right):
    """Gradient of fp in np.interp(x, xp, fp, left, right): both neighbours of x, by distance."""
    xp = np.asarray(xp)
    after = np.minimum(np.searchsorted(xp, x, side="right"), len(xp) - 1)
    before = np.maximum(after - 1, 0)
    step = xp[after] - xp[before]
    share = np.clip((x - xp[before]) / np.where(step > 0, step, 1), 0, 1)
    if left is not None:
        d = np.where(x < xp[0], 0, d)
    if right is not None:
        d = np.where(x > xp[-1], 0, d)
    dfp = np.zeros(len(xp), dtype)
    np.add.at(dfp, before, (1 - share) * d)
    np.add.at(dfp, after, share * d)
    return dfp
