# codegen: example banana(-1.2, 1.0)
def banana(x: float, y: float):
    """Rosenbrock's banana: a narrow curved valley, with its minimum at (1, 1)."""
    slope = 1 - x
    bend = y - x**2
    return slope**2 + 100 * bend**2
