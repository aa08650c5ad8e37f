def _tensordot_grad_left(d, x, y, axes):
    """Gradient of x in np.tensordot(x, y, axes), for arrays of any rank."""
    n, m = np.ndim(x), np.ndim(y)
    own, other = (range(n - axes, n), range(axes)) if np.ndim(axes) == 0 else axes
    own = [axis % n for axis in np.atleast_1d(own)]
    other = [axis % m for axis in np.atleast_1d(other)]
    kept = [axis for axis in range(n) if axis not in own]
    rest = [axis for axis in range(m) if axis not in other]
    dx = np.tensordot(d, y, axes=(range(len(kept), np.ndim(d)), rest))
    order = kept + [own[other.index(axis)] for axis in sorted(other)]
    return np.transpose(dx, np.argsort(order))
