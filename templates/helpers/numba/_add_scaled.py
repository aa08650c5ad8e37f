def _add_scaled(x, by, y):
    """Do x += by * y, for two vectors, in one loop."""
    if len(x) != len(y):
        x += by * y
        return
    for k in range(len(x)):
        x[k] += by * y[k]
