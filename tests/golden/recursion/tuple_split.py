"""Forward and backward passes of program.py (style: split)."""

import numpy as np


def _f_forward(x: float, y: float, n: int):
    """Return f_1, f_2 and the cache that _f_backward takes."""
    a = None
    b = None
    f_cache = None
    sina = None
    if n == 0:
        f_1, f_2 = x, y
    else:
        a, b, f_cache = _f_forward(x * y, x + y, n - 1)  # (1)
        sina = np.sin(a)  # (2)
        f_1 = sina * b  # (3)
        f_2 = a + b * x  # (4)
    cache = (x, y, n, a, b, f_cache, sina)
    return f_1, f_2, cache


def _f_backward(df_1: float, df_2: float, cache):
    """Backpropagate df_1, df_2 through f: return dx, dy."""
    x, y, n, a, b, f_cache, sina = cache
    if n == 0:
        dy = df_2
        dx = df_1
    else:
        # backprop f_2 = a + b * x  #(4)
        da = df_2
        db = x * df_2
        dx = b * df_2
        # backprop f_1 = sina * b  #(3)
        dsina = b * df_1
        db += sina * df_1
        # backprop sina = np.sin(a)  #(2)
        da += np.cos(a) * dsina
        # backprop a, b, f_cache = _f_forward(x * y, x + y, n - 1)  #(1)
        dx_part, dx_part_1 = _f_backward(da, db, f_cache)
        dx += y * dx_part + dx_part_1
        dy = x * dx_part + dx_part_1
    return dx, dy


def f_forward(x: float, y: float, n: int):
    """Return f_1, f_2 and the cache that f_backward takes."""
    f_1, f_2, cache = _f_forward(x, y, n)  # (1)
    cache_ = (cache,)
    return (f_1, f_2), cache_


def f_backward(df_1: float | None, df_2: float | None, cache_):
    """Backpropagate df_1, df_2 through f: return dx, dy."""
    (cache,) = cache_
    if df_1 is None and df_2 is None:
        raise ValueError("give df_1 or df_2")
    df_1 = 0.0 if df_1 is None else df_1
    df_2 = 0.0 if df_2 is None else df_2
    # backprop f_1, f_2, cache = _f_forward(x, y, n)  #(1)
    dx, dy = _f_backward(df_1, df_2, cache)
    return dx, dy
