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
    "written into": """\
# codegen: example f(0.7, 3)
# codegen: example f(0.7, 0)
def f(x: float, n: int):
    C = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            C[i][j] += x * i + j * x * x
            C[i][j] = C[i][j] * math.sin(x) + C[i][0]
    s = x
    for row in C:
        for v in row:
            s += v * v
    return s
""",
    "a product of matrices in place": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]], [[0.3, 0.9], [1.5, 0.2]])
def f(A: list[list[float]], B: list[list[float]]):
    n = len(A)
    C = [[0.0] * len(B[0]) for _ in range(n)]
    for i in range(n):
        for j in range(len(B[0])):
            for k in range(len(B)):
                C[i][j] += A[i][k] * B[k][j]
    return C
""",
    "elimination": """\
# codegen: example f([[2.0, 0.3, 0.1], [0.5, 1.3, 0.4], [0.2, 0.1, 0.9]])
def f(A: list[list[float]]):
    n = len(A)
    U = [row[:] for row in A]
    d = 1.0
    for k in range(n):
        d *= U[k][k]
        for i in range(k + 1, n):
            q = U[i][k] / U[k][k]
            for j in range(k, n):
                U[i][j] -= q * U[k][j]
    return d
""",
    "a table filled": """\
# codegen: example f([0.7, 0.3, 1.1], [0.4, 0.9])
def f(a: list[float], b: list[float]):
    D = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a)):
        D[i + 1][0] = D[i][0] + a[i] ** 2
    for j in range(len(b)):
        D[0][j + 1] = D[0][j] + b[j] ** 2
    for i in range(len(a)):
        for j in range(len(b)):
            D[i + 1][j + 1] = min(D[i][j], D[i][j + 1], D[i + 1][j]) + (a[i] - b[j]) ** 2
    return D[-1][-1]
""",
    "rows appended and written into": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    rows = []
    for i in range(n):
        rows.append([x, x * i])
        rows[i][1] = rows[i][0] * rows[i][1]
        if i > 0:
            rows[-1][0] += rows[i - 1][1]
            x = x * rows[-2][0]
    return sum(rows[-1]) * rows[1][1]
""",
    "known lengths, places of the run": """\
# codegen: example f(0.7, 1, 0)
def f(x: float, i: int, j: int):
    C = [[x, 1.0], [x * x, 2.0]]
    C[i][j] = x * C[0][0]
    C[1][1] += x
    return C[0][0] * C[1][0] * C[1][1]
""",
    "scaled items": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    C = [[x + i + j for j in range(n)] for i in range(n)]
    ys = [x * i for i in range(n)]
    for i in range(n):
        ys[i] *= C[i][0]
        ys[i] /= 1 + x * x
        C[i][i] *= ys[i] + x
        C[i][0] **= 2
    return sum(ys) * C[1][0] * C[2][2]
""",
    "entries that change places": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    A = [[x * i + x, x * x] for i in range(n)]
    A[0][0], A[1][1] = A[1][1], A[0][0]
    return A[0][0] * A[1][1] ** 2
""",
    "conditions on what is written": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    A = [[x * i + x] * n for i in range(n)]
    for i in range(n):
        if A[i][0] > 1.0:
            A[i][0] = A[i][0] * x
        else:
            A[i][1] = A[i][0] * A[i][1]
    while A[0][0] < 10.0:
        A[0][0] = A[0][0] * 2.0 + A[1][0]
    return A[0][1] * A[1][0] * A[2][0] * A[0][0]
""",
    "a deep copy is written into": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]])
def f(A: list[list[float]]):
    B = [row[:] for row in A]
    B[0][0] = A[0][1] ** 2
    B[1][0] += A[0][0]
    return B[0][0] * A[0][0] * B[1][0]
""",
    "rows of another list appended": """\
# codegen: example f([[1.0, 2.0], [0.5, -0.3]])
def f(A: list[list[float]]):
    B = []
    for i in range(len(A)):
        B.append(A[i])
        B.append(A[i][:1])
    s = 0.0
    for row in B:
        s += row[0] * sum(row)
    return s
""",
    "one list given twice to a recursion": """\
def _g(v: list[list[float]], w: list[list[float]], n: int) -> float:
    if n == 0:
        return v[0][0] * w[1][1]
    return _g(w, v, n - 1) * v[0][1] + w[0][0]


# codegen: example f([[1.0, 2.0], [0.5, -0.3]], 2)
def f(A: list[list[float]], n: int):
    return _g(A, A, n) * A[0][0]
""",
    "halves": """\
# codegen: example f([np.ones(2), np.arange(2.0) + 0.3, np.ones(2) * 0.3])
def f(v: list[np.ndarray]) -> float:
    if len(v) == 1:
        return np.sum(v[0] ** 2)
    m = len(v) // 2
    return f(v[:m]) * f(v[m:]) + v[0][1]
""",
    "a display given to a recursion": """\
def _g(v: list[float], n: int) -> float:
    if n == 0:
        return v[0] * v[1]
    return _g(v, n - 1) * v[0]


# codegen: example f(0.7)
def f(x: float):
    return _g([x, x * x], 2) * _g([x], 0 * 1 + 1) if x > 100 else _g([x, 2.0], 1)
""",
    "put into one list": """\
# codegen: example f([[1.0, 2.0], [], [0.5, 0.2]], 2)
# codegen: example f([[1.0, 2.0], [], [0.5, 0.2]], 0)
def f(A: list[list[float]], n: int):
    v = 0.5
    flat = [v * v for row in A for v in row if v > 0.3]
    more = [row[0] * i for i in range(n) if i < 5 for row in A[:1] for _ in row]
    return flat[0] * flat[1] + sum(flat) ** 2 + sum(more) * v * sum(w * w for r in A for w in r)
""",
    "a condition on items that are known": """\
# codegen: example f(0.3, 0.7)
# codegen: example f(0.7, 0.3)
def f(x: float, y: float):
    return sum([w * v for w in (x, y) for v in (x, y) if w > v])
""",
    "slices that change": """\
# codegen: example f([[1.0, 2.0], [0.5, 0.2], [0.3, 0.1]], 0.7)
def f(M: list[list[float]], x: float):
    rows = M[::-1]
    rows += [[x, x * x]]
    s = sum(rows.pop()) * rows[0][0]
    more = rows[1:]
    more.append([x, s])
    last = more.pop()
    xs = M[0][:]
    xs.append(x)
    ys = xs[1:]
    ys += [s]
    return s * more[0][1] + last[1] + sum(ys) * ys[0] + (rows[1:] + more)[0][0]
""",
    "a stack of pairs": """\
# codegen: example f(0.7, 5)
def f(x: float, n: int):
    stack = [[x, 1.0]]
    s = 0.0
    while stack:
        v, w = stack.pop()
        if w > 3.0:
            s += v * w
            continue
        stack.append([v * 1.5, w + 1.0])
        stack.append([math.sin(v), w + x])
    return s
""",
    "pairs": """\
# codegen: example f(0.7, 4)
# codegen: example f(0.7, 0)
def f(x: float, n: int):
    pairs = []
    for i in range(n):
        pairs.append((x * i, math.sin(x)))
    s = x
    for a, b in pairs:
        s += a * b
    return s
""",
    "pairs by place": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    pairs = [(x, x * x)]
    for i in range(n):
        a, b = pairs[-1]
        p = (a * b, a + x)
        pairs.append(p)
    q = pairs[2]
    return q[0] * pairs[1][1] + pairs[-1][0] + len(pairs)
""",
    "pairs popped": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    stack = [(x, 1.0)]
    s = 0.0
    while stack:
        v, w = stack.pop()
        if w > 3.0:
            s += v * w
            continue
        stack.append((v * 1.5, w + 1.0))
        stack.append((math.sin(v), w + x))
    return s
""",
    "caches of turns": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    caches = []
    s = 0.3
    for i in range(n):
        caches.append((x * s, s, i))
        s = np.sum(np.sin(x * s))
        x = x * 0.9 + s
    total = 0.0
    for a, b, i in reversed(caches):
        total += np.sum(a * b) * (i + 1)
    u, v, k = caches[0]
    return total * s + np.sum(u * v)
""",
    "pairs by comprehensions": """\
# codegen: example f([0.7, 0.2, 0.9], 4.0)
def f(xs: list[float], w: float):
    pairs = [(x, math.sin(x * w)) for x in xs]
    more = [(b, a) for a, b in pairs if a > 0.3]
    both = pairs + more
    s = 0.0
    for i, (a, b) in enumerate(both):
        s += a * a * b * (i + 1)
    for (a, b), (c, d) in zip(both, both[1:]):
        s += a * d * c
    return s
""",
    "points that are given": """\
# codegen: example f([(0.7, 0.2), (0.9, -0.4)], 4.0)
# codegen: example f([], 4.0)
def f(points: list[tuple[float, float]], w: float):
    s = 0.0
    for x, y in points:
        s += x * x * y * w
    return s
""",
    "layers that are given": """\
# codegen: example f([(np.eye(2), np.ones(2)), (np.ones((2, 2)), np.zeros(2))], np.ones(2))
def f(layers: list[tuple[np.ndarray, np.ndarray]], x: np.ndarray):
    for W, b in layers:
        x = np.tanh(x @ W + b)
    return np.sum(x) * layers[0][1][0]
""",
    "pairs in two lists": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    pairs = [(x * i, x) for i in range(n)]
    others = []
    for p in pairs:
        others.append(p)
        others.append((p[1], p[0] * p[0]))
    a, b = others[3]
    return a * b * others[4][0] + others[-1][1]
""",
    "pairs as an array": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    pairs = [(x * i, x) for i in range(n)]
    return np.sum(np.array(pairs) ** 2)
""",
    "points as an array": """\
# codegen: example f([(0.7, 0.2), (0.9, -0.4)], 4.0)
def f(points: list[tuple[float, float]], w: float):
    P = np.array(points)
    return np.sum(P[0] * P[1]) * w + points[0][0]
""",
    "pairs taken off": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    pairs = [(x * i, x) for i in range(n)]
    pairs.pop()
    a, b = pairs.pop()
    return a * pairs[0][1] + pairs[1][0]
""",
    "pairs with arrays taken off": """\
# codegen: example f(np.ones(3), 4)
def f(x: np.ndarray, n: int):
    pairs = [(x * i, np.sum(x)) for i in range(n)]
    pairs.pop()
    a, b = pairs.pop()
    c, d = pairs.pop()
    return np.sum(a * pairs[0][1]) + d
""",
    "points put together": """\
# codegen: example f([(0.7, 0.2), (0.9, -0.4)])
def f(points: list[tuple[float, float]]):
    q = points + points[:1]
    p = q[2]
    r = list(q)
    r.append((p[0] * p[1], p[1]))
    return p[0] * p[1] + r[-1][0] * r[0][1]
""",
    "points until one": """\
# codegen: example f([(0.7, 0.2), (0.9, -0.4), (0.3, 0.3)])
def f(points: list[tuple[float, float]]):
    s = 0.3
    for x, y in points:
        if x > 0.8:
            break
        s = s * x + y
    else:
        s = s * s
    return s * points[-1][1]
""",
    "a choice of points": """\
# codegen: example f([(0.7, 0.2), (0.9, -0.4), (0.3, 0.3)], 0.3)
# codegen: example f([(0.7, 0.2), (0.9, -0.4), (0.3, 0.3)], 1.3)
def f(points: list[tuple[float, float]], w: float):
    y = points[0][1] if w > 1 else points[1][0] * w
    return y * y
""",
    "extended by pairs": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    pairs = []
    rows = []
    for i in range(n):
        pairs += [(x, x * i)]
        pairs.extend([(x * x, 2.0), (1.0, x)])
        rows.extend([[x, x * i], [x * x]])
    s = 0.0
    for a, b in pairs:
        s += a * b
    return s * rows[1][0] * rows[2][1]
""",
    "rows under several names": """\
# codegen: example f([[1.0, 2.0], [0.5, 0.2]])
def f(A: list[list[float]]):
    B = A
    r = B[0]
    q = r
    s = 0.0
    for v in q:
        s += v * r[0]
    return s * A[0][1]
""",
    "rows taken off until none is left": """\
# codegen: example f([], 2.0, 0)
# codegen: example f([[1.0]], 2.0, 2)
def f(A: list[list[float]], x: float, n: int):
    T = [[x * v for v in r] for r in A]
    s = x
    while len(T) > n:
        s *= sum(T.pop())
    for i in range(n):
        T.append([s, x])
    for r in T:
        s += sum(r)
    return s
""",
    "helpers that return rows": """\
def _outer(a, b):
    return [[u * v for v in b] for u in a]


def _trace(M):
    s = 0.0
    for i in range(len(M)):
        s += M[i][i]
    return s


# codegen: example f([1.0, 2.0], [0.3, 0.4])
def f(a: list[float], b: list[float]):
    P = _outer(a, b)
    Q = _outer(b, [2 * v for v in a])
    return _trace(P) * _trace(Q) + _trace([r[:] for r in P])
""",
    "a row made of the row before": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    rows = [[x] * (n + 1)]
    for i in range(n):
        prev = rows[-1]
        cur = [x * i]
        for j in range(n):
            cur.append(cur[j] * 0.5 + prev[j] * prev[j + 1])
        rows.append(cur)
    return rows[-1][-1] * rows[1][0] + sum(rows[2])
""",
    "its own last row appended": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    rows = [[x, x * x], [1.0, x]]
    for i in range(n):
        rows.append(rows[-1])
        rows.append(rows[i])
        rows.append(rows[-2] + [x])
        rows.append([rows[-1][0] * x, rows[0][1]])
    return sum(rows[-1]) * rows[5][0] * rows[-2][1] + sum(rows[4])
""",
}

REFUSED = {
    "a list changed behind its append": """\
def f(x: float, n: int):
    row = [x]
    rows = []
    for i in range(n):
        rows.append(row)
        row.append(x * i)
    return sum(rows[0]) * rows[1][2]
""",
    "a row under a name is appended to": """\
def f(x: float, n: int):
    rows = [[x] for i in range(n)]
    for row in rows:
        row.append(x * 2)
    return sum(rows[0]) * rows[1][1]
""",
    "one row in several places is written into": """\
def f(x: float, n: int):
    row = [x] * n
    C = []
    for i in range(n):
        C.append(row)
    C[0][0] = x * x
    return C[1][0] * C[2][0]
""",
    "a row read as it was": """\
def f(x: float, n: int):
    C = [[x] * n for _ in range(n)]
    row = C[0]
    C[0][0] = x * x * x
    return row[0] * C[1][0]
""",
    "a row read before it is put in": """\
def f(x: float, n: int):
    C = []
    s = 0.0
    for i in range(n):
        row = [x * i, x]
        s += row[0] ** 2
        C.append(row)
        C[i][0] = x * x
    return s * C[1][0]
""",
    "a copy of the list alone": """\
def f(A: list[list[float]]):
    B = list(A)
    B[0][0] = A[0][1] ** 2
    return B[0][0] * A[0][0]
""",
    "a slice of rows": """\
def f(x: float, n: int):
    A = [[x * i + x] * n for i in range(n)]
    B = A[1:]
    A[1][0] = x * x
    return B[0][0] * A[0][0]
""",
    "a parameter": """\
def f(A: list[list[float]]):
    A[0][0] = A[0][1] ** 2
    return A[0][0] * A[1][0]
""",
    "a row replaced": """\
def f(x: float, n: int):
    A = [[x * i + x, x * x] for i in range(n)]
    A[0], A[1] = A[1], A[0]
    return A[0][0] * A[1][1] ** 2
""",
    "one row n times": """\
def f(x: float, n: int):
    C = [[x] * n] * n
    return C[0][0] * C[1][1]
""",
    "a choice between rows": """\
def f(A: list[list[float]], x: float):
    row = A[0] if x > 1 else A[1]
    return row[0] * sum(row)
""",
    "a list given to a recursion grows": """\
def _g(v: list[float], n: int) -> float:
    if n == 0:
        return v[0] * v[-1]
    return _g(v, n - 1) * v[-1]


def f(x: float, n: int):
    v = [x, x * x]
    y = 1.0
    for i in range(n):
        y *= _g(v, 2)
        v.append(y)
    return y
""",
    "arrays in a list updated": """\
def f(x: np.ndarray, n: int):
    A = [x * i for i in range(n)]
    A[0] *= x
    return np.sum(A[0] * A[1])
""",
    "arrays of rows": """\
def f(x: np.ndarray, n: int):
    A = [[x * i, x * x] for i in range(n)]
    A[0][0] = x * 3
    A[0][1] = A[0][0] * A[1][1]
    return np.sum(A[0][0] * A[1][1] * A[0][1])
""",
    "run over backwards and changed later": """\
def f(x: float, n: int):
    grid = [x * i for i in range(n)]
    s = 0.0
    for v in reversed(grid):
        s = s + 0.3 * v
    grid += [s]
    return s + sum(grid)
""",
    "a pair that a loop carries": """\
def f(x: float, n: int):
    pairs = [(x * i, x) for i in range(n)]
    last = pairs[0]
    for p in pairs:
        x = x + p[0] * last[1]
        last = p
    return x
""",
    "one of two pairs": """\
def f(x: float, n: int):
    pairs = [(x * i, x) for i in range(n)]
    if x > 0.5:
        p = pairs[0]
    else:
        p = pairs[1]
    return p[0] + p[1] * x
""",
    "a pair replaced": """\
def f(x: float, n: int):
    pairs = [(x * i, x) for i in range(n)]
    pairs[1] = (x * x, 2.0)
    return pairs[1][0] * pairs[2][0]
""",
    "an item of a pair picked by the run": """\
def f(x: float, n: int, k: int):
    pairs = [(x * i, x) for i in range(n)]
    s = 0.0
    for p in pairs:
        s += p[k]
    return s
""",
    "pairs as the result": """\
def f(x: float, n: int):
    return [(x * i, x) for i in range(n)]
""",
    "tuples in tuples": """\
def f(x: float, n: int):
    pairs = []
    for i in range(n):
        pairs.append(((x, x * i), [x]))
    return pairs[0][0][1]
""",
    "an array in a pair changed": """\
def f(x: np.ndarray, n: int):
    a = x * 1.0
    pairs = []
    for i in range(n):
        pairs.append((a, i))
        a[0] = a[1] * a[1] * i
    s = 0.0
    for b, i in pairs:
        s += np.sum(b * i)
    return s
""",
    "pairs given to a recursion": """\
def _g(v: list[tuple[float, float]], n: int) -> float:
    if n == 0:
        return v[0][0] * v[0][1]
    return _g(v, n - 1) * v[0][1]


def f(x: float, n: int):
    pairs = [(x * i + x, x) for i in range(n)]
    return _g(pairs, 2)
""",
    "the caller's pairs changed": """\
def f(points: list[tuple[float, float]], w: float):
    points.append((w, w))
    return points[0][0] * w
""",
    "tuples of other lengths": """\
def f(x: float, n: int):
    pairs = [(x, x)]
    for i in range(n):
        pairs.append((x, x * i, x))
    return pairs[0][0]
""",
}
