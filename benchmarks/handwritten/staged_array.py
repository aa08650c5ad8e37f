"""The gradient of benchmarks/forward/staged_array.py, by hand, in the style of the CS231n notes."""

import numpy as np
from jaxtyping import Float

Array = np.ndarray


def f_grad(x: Float[Array, "N"], y: Float[Array, "N"], df: float = 1.0):
    """Return f(x, y) and its gradients (dx, dy), scaled by df."""
    # forward pass
    sigy = 1.0 / (1 + np.exp(-y))  # sigmoid in numerator  #(1)
    num = x + sigy  # (2)
    sigx = 1.0 / (1 + np.exp(-x))  # sigmoid in denominator  #(3)
    xpy = x + y  # (4)
    xpysqr = xpy**2  # (5)
    den = sigx + xpysqr  # (6)
    invden = 1.0 / den  # (7)
    quotient = num * invden  # (8)
    f = np.sum(quotient)  # (9)

    # backprop f = np.sum(quotient)  #(9): every entry gets df
    # backprop quotient = num * invden  #(8)
    dnum = invden * df
    dinvden = num * df
    # backprop invden = 1.0 / den  #(7)
    dden = -1.0 / den**2 * dinvden
    # backprop den = sigx + xpysqr  #(6)
    dsigx = dden
    dxpysqr = dden
    # backprop xpysqr = xpy**2  #(5)
    dxpy = 2 * xpy * dxpysqr
    # backprop xpy = x + y  #(4)
    dx = dxpy.copy()
    dy = dxpy
    # backprop sigx = 1.0 / (1 + np.exp(-x))  #(3)
    dx += (1 - sigx) * sigx * dsigx
    # backprop num = x + sigy  #(2)
    dx += dnum
    dsigy = dnum
    # backprop sigy = 1.0 / (1 + np.exp(-y))  #(1)
    dy += (1 - sigy) * sigy * dsigy
    return f, (dx, dy)
