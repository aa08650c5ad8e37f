import numpy as np
from jaxtyping import Float


# codegen: example power(1.1, 13)
# codegen: example power(1.1, 0)
def power(x: float, n: int) -> float:
    """x**n by squaring."""
    if n == 0:
        return 1.0
    if n % 2:
        return x * power(x, n - 1)
    h = power(x, n // 2)
    return h * h


# codegen: example horner(np.array([0.5, -1.0, 2.0, 0.3, 1.2]), 0.7)
def horner(c: Float[np.ndarray, "N"], x: float) -> float:
    """The polynomial with the coefficients c, by halves."""
    if c.shape[0] == 1:
        return c[0]
    m = c.shape[0] // 2
    low, high = horner(c[:m], x), horner(c[m:], x)
    return low + power(x, m) * high


# codegen: example chebyshev(0.4, 6)
def chebyshev(x: float, n: int):
    """The polynomials T_n and U_(n-1), the one by the other."""
    if n == 0:
        return 1.0, 0.0
    t, u = chebyshev(x, n - 1)
    return x * t - (1.0 - x * x) * u, x * u + t
