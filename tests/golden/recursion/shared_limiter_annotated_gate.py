"""Forward and backward passes of program.py (style: gate)."""

import numpy as np
from jaxtyping import Float


def _limited_forward(a: float, b: float):
    """Return limited and the cache that _limited_backward takes."""
    absa_below_absb = None
    slope_total = None
    slope_total_1 = None
    # the smaller of two slopes, or none where they differ in sign
    if a * b <= 0:
        slope = 0.0
    else:
        absa_below_absb = abs(a) < abs(b)
        if absa_below_absb:
            slope_total = 1.0 + 0.1 * b  # (1)
            slope = a * slope_total  # (2)
        else:
            slope_total_1 = 1.0 + 0.1 * a  # (3)
            slope = b * slope_total_1  # (4)
    den = 1.0 + slope**2  # (5)
    scaled = slope / den  # (6)
    exp_neg_slope = np.exp(-slope)  # (7)
    limited = scaled * exp_neg_slope  # (8)
    cache = (
        a,
        b,
        absa_below_absb,
        slope_total,
        slope_total_1,
        slope,
        den,
        scaled,
        exp_neg_slope,
    )
    return limited, cache


def _limited_backward(dlimited: float, cache):
    """Backpropagate dlimited through limited: return da, db."""
    (
        a,
        b,
        absa_below_absb,
        slope_total,
        slope_total_1,
        slope,
        den,
        scaled,
        exp_neg_slope,
    ) = cache
    # backprop limited = scaled * exp_neg_slope  #(8)
    dscaled = exp_neg_slope * dlimited
    dexp_neg_slope = scaled * dlimited
    # backprop exp_neg_slope = np.exp(-slope)  #(7)
    dslope = -exp_neg_slope * dexp_neg_slope
    # backprop scaled = slope / den  #(6)
    dslope += dscaled / den
    dden = -scaled / den * dscaled
    # backprop den = 1.0 + slope**2  #(5)
    dslope += 2 * slope * dden
    if a * b <= 0:
        da = 0.0
        db = 0.0
    elif absa_below_absb:
        # backprop slope = a * slope_total  #(2)
        da = slope_total * dslope
        dslope_total = a * dslope
        # backprop slope_total = 1.0 + 0.1 * b  #(1)
        db = 0.1 * dslope_total
    else:
        # backprop slope = b * slope_total_1  #(4)
        db = slope_total_1 * dslope
        dslope_total_1 = b * dslope
        # backprop slope_total_1 = 1.0 + 0.1 * a  #(3)
        da = 0.1 * dslope_total_1
    return da, db


class F:
    """f(u) as a gate: forward, then backward."""

    def forward(self, u: Float[np.ndarray, "N"]):
        """Return f."""
        total = 0.0
        right_caches = []
        rights = []
        left_caches = []
        lefts = []
        for i in range(1, 3):
            left, left_cache = _limited_forward(u[i] - u[i - 1], u[i + 1] - u[i])  # (1)
            lefts.append(left)
            left_caches.append(left_cache)
            right, right_cache = _limited_forward(u[i + 1] - u[i], u[i] * 2)  # (2)
            rights.append(right)
            right_caches.append(right_cache)
            total += left * right  # (3)
        limited_out, limited_cache = _limited_forward(u[0], u[1])  # (4)
        f = total + limited_out  # (5)
        self.u = u
        self.limited_cache = limited_cache
        self.right_caches = right_caches
        self.rights = rights
        self.left_caches = left_caches
        self.lefts = lefts
        return f

    def backward(self, df: float):
        """Backpropagate df through the last forward: return du."""
        u, limited_cache, right_caches, rights, left_caches, lefts = (
            self.u,
            self.limited_cache,
            self.right_caches,
            self.rights,
            self.left_caches,
            self.lefts,
        )
        # backprop f = total + limited_out  #(5)
        dtotal = df
        dlimited_out = df
        # backprop limited_out, limited_cache = _limited_forward(u[0], u[1])  #(4)
        du_part, du_part_1 = _limited_backward(dlimited_out, limited_cache)
        du = np.zeros_like(u)
        du[0] = du_part
        du[1] = du_part_1
        for i in range(2, 0, -1):
            # backprop total += left * right  #(3)
            dleft = rights[i - 1] * dtotal
            dright = lefts[i - 1] * dtotal
            # backprop right, right_cache = _limited_forward(u[i + 1] - u[i], u[i] * 2)  #(2)
            du_part, du_part_1 = _limited_backward(dright, right_caches[i - 1])
            du[i + 1] += du_part
            du[i] -= du_part
            du[i] += 2 * du_part_1
            # backprop left, left_cache = ...  #(1)
            du_part, du_part_1 = _limited_backward(dleft, left_caches[i - 1])
            du[i] += du_part
            du[i - 1] -= du_part
            du[i + 1] += du_part_1
            du[i] -= du_part_1
        return du
