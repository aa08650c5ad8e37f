def _tensordot_grad_right(d, x, y, axes):
    """Gradient of y in np.tensordot(x, y, axes), for arrays of any rank."""
    n, m = np.ndim(x), np.ndim(y)
    own, other = (range(n - axes, n), range(axes)) if np.ndim(axes) == 0 else axes
    own = [axis % n for axis in np.atleast_1d(own)]
    other = [axis % m for axis in np.atleast_1d(other)]
    kept = [axis for axis in range(n) if axis not in own]
    rest = [axis for axis in range(m) if axis not in other]
    dy = np.tensordot(x, d, axes=(kept, range(len(kept))))
    order = [other[own.index(axis)] for axis in sorted(own)] + rest
    return np.transpose(dy, np.argsort(order))
