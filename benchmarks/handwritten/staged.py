"""The gradient of examples/staged.py, by hand, in the style of the CS231n notes."""

import math


def f_grad(x, y, df=1.0):
    """Return f(x, y) and its gradients (dx, dy), scaled by df."""
    # forward pass
    sigy = 1.0 / (1 + math.exp(-y))  # sigmoid in numerator  #(1)
    num = x + sigy  # (2)
    sigx = 1.0 / (1 + math.exp(-x))  # sigmoid in denominator  #(3)
    xpy = x + y  # (4)
    xpysqr = xpy**2  # (5)
    den = sigx + xpysqr  # (6)
    invden = 1.0 / den  # (7)
    f = num * invden  # (8)

    # backprop f = num * invden  #(8)
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
    dx = dxpy
    dy = dxpy
    # backprop sigx = 1.0 / (1 + math.exp(-x))  #(3)
    dx += (1 - sigx) * sigx * dsigx
    # backprop num = x + sigy  #(2)
    dx += dnum
    dsigy = dnum
    # backprop sigy = 1.0 / (1 + math.exp(-y))  #(1)
    dy += (1 - sigy) * sigy * dsigy
    return f, (dx, dy)
