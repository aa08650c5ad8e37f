# codegen: example det([[2.0, 0.4, -0.3, 1.0], [0.1, 1.5, 0.6, 0.2], [-0.7, 0.3, 1.1, 0.5], [0.2, 0.9, 0.4, 1.8]])
def det(A: list[list[float]]) -> float:
    """The determinant of a list of rows, by minors of the first row."""
    if len(A) == 1:
        return A[0][0]
    total, sign = 0.0, 1.0
    for j in range(len(A)):
        minor = [row[:j] + row[j + 1 :] for row in A[1:]]
        total += sign * A[0][j] * det(minor)
        sign = -sign
    return total
