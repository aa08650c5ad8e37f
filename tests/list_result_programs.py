"""Programs that return lists whose lengths only the run knows; below `control_programs.HEAD`."""

PROGRAMS = {
    "a list": """\
# codegen: example f(0.7, 4)
# codegen: example f(0.7, 0)
def f(x: float, n: int):
    xs = []
    for i in range(n):
        x = math.sin(x) * i + x
        xs.append(x)
    return xs
""",
    "a comprehension": """\
# codegen: example f([0.7, 0.2], 1.5)
def f(xs: list[float], w: float) -> list[float]:
    return [math.sin(x * w) for x in xs]
""",
    "a product of matrices": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], [[0.3, 0.9], [1.5, 0.2]])
def f(A: list[list[float]], B: list[list[float]]):
    C = []
    for i in range(len(A)):
        row = []
        for j in range(len(B[0])):
            s = 0.0
            for k in range(len(B)):
                s += A[i][k] * B[k][j]
            row.append(s)
        C.append(row)
    return C
""",
    "what it was given": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]])
def f(A: list[list[float]]):
    B = A
    return B
""",
    "read and returned": """\
# codegen: example f([1.0, 2.0, 0.3], 3)
def f(xs: list[float], n: int):
    ys = [x * x for x in xs]
    for i in range(n):
        ys.append(ys[i] * ys[-1])
    ys[0] = sum(ys) * xs[0]
    return ys
""",
    "a list of arrays": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    hs = [x]
    for i in range(n):
        hs.append(np.sin(hs[-1]) * x)
    return hs
""",
    "put together": """\
# codegen: example f([1.0, 2.0, 0.3], [0.5])
# codegen: example f([], [0.5])
def f(xs: list[float], ys: list[float]):
    zs = xs + ys
    return zs + zs[1:] + [zs[0] * zs[-1]]
""",
    "rows shared": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]])
def f(A: list[list[float]]):
    return [A[0], A[1], A[0]] + A
""",
    "on paths": """\
# codegen: example f([1.0, 2.0], 0.5)
# codegen: example f([1.0, 2.0], 1.5)
def f(xs: list[float], w: float):
    if w > 1:
        return [x * w for x in xs]
    return [x * x for x in xs[1:]]
""",
    "a loop's list": """\
# codegen: example f([1.0, 2.0], 3)
# codegen: example f([1.0, 2.0], 0)
def f(xs: list[float], n: int):
    for i in range(n):
        xs = [math.sin(x) + xs[0] for x in xs]
    return xs
""",
    "asked for": """\
# codegen: of=xs
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    xs = []
    for i in range(n):
        x = math.sin(x) * i + x
        xs.append(x)
    return x, xs
""",
    "both asked for": """\
# codegen: of=y,xs
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    xs = []
    y = x * x
    for i in range(n):
        x = math.sin(x) * i + x
        xs.append(x)
    return y, xs
""",
    "rows asked for": """\
# codegen: of=y,B
# codegen: example f([[1.0, 2.0], [0.5, -0.3]])
def f(A: list[list[float]]):
    B = [[v * v for v in row] for row in A]
    y = B[0][0] * A[1][1]
    return y, B
""",
    "a list in the cache": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    hs = []
    for i in range(n):
        x = np.sin(x)
        hs.append(x)
    return hs
""",
    "read by the backward pass": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    xs = [x]
    for i in range(n):
        xs.append(xs[i] * math.sin(xs[i]))
    return xs
""",
    "lists of a helper that calls itself": """\
def _halves(x, n) -> list[float]:
    if n == 0:
        return [x]
    left = _halves(math.sin(x), n - 1)
    right = _halves(x * x, n - 1)
    return left + right


# codegen: example f(0.7, 3)
# codegen: example f(0.7, 0)
def f(x: float, n: int):
    xs = _halves(x, n)
    xs.append(x)
    return sum(xs) * xs[0] * xs[-1]
""",
    "merge sort": """\
# codegen: example f([0.7, 0.1, 0.9, -0.4, 0.3])
def f(xs: list[float]) -> list[float]:
    if len(xs) < 2:
        return xs
    middle = len(xs) // 2
    left, right = f(xs[:middle]), f(xs[middle:])
    out = []
    i = 0
    j = 0
    while i < len(left) and j < len(right):
        if left[i] < right[j]:
            out.append(left[i] * 1.1)
            i += 1
        else:
            out.append(right[j])
            j += 1
    return out + left[i:] + right[j:]
""",
    "a product of matrices again and again": """\
def _mul(A: list[list[float]], B: list[list[float]]) -> list[list[float]]:
    return [[sum([A[i][k] * B[k][j] for k in range(len(B))]) for j in range(2)] for i in range(2)]


def _power(A: list[list[float]], n: int) -> list[list[float]]:
    if n == 1:
        return A
    half = _power(A, n // 2)
    if n % 2:
        return _mul(_mul(half, half), A)
    return _mul(half, half)


# codegen: example f([[1.0, 0.2], [0.5, -0.3]], 5)
# codegen: example f([[1.0, 0.2], [0.5, -0.3]], 1)
def f(A: list[list[float]], n: int):
    P = _power(A, n)
    return P[0][0] * P[1][1] + P[0][1]
""",
    "rows of the caller in several places": """\
# codegen: example f([[1.0, 2.0], [0.5, 0.2]])
def f(A: list[list[float]]):
    B = [r for r in A]
    C = [B[0], B[0], A[1]]
    return C + B
""",
    "the caller's list goes on": """\
# codegen: example f([1.0, 2.0], 3)
def f(xs: list[float], n: int):
    ys = xs
    for i in range(n):
        ys = ys + [ys[-1] * ys[0]]
    zs = ys[:]
    zs.append(1.0)
    zs[0] = zs[1] ** 2
    return ys
""",
    "the caller's list under another name": """\
# codegen: example f([1.0, 2.0])
def f(xs: list[float]):
    ys = xs
    return ys
""",
    "two lists": """\
# codegen: example f([1.0, 2.0], 0.7)
def f(xs: list[float], w: float):
    ys = [math.sin(x * w) for x in xs]
    zs = [y * x for y, x in zip(ys, xs)]
    return ys, zs
""",
}
