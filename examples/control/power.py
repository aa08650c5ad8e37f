# codegen: example power(1.1, 13)
# codegen: example power(1.1, 0)
def power(x: float, n: int):
    """x**n by repeated squaring."""
    if n == 0:
        return 1.0
    result = 1.0
    while n > 1:
        if n % 2 == 1:
            result *= x
        x *= x
        n //= 2
    return result * x
