def _add_outer(x, u, v):
    """Do x += np.outer(u, v), entry by entry."""
    if x.shape != (len(u), len(v)):
        x += np.outer(u, v)
        return
    for i in range(len(u)):
        for j in range(len(v)):
            x[i, j] += u[i] * v[j]
