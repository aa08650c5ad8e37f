import math


def elu(x, alpha):
    """Exponential linear unit."""
    if x > 0:
        y = x
    else:
        y = alpha * (math.exp(x) - 1)
    return y
