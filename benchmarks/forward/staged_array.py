import numpy as np
from jaxtyping import Float

Array = np.ndarray


def f(x: Float[Array, "N"], y: Float[Array, "N"]) -> float:
    sigy = 1.0 / (1 + np.exp(-y))  # sigmoid in numerator
    num = x + sigy
    sigx = 1.0 / (1 + np.exp(-x))  # sigmoid in denominator
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1.0 / den
    quotient = num * invden
    return np.sum(quotient)
