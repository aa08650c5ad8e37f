"""Gradients of program.py."""


def _power_forward(x: float, n: int):
    """Return power and the cache that _power_backward takes."""
    power_out = None
    power_cache = None
    h = None
    h_cache = None
    if n == 0:
        power = 1.0
    elif n % 2:
        power_out, power_cache = _power_forward(x, n - 1)  # (1)
        power = x * power_out  # (2)
    else:
        h, h_cache = _power_forward(x, n // 2)  # (3)
        power = h * h  # (4)
    cache = (x, n, power_out, power_cache, h, h_cache)
    return power, cache


def _power_backward(dpower: float, cache):
    """Backpropagate dpower through power: return dx."""
    x, n, power_out, power_cache, h, h_cache = cache
    if n == 0:
        dx = 0.0
    elif n % 2:
        # backprop power = x * power_out  #(2)
        dx = power_out * dpower
        dpower_out = x * dpower
        # backprop power_out, power_cache = _power_forward(x, n - 1)  #(1)
        dx += _power_backward(dpower_out, power_cache)
    else:
        # backprop power = h * h  #(4)
        dh = 2 * h * dpower
        # backprop h, h_cache = _power_forward(x, n // 2)  #(3)
        dx = _power_backward(dh, h_cache)
    return dx


def power_grad(x: float, n: int, dpower: float = 1.0):
    """Return power(x, n) and its gradient dx, scaled by dpower."""
    # forward pass
    power, cache = _power_forward(x, n)  # (1)

    # backprop power, cache = _power_forward(x, n)  #(1)
    dx = _power_backward(dpower, cache)
    return power, dx
