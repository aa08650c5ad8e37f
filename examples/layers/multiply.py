def multiply(x, y):
    z = x * y
    return z
