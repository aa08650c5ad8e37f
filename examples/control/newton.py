# codegen: example newton_sqrt(2.0, 1e-10)
def newton_sqrt(a, tol):
    """Square root of a by Newton's iteration."""
    x = a
    while abs(x * x - a) > tol:
        x = 0.5 * (x + a / x)
    return x
