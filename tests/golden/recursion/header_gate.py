"""Forward and backward passes of program.py (style: gate)."""


def _f_forward(x: float, n: int):
    """Return f and the cache that _f_backward takes."""
    f_out = None
    f_out_1 = None
    f_cache_1 = None
    f_out_2 = None
    f_cache_3 = None
    if n == 0:
        f = x
    else:
        f_out, f_cache = _f_forward(x, n - 1)
        if f_out > 0.1:
            f_out_1, f_cache_1 = _f_forward(x, n - 1)  # (1)
            f = f_out_1 * x  # (2)
        else:
            f_out_2, f_cache_2 = _f_forward(x, 0)
            if f_out_2 > 0.2:
                f_out_3, f_cache_3 = _f_forward(x, n - 1)  # (3)
                f = f_out_3 + x  # (4)
            else:
                f = x
    cache = (x, n, f_out, f_out_1, f_cache_1, f_out_2, f_cache_3)
    return f, cache


def _f_backward(df: float, cache):
    """Backpropagate df through f: return dx."""
    x, n, f_out, f_out_1, f_cache_1, f_out_2, f_cache_3 = cache
    if n == 0:
        dx = df
    elif f_out > 0.1:
        # backprop f = f_out_1 * x  #(2)
        df_out_1 = x * df
        dx = f_out_1 * df
        # backprop f_out_1, f_cache_1 = _f_forward(x, n - 1)  #(1)
        dx += _f_backward(df_out_1, f_cache_1)
    elif f_out_2 > 0.2:
        # backprop f = f_out_3 + x  #(4)
        df_out_3 = df
        dx = df
        # backprop f_out_3, f_cache_3 = _f_forward(x, n - 1)  #(3)
        dx += _f_backward(df_out_3, f_cache_3)
    else:
        dx = df
    return dx


class F:
    """f(x, n) as a gate: forward, then backward."""

    def forward(self, x: float, n: int):
        """Return f."""
        f, cache = _f_forward(x, n)  # (1)
        self.cache = cache
        return f

    def backward(self, df: float):
        """Backpropagate df through the last forward: return dx."""
        cache = self.cache
        # backprop f, cache = _f_forward(x, n)  #(1)
        dx = _f_backward(df, cache)
        return dx
