"""The first circuits of the notes: add, multiply and max gates."""


def multiply_add(x, y, z):
    q = x + y
    f = q * z
    return f


def circuit(x, y, z, w):
    """Twice the sum of a product and a maximum."""
    return 2 * (x * y + max(z, w))
