"""Programs with lists in lists whose lengths only the run knows; below `control_programs.HEAD`."""

PROGRAMS = {
    "every entry": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3], [0.7]])
# codegen: example f([])
# codegen: example f([[], [1.0]])
def f(A: list[list[float]]):
    total = 0.0
    for row in A:
        for v in row:
            total += v * v
    return total
""",
    "entries by place": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], [[0.3, 0.9], [1.5, 0.2]])
def f(A: list[list[float]], B: list[list[float]]):
    total = 0.0
    for i in range(len(A)):
        for j in range(len(B[0])):
            s = 0.0
            for k in range(len(B)):
                s += A[i][k] * B[k][j]
            total += s * s * math.sin(s)
    return total
""",
    "made in a loop": """\
# codegen: example f(0.7, 4)
# codegen: example f(0.7, 0)
def f(x: float, n: int):
    rows = []
    for i in range(n):
        rows.append([x * i, math.sin(x)])
    s = 0.0
    for i in range(n):
        s += rows[i][0] * rows[i][1]
    return s
""",
    "rows of other lengths": """\
# codegen: example f(0.7, 4)
# codegen: example f(0.7, 0)
def f(x: float, n: int):
    rows = []
    for i in range(n):
        row = [x]
        for j in range(i):
            row.append(row[-1] * math.sin(x + j))
        rows.append(row)
    s = x
    for row in rows:
        s += sum(row) * row[0]
    return s * s
""",
    "the minor of a matrix": """\
# codegen: example f([[1.0, 2.0, 0.3], [0.5, -0.3, 1.1], [0.7, 0.2, 0.9]], 1)
# codegen: example f([[1.0, 2.0, 0.3], [0.5, -0.3, 1.1], [0.7, 0.2, 0.9]], 0)
# codegen: example f([[1.0, 2.0, 0.3], [0.5], [0.7, 0.2, 0.9, 1.0]], 2)
def f(A: list[list[float]], j: int):
    minor = [row[:j] + row[j + 1 :] for row in A[1:]]
    total = 0.0
    for row in minor:
        for i, v in enumerate(row):
            total += v * v * (i + 1) * A[0][0]
    return total
""",
    "a determinant": """\
# codegen: example f([[2.0, 0.4, -0.3], [0.1, 1.5, 0.6], [-0.7, 0.3, 1.1]])
def f(A: list[list[float]]) -> float:
    if len(A) == 1:
        return A[0][0]
    total, sign = 0.0, 1.0
    for j in range(len(A)):
        minor = [row[:j] + row[j + 1 :] for row in A[1:]]
        total += sign * A[0][j] * f(minor)
        sign = -sign
    return total
""",
    "a transpose": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3], [0.7, 0.1]])
def f(A: list[list[float]]):
    T = [[row[j] for row in A] for j in range(len(A[0]))]
    total = 0.0
    for i, row in enumerate(T):
        for j, v in enumerate(row):
            total += (i + 1) * v * v * A[j][i]
    return total
""",
    "entry by entry": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]])
def f(A: list[list[float]]):
    B = [[math.sin(v) * v for v in row] for row in A]
    C = [[v * w for v, w in zip(r, s)] for r, s in zip(A, B)]
    return sum([sum(row) ** 2 for row in C])
""",
    "a row under a name": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], 1)
def f(A: list[list[float]], i: int):
    row = A[i]
    first = row[0] * row[-1]
    s = sum(row) * first
    for v in row:
        s = s * math.cos(v)
    return s + A[0][1] * A[-1][0]
""",
    "rows that are slices": """\
# codegen: example f([[1.0, 2.0, 0.2], [0.5, -0.3, 0.4]], 1)
def f(A: list[list[float]], i: int):
    tail = A[i][1:]
    head = A[0][:2]
    both = head + tail
    return sum(both) * both[0] + sum(tail) ** 2
""",
    "rows put together": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], [[0.3], [0.4, 0.1]])
# codegen: example f([], [[0.3]])
def f(A: list[list[float]], B: list[list[float]]):
    C = A + B
    D = C[1:] + C[:1]
    total = 0.0
    for c, d in zip(C, D):
        total += sum(c) * sum(d) * d[0]
    return total
""",
    "the same row twice": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    row = [x * i for i in range(n)]
    rows = [row, row]
    rows.append(row)
    rows.append([v * x for v in row])
    s = 0.0
    for r in rows:
        for v in r:
            s += v * v
    return s * rows[0][1] * rows[1][2] * rows[3][1]
""",
    "a row read before the list grows": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    rows = [[x, x * x]]
    for i in range(n):
        last = rows[-1]
        rows.append([last[0] * math.cos(last[1]), last[1] + x])
    return rows[-1][0] * rows[1][1] + rows[n][1]
""",
    "a row read of the end as it grows": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    rows = [[x, x * x]]
    for i in range(n):
        rows.append([rows[-1][0] * math.cos(rows[-1][1]), rows[i][1] + x])
    return rows[-1][0] * rows[1][1] + rows[n][1]
""",
    "taken off": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    rows = []
    for i in range(n):
        rows.append([x * i, math.sin(x)])
    s = 0.0
    while rows:
        row = rows.pop()
        s = s * 0.5 + row[0] * row[1] * len(rows)
    return s
""",
    "taken off and not read": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    rows = []
    for i in range(n):
        rows.append([x * i, math.sin(x)])
    rows.pop()
    row = rows.pop()
    return sum(row) * rows[0][1] * x
""",
    "three deep": """\
# codegen: example f([[[1.0, 2.0], [0.5]], [[-0.3, 0.1, 0.9]]])
def f(A: list[list[list[float]]]):
    B = [[[v * v for v in row] for row in page] for page in A]
    s = 0.0
    for page in B:
        for row in page:
            for v in row:
                s += v * A[0][0][0]
    return s
""",
    "rows of arrays": """\
# codegen: example f([[np.arange(3.0), np.ones(3)], [np.ones(3)]], 0.7)
def f(A: list[list[np.ndarray]], x: float):
    s = 0.0
    for row in A:
        for a in row:
            s += np.sum(np.sin(a * x))
    t = A[0][1] * A[1][0]
    return s * np.sum(t)
""",
    "rows of arrays made": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    rows = []
    for i in range(n):
        rows.append([x * i, np.sin(x)])
    total = np.zeros(3)
    for row in rows:
        total = total + row[0] * row[1]
    return np.sum(total * rows[0][1])
""",
    "given to a helper": """\
def _matmul(A, B):
    return [[sum([a * b for a, b in zip(row, col)]) for col in zip_(B)] for row in A]


def zip_(B):
    return [[row[j] for row in B] for j in range(len(B[0]))]


# codegen: example f([[1.0, 2.0], [0.5, -0.3]], [[0.3, 0.9], [1.5, 0.2]])
def f(A: list[list[float]], B: list[list[float]]):
    C = _matmul(A, B)
    D = _matmul(C, A)
    s = 0.0
    for row in D:
        for v in row:
            s += v * v
    return s
""",
    "on some paths": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], 0.3)
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], 1.3)
def f(A: list[list[float]], w: float):
    if w > 1:
        B = [[v * w for v in row] for row in A]
        A = B
    else:
        w = w * A[1][0]
    return A[0][0] * w + sum(A[1])
""",
    "a list carried": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], 3)
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], 0)
def f(A: list[list[float]], n: int):
    for i in range(n):
        A = [[math.sin(v) + row[0] * i for v in row] for row in A]
    return A[0][0] * A[1][1] + A[0][1]
""",
    "as an array": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], [[0.3, 0.9], [1.5, 0.2]])
def f(A: list[list[float]], B: list[list[float]]):
    return np.sum(np.array(A) @ np.array(B)) + A[0][1] ** 2
""",
    "the sum of an array": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]])
def f(A: list[list[float]]):
    return np.sum(np.array(A)) * A[0][0]
""",
    "copies": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]])
def f(A: list[list[float]]):
    B = list(A)
    C = [row[:] for row in A]
    D = A[::-1]
    return B[0][0] * C[0][1] * D[0][1] + sum(D[1]) * sum(C[0]) ** 2
""",
    "left by break": """\
# codegen: example f([[1.0, 2.0], [0.5, 3.3], [0.1, 0.2]], 3.0)
# codegen: example f([[1.0, 2.0], [0.5, 3.3], [0.1, 0.2]], 0.5)
# codegen: example f([[1.0, 2.0], [0.5, 3.3], [0.1, 0.2]], 9.5)
def f(A: list[list[float]], most: float):
    s = 1.0
    for row in A:
        for v in row:
            s = s * v
            if v > most:
                break
        if s > most:
            break
    return s
""",
    "a choice of entries": """\
# codegen: example f([[1.0, 2.0], [0.5, 3.3]], 0.4)
# codegen: example f([[1.0, 2.0], [0.5, 3.3]], 1.4)
def f(A: list[list[float]], w: float):
    y = A[0][1] if w > 1 else A[1][0] * w
    return y * y
""",
    "rows of text lengths": """\
# codegen: example f([[1.0, 2.0], [0.5, 3.3]])
def f(A: list[list[float]]):
    s = 0.0
    for row in A:
        s += len(row) * max(row)
    return s * min(A[0])
""",
    "a row first and then whole": """\
# codegen: example f([[1.0, 2.0], [0.5, 3.3]])
def f(A: list[list[float]]):
    B = [A[0], A[1], A[0]]
    s = 0.0
    for i in range(2):
        B.append(A[i])
    for row in B:
        s += row[0] * sum(row)
    return s
""",
    "integers and floats": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    rows = [[0, 1]]
    for i in range(n):
        rows.append([rows[-1][1], rows[-1][0] + x**i])
    return rows[-1][0] * rows[-1][1]
""",
}
