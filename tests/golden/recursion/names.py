"""Gradients of program.py."""


def _power_forward_(x: float, n: int, power_cache: float):
    """Return power and the cache that _power_backward_ takes."""
    power_out = None
    power_out_cache = None
    power_out_1 = None
    power_cache_1 = None
    power_product = None
    if n == 0:
        power = power_cache + 1.0  # (1)
    else:
        power_out, power_out_cache = _power_forward_(x, n - 1, x)  # (2)
        power_out_1, power_cache_1 = _power_forward_(x, 0, power_cache)  # (3)
        power_product = x * power_out  # (4)
        power = power_product * power_out_1  # (5)
    cache = (
        x,
        n,
        power_out,
        power_out_cache,
        power_out_1,
        power_cache_1,
        power_product,
    )
    return power, cache


def _power_backward_(dpower: float, cache):
    """Backpropagate dpower through power: return dx, dpower_cache."""
    x, n, power_out, power_out_cache, power_out_1, power_cache_1, power_product = cache
    if n == 0:
        # backprop power = power_cache + 1.0  #(1)
        dpower_cache = dpower
        dx = 0.0
    else:
        # backprop power = power_product * power_out_1  #(5)
        dpower_product = power_out_1 * dpower
        dpower_out_1 = power_product * dpower
        # backprop power_product = x * power_out  #(4)
        dx = power_out * dpower_product
        dpower_out = x * dpower_product
        # backprop power_out_1, power_cache_1 = _power_forward_(x, 0, power_cache)  #(3)
        dx_part, dpower_cache = _power_backward_(dpower_out_1, power_cache_1)
        dx += dx_part
        # backprop power_out, power_out_cache = _power_forward_(x, n - 1, x)  #(2)
        dx_part, dx_part_1 = _power_backward_(dpower_out, power_out_cache)
        dx += dx_part + dx_part_1
    return dx, dpower_cache


def power_grad(x: float, n: int, power_cache: float, dpower: float = 1.0):
    """Return power(x, n, power_cache) and its gradients (dx, dpower_cache), scaled by
    dpower.
    """
    # forward pass
    power, cache = _power_forward_(x, n, power_cache)  # (1)

    # backprop power, cache = _power_forward_(x, n, power_cache)  #(1)
    dx, dpower_cache = _power_backward_(dpower, cache)
    return power, (dx, dpower_cache)
