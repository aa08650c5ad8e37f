"""Programs that write into arrays; below `control_programs.HEAD`.

`FOUND` are those that once came out wrong, or crashed.
"""

PROGRAMS = {
    "lu": """\
# codegen: example f(np.array([[4.0, 1.0, 0.5], [1.2, 3.0, 0.3], [0.7, 0.2, 5.0]]))
def f(A: np.ndarray):
    N = A.shape[0]
    for i in range(N):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, N):
            A[i, j] -= A[i, :i] @ A[:i, j]
""",
    "fill": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]), 0.5)
def f(x: np.ndarray, a: float):
    y = np.zeros(3)
    for i in range(3):
        y[i] = a * x[i] ** 2
    return np.sum(y * y)
""",
    "cumulative": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]), 0.5)
def f(x: np.ndarray, a: float):
    y = np.zeros(3)
    y[0] = x[0]
    for i in range(1, 3):
        y[i] = a * y[i - 1] * x[i] + y[i - 1] ** 2
    return y
""",
    "overwrite": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]), 0.5)
def f(x: np.ndarray, a: float):
    y = x * a
    z = np.sum(y * y)
    y[0] = z * y[0]
    w = np.sum(y ** 3)
    y[1:] *= w * 0.01
    return y * y + z
""",
    "jacobi": """\
# codegen: example f(2, np.arange(5.0) ** 2, np.arange(5.0))
def f(T: int, A: np.ndarray, B: np.ndarray):
    for t in range(1, T):
        B[1:-1] = 0.33333 * (A[:-2] + A[1:-1] + A[2:])
        A[1:-1] = 0.33333 * (B[:-2] + B[1:-1] + B[2:])
""",
    "overlap": """\
# codegen: example f(np.arange(5.0) + 1.0, 0.3)
def f(A: np.ndarray, c: float):
    A[1:] = A[:-1]
    A[1:-1] += c * A[:-2] + A[2:] * A[:-2]
    A[:2] -= A[2] * c
    return np.sum(A * A)
""",
    "mask": """\
# codegen: example f(np.array([1.0, -2.0, 3.0]))
def f(x: np.ndarray):
    y = x * 2
    y[x < 0] = 0.0
    return np.sum(y ** 2)
""",
    "svm": """\
# codegen: example f(np.array([[1.0, 2.5, 0.3], [0.1, 0.2, 1.7]]), np.array([0, 2]))
def f(scores: Float[np.ndarray, "N C"], y: np.ndarray):
    N = scores.shape[0]
    correct = scores[np.arange(N), y]
    margins = np.maximum(0, scores - correct[:, None] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    return loss
""",
    "procedure": """\
def _scale(a, c):
    for i in range(a.shape[0]):
        a[i] *= c


# codegen: example f(np.array([1.0, -2.0, 3.0]), 0.7)
def f(x: np.ndarray, c: float):
    y = x + 1.0
    _scale(y, c)
    _scale(y, c * 2)
    return np.sum(y * y)
""",
    "gemm": """\
# codegen: example f(1.5, 1.2, np.ones((2,2))*0.4, np.ones((2,3))*0.2, np.ones((3,2))*0.3)
def f(alpha: float, beta: float, C: np.ndarray, A: np.ndarray, B: np.ndarray):
    C[:] = alpha * A @ B + beta * C
""",
    "return and write": """\
# codegen: example f(np.array([1.0, -2.0, 3.0]))
def f(A: np.ndarray):
    A[0] = A[1] * 2
    s = np.sum(A * A)
    A[2] = s
    return s * A[1]
""",
    "swap rows": """\
# codegen: example f(np.arange(6.0).reshape(3, 2) + 1)
def f(A: np.ndarray):
    A[0], A[1] = A[1].copy(), A[0].copy()
    A[0] *= A[2]
    return np.sum(A[0] * A[1])
""",
    "add at": """\
# codegen: example f(np.array([1.0, -2.0, 3.0]), np.array([0, 1, 0]))
def f(x: np.ndarray, i: np.ndarray):
    y = np.zeros(2)
    np.add.at(y, i, x * x)
    return y * y
""",
    "store in if": """\
# codegen: example f(np.array([1.0, -2.0, 3.0]), 0.5)
def f(x: np.ndarray, a: float):
    y = np.ones(3)
    for i in range(3):
        if x[i] > 0:
            y[i] = a * x[i] * y[i]
        else:
            y[i] -= x[i] ** 2
    return np.sum(y ** 3)
""",
    "condition on stored": """\
# codegen: example f(np.array([1.0, -2.0, 3.0]), 0.5)
def f(x: np.ndarray, a: float):
    y = x * 1.0
    for i in range(1, 3):
        if y[i - 1] > 0:
            y[i] = a * y[i - 1] * y[i]
            y[i - 1] = -1.5
        else:
            y[i] = y[i] ** 2
    return np.sum(y ** 3)
""",
    "cholesky": """\
# codegen: example f(np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.3], [0.5, 0.3, 5.0]]))
def f(A: np.ndarray):
    N = A.shape[0]
    A[0, 0] = np.sqrt(A[0, 0])
    for i in range(1, N):
        for j in range(i):
            A[i, j] -= np.dot(A[i, :j], A[j, :j])
            A[i, j] /= A[j, j]
        A[i, i] -= np.dot(A[i, :i], A[i, :i])
        A[i, i] = np.sqrt(A[i, i])
""",
    "seidel": """\
# codegen: example f(2, np.arange(9.0).reshape(3, 3))
def f(T: int, A: np.ndarray):
    N = A.shape[0]
    for t in range(0, T - 1):
        for i in range(1, N - 1):
            A[i, 1:-1] += A[i - 1, :-2] + A[i - 1, 1:-1] + A[i - 1, 2:] + A[i, 2:] + A[i + 1, :-2] + A[i + 1, 1:-1] + A[i + 1, 2:]
            for j in range(1, N - 1):
                A[i, j] += A[i, j - 1]
                A[i, j] /= 9.0
""",
    "trisolv": """\
# codegen: example f(np.array([[4.0, 0, 0], [1.0, 3.0, 0], [0.5, 0.3, 5.0]]), np.zeros(3), np.ones(3))
def f(L: np.ndarray, x: np.ndarray, b: np.ndarray):
    for i in range(x.shape[0]):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
""",
    "local in loop": """\
# codegen: example f(np.array([1.0, -2.0, 3.0]))
def f(x: np.ndarray):
    s = 0.0
    for i in range(3):
        t = np.zeros(2)
        t[0] = x[i]
        t[1] = x[i] ** 2 * t[0]
        s = s + np.sum(t * t)
    return s
""",
    "view ok": """\
# codegen: example f(np.arange(6.0).reshape(2, 3))
def f(x: np.ndarray):
    y = x * 2
    for i in range(2):
        row = x[i]
        y[i] = row * row
    return np.sum(y)
""",
    "view of stored ok": """\
# codegen: example f(np.arange(6.0).reshape(2, 3))
def f(x: np.ndarray):
    y = x * 2
    for i in range(1, 2):
        row = y[i - 1]
        y[i] = row * row
    return np.sum(y)
""",
    "scalar into slice": """\
# codegen: example f(np.arange(4.0), 0.5)
def f(x: np.ndarray, a: float):
    y = x * x
    y[1:3] = a * 2
    y[:] = y + a
    y[...] += x[0]
    return np.sum(y * y)
""",
    "array index scalar": """\
# codegen: example f(np.arange(4.0) + 1)
def f(x: np.ndarray):
    y = np.empty(4)
    y[0] = y[1] = x[0] * x[1]
    y.fill(2.0)
    y[2] = x[2] * y[1]
    y[3] = x[3]
    y /= 2.0
    return np.prod(y) if False else np.sum(y * y)
""",
    "zeros like": """\
# codegen: example f(np.arange(4.0) + 1)
def f(x: np.ndarray):
    y = np.zeros_like(x)
    for i in range(len(x)):
        y[i] = math.sin(x[i]) * x[i - 1]
    return y
""",
    "indices of all kinds": """\
# codegen: example f(np.arange(6.0) + 1, 0.5)
def f(a: np.ndarray, s: float):
    a[0] = s * a[1]
    a[-1] += a[2] * s
    a[::2] *= s
    a[4:1:-2] /= 2.0 + a[1]
    a[1:3] **= 2
    return np.sum(a * a)
""",
    "whole powers in place": """\
# codegen: example f(np.arange(6.0) + 1, 1.5)
def f(a: np.ndarray, s: float):
    a **= 2
    a[1] **= -1
    return np.sum(a)
""",
    "several axes, an ellipsis, new axes": """\
# codegen: example f(np.arange(24.0).reshape(2, 3, 4) + 1, np.arange(4.0))
def f(a: np.ndarray, b: np.ndarray):
    a[..., 1] = a[..., 0] * 2
    a[0, :, np.newaxis, 2] *= a[1, :, None, 3]
    a[:, 1] += b
    a[1, ..., 0] = b[1]
    return np.sum(a * a)
""",
    "a stable sigmoid by masks": """\
# codegen: example f(np.arange(6.0) - 2.5)
def f(a: np.ndarray):
    z = np.empty_like(a)
    m = a > 0
    z[m] = 1 / (1 + np.exp(-a[m]))
    z[~m] = np.exp(a[~m]) / (1 + np.exp(a[~m]))
    z[z > 0.6] *= 2
    return z
""",
    "index arrays": """\
# codegen: example f(np.arange(6.0), np.arange(2.0))
def f(a: np.ndarray, b: Float[np.ndarray, "2"]):
    a[np.array([0, 3])] = b
    a[[1, 2]] += b
    np.add.at(a, np.array([0, 0]), b)
    a[[4, 5]] = a[[5, 4]]
    return np.sum(a * a)
""",
    "arrays made in all ways and filled": """\
# codegen: example f(np.arange(4.0) + 1, np.arange(4.0))
def f(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"]):
    y = np.empty(4)
    np.copyto(y, a * b)
    y *= b
    z = np.ndarray(4)
    z.fill(a[0])
    z[:] = z + y
    w = np.full_like(a, 2.0)
    w[0] = z[1]
    v = np.ndarray(a.shape)
    v[...] = w
    q = np.ndarray((4,), dtype=float)
    q[:] = v * a[1]
    u = np.empty_like(a)
    u[:] = 3.0
    u[1] = q[2]
    o = np.ones_like(a)
    o -= u
    return np.sum(o * q * z)
""",
    "copies written into": """\
# codegen: example f(np.arange(4.0) + 1, np.arange(4.0))
def f(a: np.ndarray, b: np.ndarray):
    y = np.copy(a)
    y[0] = b[0]
    z = a.copy()
    z += y
    w = np.array(a)
    w[1:] -= z[:-1]
    return np.sum(w * y)
""",
    "rows swapped, in both spellings": """\
# codegen: example f(np.arange(6.0).reshape(3, 2) + 1, 0, 2)
# codegen: example f(np.arange(6.0).reshape(3, 2) + 1, 1, 1)
def f(A: Float[np.ndarray, "N M"], i: int, j: int):
    A[[i, j]] = A[[j, i]]
    A[0] *= A[1]
    A[i], A[j] = A[j].copy(), A[i].copy()
    return np.sum(A[0] * A[1] * A[2])
""",
    "an LU factorization with pivots": """\
# codegen: example f(np.array([[0.5, 2.0, 1.0], [3.0, 1.0, 0.2], [0.1, 0.4, 2.0]]))
def f(A: Float[np.ndarray, "N N"]):
    n = A.shape[0]
    for k in range(n):
        p = k + np.argmax(np.abs(A[k:, k]))
        A[[k, p]] = A[[p, k]]
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1 :] -= A[i, k] * A[k, k + 1 :]
    return np.sum(A * A)
""",
    "parts of rows, columns and entries swapped": """\
# codegen: example f(np.arange(9.0).reshape(3, 3) + 1, np.arange(3.0), 0, 2)
def f(A: Float[np.ndarray, "N N"], b: Float[np.ndarray, "N"], i: int, j: int):
    A[[i, j], 1:] = A[[j, i], 1:]
    A[:, [0, j]] = A[:, [j, 0]]
    b[[i, j]] = b[[j, i]]
    b[[0, 1]] = b[[1, 0]]
    return np.sum(A[0] * A[1] * A[2]) + np.sum(A @ b * b)
""",
    "masks and index arrays of a column": """\
# codegen: example f(np.arange(9.0).reshape(3, 3) - 4, 0.3)
def f(A: Float[np.ndarray, "N N"], c: float):
    p = A[:, 1]
    p[p < 0] *= c
    p[np.array([0, 2])] += c
    np.add.at(p, np.array([0, 2, 2]), c * A[0, 0])
    return np.sum(A * A)
""",
    "guarded rows, forward elimination": """\
# codegen: example f(np.array([1.0, 2.0, 3.0, 1.5]), np.array([0.3, 0.2, 0.4, 0.1]))
def f(x: np.ndarray, c: np.ndarray):
    n = x.shape[0]
    y = np.empty(n)
    z = np.empty(n)
    for k in range(n):
        y[k] = x[k] * c[k]
        if k > 0:
            y[k] += x[k - 1] ** 2
            divided = 1.0 / (3.0 - z[k - 1] * c[k])
            z[k] = c[k] * divided
            y[k] = (y[k] - y[k - 1] * c[k]) * y[k - 1] * divided
        else:
            z[k] = c[k] / x[k]
            y[k] /= x[k]
    return y * z
""",
    "a guard that lets the last entry in": """\
# codegen: example f(np.array([1.0, 2.0, 3.0, 1.5]))
def f(x: np.ndarray):
    y = x * 1.5
    for k in range(4):
        if k >= 0:
            y[k] = y[k - 1] * y[k]
        else:
            y[k] = 0
    return y
""",
    "a guard against a fraction": """\
# codegen: example f(np.array([1.0, 2.0, 3.0, 1.5]), 0.5)
def f(x: np.ndarray, c):
    y = x * 1.5
    for k in range(4):
        if k > c:
            y[k - 1] = y[k - 1] * y[k]
            y[0] = y[0] * y[k]
    return y
""",
    "guards of two arms and a pair": """\
# codegen: example f(np.array([1.0, 2.0, 3.0, 1.5, 0.7]), 3)
def f(x: np.ndarray, m: int):
    y = x * 1.5
    for k in range(5):
        if 0 < k < m:
            y[k] = y[k - 1] * y[k] * y[m]
        elif k == m and m > 1:
            y[k] = y[m - 1] * y[k]
        else:
            y[k] = y[k] ** 2 * y[1]
    return y
""",
    "a part cleared, and read before it is given anew": """\
# codegen: example f(np.array([[1.0, 2.0], [0.3, 1.5]]), np.array([[0.5, 0.2], [0.1, 0.9]]))
def f(x: np.ndarray, w: np.ndarray):
    x = x * 1.0
    for i in range(2):
        x[i] = x[i] @ w * x[0, 0] + x[1 - i]
        x[:, i] = x[:, i] * x[i] * 0.3
        x[i, i] = x[i, i] * x[i, i]
    x[:] = x * x + x @ w
    return x
""",
    "turned round": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 0.5, np.array([0.3, -0.2, 0.9]))
def f(x: Float[np.ndarray, "N M"], w: Float[np.ndarray, "M"]):
    z = x[::-1, ::-1] * w
    back = w[::-1]
    s = 0.0
    for i in range(1, 3):
        s += w[:i][::-1] @ back[:i] * np.sum(z[:, :i][::-1] ** 2)
    u = back
    return np.sum(z[::-1]) * s + np.sum(u[::-1]) + u[0] * back[1]
""",
    "the square of a row": """\
# codegen: example f(np.array([1.0, 2.0, 3.0, 1.5]))
def f(x: np.ndarray):
    y = x * 1.5
    for k in range(1, 4):
        y[k] -= y[:k] @ y[:k]
        y[k] = y[k] * y[k]
    return y
""",
    "scaled, then summed in turns": """\
# codegen: example f(np.array([[1.0, 2.0], [0.3, 1.5]]), np.array([[0.5, 0.2], [0.1, 0.9]]), 0.7)
def f(C: Float[np.ndarray, "N N"], A: Float[np.ndarray, "N N"], b: float):
    for i in range(2):
        s = np.sum(C[i] ** 2)
        C[i, : i + 1] *= b
        for k in range(2):
            C[i, : i + 1] += A[: i + 1, k] * A[i, k] * s
        C[i, : i + 1] *= C[0, 0]
    return C
""",
    "scaled, read, then summed in turns": """\
# codegen: example f(np.array([[1.0, 2.0], [0.3, 1.5]]), np.array([[0.5, 0.2], [0.1, 0.9]]), 0.7)
def f(C: Float[np.ndarray, "N N"], A: Float[np.ndarray, "N N"], b: float):
    for i in range(2):
        C[i, : i + 1] *= b
        t = C[i, 0] * C[i, 0]
        for k in range(2):
            C[i, : i + 1] += A[: i + 1, k] * C[i, 0] * t
    return C
""",
    "scaled in an arm, then summed": """\
# codegen: example f(np.array([[1.0, 2.0], [0.3, 1.5]]), np.array([[0.5, 0.2], [0.1, 0.9]]), 0.7)
def f(C: Float[np.ndarray, "N N"], A: Float[np.ndarray, "N N"], b: float):
    for i in range(2):
        t = np.sum(C[i] * C[i])
        if i > 0:
            C[i, 0] *= b
        for k in range(2):
            C[i, 0] += A[0, k] * t
        C[i, 0] /= b + 1.0
        C[i, 0] += b
    return C
""",
    "reciprocals in loops": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]), 1.3, np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 1.5]]))
def f(x: np.ndarray, a: float, z: np.ndarray):
    s = 0.0
    for i in range(3):
        inverse = 1.0 / (x[i] + a * i)
        outer = 1.0 / a
        twice = 2.0 / (x[i] * a)
        row = 1 / (z[0] + x[i])
        s += inverse * inverse * outer * twice * np.sum(row * z[1])
    return s
""",
}

FOUND = {
    "a procedure in a loop updates a name": """\
def scale(p, q):
    p *= q

def twice(change, p, q):
    change(p, q)
    change(p, q)

# codegen: example f(np.array([0.5, -0.3]), np.array([1.1, 0.7]), 2)
def f(p: np.ndarray, q: np.ndarray, n: int):
    p = p.copy()
    for _ in range(n):
        twice(scale, p, q)
    return np.sum(p)
""",
    "a function in a loop updates a name, and returns it": """\
def scale(p, q):
    p *= q
    return p

# codegen: example f(np.array([0.5, -0.3]), np.array([1.1, 0.7]), 2)
def f(p: np.ndarray, q: np.ndarray, n: int):
    p = p.copy()
    while n > 0:
        n -= 1
        z = scale(q=q, p=p)
    return p * q
""",
    "a function inside this one updates a name in a loop": """\
# codegen: example f(np.array([0.5, -0.3]), np.array([1.1, 0.7]), 2)
def f(p: np.ndarray, q: np.ndarray, n: int):
    def scale(w):
        w *= q
    def add(w, v):
        w[:] += v
    p = p.copy()
    for _ in range(n):
        scale(p)
        add(p, q)
    return np.sum(p * p)
""",
    "a procedure writes into one of its arguments": """\
def step(p: np.ndarray, rate: float, q: np.ndarray, a: float):
    rate *= 2
    p[1:] += rate * a * q[:-1] * p[:-1]

# codegen: example f(np.array([0.5, -0.3, 0.4]), 0.3, np.array([1.1, 0.7, 0.2]), 1.2, 2)
def f(p: np.ndarray, rate: float, q: np.ndarray, a: float, n: int):
    for _ in range(n):
        step(p, rate, q, a)
        q[0] *= rate
    return np.sum(p) * a
""",
    "a mask of what is overwritten by it": """\
# codegen: example f(np.array([0.3, -0.2, 0.9]), np.array([0.5, 0.4, -0.7]))
def f(x: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"]):
    for i in range(3):
        b[i] += x[i] * x[i] * b[-1]
        b[b > 0.123] = x[i] / (2.0 + x[i] ** 2)
    b[b < 0.2] *= x[0]
    b[np.argmax(b)] -= x[1] * 2
    return np.sum(b * b)
""",
    "a divisor that is overwritten": """\
# codegen: example f(np.array([2.0, 3.0, 4.0]))
def f(a: np.ndarray):
    a[:2] *= a[0]
    a[1:] /= a[1]
    return np.sum(a * a) + a[1] * a[2]
""",
    "a store at the end that nobody reads": """\
# codegen: example f(np.array([0.3, -0.2, 0.9]), np.array([0.5, 0.4, -0.7]), np.eye(3))
def f(x: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"], W: Float[np.ndarray, "N N"]):
    np.add.at(x, np.array([0, 2, 2, 1]), -1.33 / (2.0 + x[-3] ** 2))
    W[:, 2] *= -0.60 - x[-2]
    x += x[1] + 0.49
    return np.sum(W * b)
""",
    "a condition on what its arm overwrites, where only old contents are put back": """\
# codegen: example f(np.array([0.3, -0.2, 0.9, 0.2, 0.1]), np.array([0.5, 0.4, -0.7, 0.3, 0.8]))
def f(d: Float[np.ndarray, "N"], v: Float[np.ndarray, "N"]):
    v[:-1] = np.cos(d[:-1])
    for i in range(4, -1, -1):
        if d[3] > 0.17:
            d[i - 1] /= 1.5 + v[i] ** 2
    return np.sum(np.sin(v))
""",
    "numbers at places that are named twice": """\
# codegen: example f(np.arange(12.0).reshape(3, 4), np.array([[0, 1, 2], [0, 1, 1]]))
def f(a: np.ndarray, y):
    b = a * a
    b[np.arange(3), y] = 0
    b[range(3), y] -= 1
    b[y] += 2
    c = np.sin(b)
    b[y] *= 3
    b[:, y] /= 2
    return np.sum(b * a) + np.sum(c * b)
""",
    "lists that are written out": """\
# codegen: example f(np.ones((3, 4)), np.arange(2.0))
def f(a: Float[np.ndarray, "N M"], v: Float[np.ndarray, "2"]):
    a[[0, 2], [1, 3]] = v * v
    a[[0, 2], 0] += v
    return np.sum(a * a * a)
""",
    "a cotangent that is shown broadcast, whose memory goes on": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, np.arange(3.0))
def f(a: Float[np.ndarray, "N D"], b: Float[np.ndarray, "D"]):
    w = np.sin(a)
    q = np.sin(b)
    r = q * q
    t = np.sum(w, axis=0)
    t2 = t + q
    return np.sum(t2 * t2 * r)
""",
    "a cotangent that is shown broadcast and cleared": """\
# codegen: example f(np.arange(5.0) + 1, np.arange(5.0))
def f(x: Float[np.ndarray, "N"], y: Float[np.ndarray, "N"]):
    u = y * y + np.zeros(5)
    x[...] = np.cos(u) * 1.2 + x
    return x
""",
    "a cotangent that is shown broadcast, in a loop": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, np.arange(3.0))
def f(a: Float[np.ndarray, "N D"], b: Float[np.ndarray, "D"]):
    h = np.sin(b)
    s = 0.0
    for i in range(3):
        w = np.sin(a) * (i + 1)
        r = h * h
        t = np.sum(w, axis=0)
        h = t + h
        s = s + np.sum(h * r)
    return s
""",
    "loops over what their turns write into": """\
# codegen: example f(np.array([0.3, 0.7, 1.1]), 0.4)
def f(x: Float[np.ndarray, "N"], y: float):
    v = np.sin(x)
    s = y
    for u, w in zip(reversed(v), v):
        s += u * w
        v /= 1 + 0.1 * s**2
        if s > 100:
            break
    for i, u in enumerate(v):
        s += i * u * u
        v[:] = v * u
    return s
""",
    "a loop over what its turns write into, of a rank that is not known": """\
# codegen: example f(np.array([0.3, 0.7, 1.1]))
# codegen: example f(np.array([[0.3, 0.7], [1.1, 0.2]]))
def f(x: np.ndarray):
    v = np.sin(x)
    s = 0.0
    for u in v:
        s += u * u
        v *= 0.5
    return s
""",
    "an entry, or a row, of an array that is written into behind": """\
# codegen: example f(np.array([0.3, 0.7, 1.1]))
# codegen: example f(np.array([[0.3, 0.7], [1.1, 0.2]]))
def f(x: np.ndarray):
    v = np.sin(x)
    s = 0.0
    for i in range(len(v)):
        u = v[i]
        s += u * u
        v[-1] *= 0.5
    return s
""",
    "a helper that writes into what a loop of its caller is over": """\
def _halve(a):
    a[1:] *= 0.5


def _g(a):
    t = 0.0
    for u in a:
        t += u * u
        _halve(a)
    return t


# codegen: example f(np.array([0.3, 0.7, 1.1]))
def f(x: Float[np.ndarray, "N"]):
    v = x * x
    return _g(v) * v[-1]
""",
    "updates by its name of an array that is written into in a loop": """\
# codegen: example f(np.array([0.3, 0.7, 1.1]), 3)
# codegen: example f(np.array([0.3, -0.7, 1.1]), 0)
def f(x: Float[np.ndarray, "N"], n: int):
    y = np.zeros_like(x)
    for i in range(n):
        if x[i] > 0.5:
            y += x * x[i]
        y[i] += x[i] * y[0]
        y *= 1.5
    return np.sum(y * y * x)
""",
}

REFUSED = {
    "a loop over what is written into, and is another array too": """\
def f(x: np.ndarray):
    s = 0.0
    for u in x:
        s += np.sum(u)
        x = x * 0.5
        x[0] = 3.0
    return s
""",
    "repeats": """\
# codegen: example f(np.arange(3.0), np.array([0, 1]))
def f(x: np.ndarray, i: np.ndarray):
    y = x * 2
    y[i] = 3.0 * x[i]
    return np.sum(y)
""",
    "rows that are repeated": """\
def f(a: np.ndarray, y: Float[np.ndarray, "K 3"], v: Float[np.ndarray, "K 3"]):
    a[np.arange(3), y.astype(int)] = v * v
    return np.sum(a * a)
""",
    "a list beside more rows": """\
def f(a: np.ndarray, y: Float[np.ndarray, "3 2"], v: Float[np.ndarray, "3 2"]):
    a[[0, 2], y.astype(int)] = v
    return np.sum(a * a)
""",
    "a row from a column": """\
def f(A: Float[np.ndarray, "N N"], x: Float[np.ndarray, "N"]):
    A[-3] = A[:, -2]
    return np.sum(A @ x)
""",
}
