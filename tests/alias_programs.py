"""Programs that write into arrays by other names, by parts, and by functions that are given them.

`REFUSED` are those that cannot be followed. All stand below `control_programs.HEAD`.
"""

PROGRAMS = {
    "another name, written into by both": """\
# codegen: example f(np.arange(4.0) + 1)
def f(x: np.ndarray):
    y = x
    y[0] = 2.0 * x[1]
    x[2] *= y[0]
    return np.sum(x * y)
""",
    "another name that is updated": """\
# codegen: example f(np.arange(4.0) + 1)
def f(x: np.ndarray):
    y = x
    y += x
    return np.sum(x * x[1])
""",
    "another name of a local array, in a loop": """\
# codegen: example f(np.arange(4.0) + 1)
def f(x: np.ndarray):
    a = np.zeros(4)
    b = a
    for i in range(4):
        b[i] = x[i] ** 2 * a[i - 1] + x[i]
    return np.sum(a * a)
""",
    "a slice read after its array was written into": """\
# codegen: example f(np.arange(4.0) + 1)
def f(x: np.ndarray):
    y = x * 2
    v = y[:2]
    y[0] = 5.0 * x[1]
    return np.sum(v * v)
""",
    "a transpose read after its array was written into": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1)
def f(x: Float[np.ndarray, "N M"]):
    y = x * 2
    t = y.T
    y[0, 1] = 5.0 * x[1, 0]
    return np.sum(t @ x)
""",
    "rows written into by a name": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1)
def f(x: Float[np.ndarray, "N M"]):
    for i in range(x.shape[0]):
        row = x[i]
        row[:] = row * row[0]
        row[1:] += row[:-1]
        row *= 2.0
    return np.sum(x * x)
""",
    "a slice written into by a name": """\
# codegen: example f(np.arange(6.0) + 1, np.arange(4.0))
def f(a: np.ndarray, e: np.ndarray):
    v = a[1:-1]
    v += e * a[0]
    v[1:] *= v[:-1]
    v[0] = a[2]
    return np.sum(a * a)
""",
    "an entry is a number, not a view": """\
# codegen: example f(np.arange(6.0) + 1)
def f(a: Float[np.ndarray, "N"]):
    t = a[0]
    a[0] = a[1] * 2
    a[1] = t
    t += a[3]
    return np.sum(a * a) * t
""",
    "a procedure given a slice, in a loop": """\
def _relax(v, c):
    v[1:-1] = 0.5 * (v[:-2] + v[2:]) * c


# codegen: example f(np.arange(8.0) ** 1.5, 0.7)
def f(u: Float[np.ndarray, "N"], c: float):
    for t in range(3):
        _relax(u[1:-1], c)
    return np.sum(u * u)
""",
    "a procedure given rows and a column": """\
def _scale(v, c):
    for j in range(len(v)):
        v[j] *= c * v[j]


# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.7)
def f(a: Float[np.ndarray, "N M"], c: float):
    for i in range(a.shape[0]):
        _scale(a[i], c)
    _scale(a[:, 0], c)
    return np.sum(a * a)
""",
    "an array given twice": """\
def _axpy(y, x, c):
    y += c * x


# codegen: example f(np.arange(6.0) + 1, 0.7)
def f(a: Float[np.ndarray, "N"], c: float):
    _axpy(a, a, c)
    _axpy(a[1:], a[:-1], c)
    _axpy(a[:-1], a[1:], c)
    return np.sum(a * a)
""",
    "an index behind an index": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1)
def f(a: Float[np.ndarray, "N M"]):
    a[0][1] = a[1][2] * a[0][0]
    a[1][1:] *= a[0][:2]
    a[0][:] += a[1]
    return np.sum(a * a)
""",
    "what a function fills and gives back": """\
def _fill(out, x):
    for i in range(len(x)):
        out[i] = x[i] ** 2
    return out


# codegen: example f(np.arange(6.0) + 1)
def f(x: Float[np.ndarray, "N"]):
    y = _fill(np.zeros(len(x)), x)
    y[0] *= 2
    z = _fill(np.zeros_like(y), y)
    return np.sum(y * z)
""",
    "what a function fills and gives back, in a loop": """\
def _fill(out, x):
    for i in range(len(x)):
        out[i] = x[i] ** 2 + out[i]
    return out


# codegen: example f(np.arange(6.0) + 1)
def f(x: Float[np.ndarray, "N"]):
    s = 0.0
    for t in range(3):
        y = _fill(np.zeros(len(x)), x)
        y[0] *= 2 + t
        y = _fill(y, x)
        s += np.sum(y * x)
    return s
""",
    "what a function fills for another": """\
def _fill(out, x):
    out[:] = x * x
    return out


def _two(x):
    a = _fill(np.zeros_like(x), x)
    b = _fill(np.zeros_like(x), a)
    a[0] = b[1]
    return a, b


# codegen: example f(np.arange(6.0) + 1)
def f(x: Float[np.ndarray, "N"]):
    p, q = _two(x)
    p[1] *= q[0]
    return np.sum(p * q)
""",
    "another name by a function that gives its argument back": """\
def _scale(v, s):
    v[:] = v * s
    return v


# codegen: example f(np.arange(4.0) + 1, 0.4)
def f(a: np.ndarray, s: float):
    b = _scale(a, s)
    b[0] = a[1] * 2
    return np.sum(a * b)
""",
    "what a function gives back, in an expression": """\
def _scale(v, s):
    v *= s
    return v


# codegen: example f(np.arange(4.0) + 1, 0.4)
def f(x: np.ndarray, s: float):
    return np.sum(_scale(x * 2, s)) + np.sum(_scale(x, s) * x)
""",
    "a procedure inside the function, in a loop": """\
# codegen: example f(np.arange(6.0) + 1, 0.4)
def f(x: Float[np.ndarray, "N"], s: float):
    def smooth(v, c):
        v[1:] = v[:-1] * c
    a = x * 2
    for t in range(3):
        smooth(a, s)
        smooth(a[1:], s)
    return np.sum(a * a)
""",
    "procedures several deep, each given a part": """\
def _inner(w, c):
    w[1:-1] += c * w[:-2] * w[2:]


def _middle(v, c):
    for k in range(2):
        _inner(v[1:], c)
        _inner(v[:-1], c)
    v[0] = v[1] * c


# codegen: example f(np.arange(10.0).reshape(2, 5) * 0.1 + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], c: float):
    for i in range(len(a)):
        _middle(a[i], c)
        _middle(a[i, 1:], c * 0.5)
    return np.sum(a * a)
""",
    "a procedure given a transpose": """\
def _inner(w, c):
    w[0] += c * w[1]


# codegen: example f(np.arange(9.0).reshape(3, 3) * 0.1 + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], c: float):
    _inner(a.T, c)
    return np.sum(a * a)
""",
    "an entry given to a function that updates it": """\
def _bump(w, c):
    w += c
    return w * w


# codegen: example f(np.arange(3.0), 0.4)
def f(a: Float[np.ndarray, "N"], c: float):
    y = a * 2
    z = _bump(y[0], c)
    y[1] = z
    return np.sum(y * a)
""",
    "a row given to a function that updates it": """\
def _bump(w, c):
    w += c
    return w * w


# codegen: example f(np.arange(6.0).reshape(2, 3), 0.4)
def f(a: Float[np.ndarray, "N M"], c: float):
    y = a * 2
    z = _bump(y[0], c)
    y[1] = z
    return np.sum(y * a)
""",
    "rows of a loop": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    for row in a:
        row *= s
        row[0] = row[1] * row[2]
    return np.sum(a * a)
""",
    "rows of a loop with their numbers": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    b = a * 2
    for k, row in enumerate(b):
        row += s * k * a[k]
        for i in range(3):
            row[i] *= row[i - 1]
    return np.sum(a * b)
""",
    "columns of a loop": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    for column in a.T:
        column *= s
        column[0] *= column[1]
    return np.sum(a * a)
""",
    "rows of a loop, of an array that the loop writes into": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    t = 0.0
    for row in a:
        a[1, 0] += s
        t += np.sum(row * row)
    return t
""",
    "entries of a slice by the numbers of turns": """\
# codegen: example f(np.arange(6.0) + 1, 0.4)
def f(a: Float[np.ndarray, "N"], s: float):
    v = a[1:-1]
    n = v.shape[0]
    for i in range(1, n):
        v[i] = v[i - 1] * s + v[i]
    for i in range(n - 1, -1, -1):
        v[i] += 2 * a[i]
    return np.sum(v * a[0])
""",
    "another name, in both arms": """\
# codegen: example f(np.arange(3.0) + 1, np.arange(3.0), 0.4)
def f(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"], s: float):
    y = a * b
    if s > 0:
        c = y
        c[0] = s
    else:
        c = y
        c[1] = 2 * s
    return np.sum(y * b)
""",
    "parts of parts": """\
# codegen: example f(np.arange(24.0).reshape(2, 3, 4) + 1, 0.4)
def f(a: Float[np.ndarray, "N M K"], s: float):
    m = a[1]
    row = m[2]
    part = row[1:]
    part[:] = m[0, :-1] * s
    part[0] *= row[0]
    m[0] = row
    block = a[:, 1:]
    block[0] *= s
    block[1, 0] += block[0, 1]
    block[:, :, 0] = 2.0
    return np.sum(a * a)
""",
    "slices with a step": """\
# codegen: example f(np.arange(8.0) + 1, 0.4)
def f(a: Float[np.ndarray, "N"], s: float):
    odd = a[1::2]
    even = a[::2]
    odd[:] = even * s
    odd[1] *= odd[0]
    even -= odd
    return np.sum(a * a)
""",
    "entries of a slice by a number that counts up": """\
# codegen: example f(np.arange(8.0) + 1, 0.4)
def f(a: Float[np.ndarray, "N"], s: float):
    v = a[2:]
    k = 0
    while k < 3:
        v[k] *= a[k] * s
        k = k + 1
    return np.sum(v)
""",
    "a part that is returned": """\
# codegen: example f(np.arange(8.0) + 1, 0.4)
def f(a: Float[np.ndarray, "N"], s: float):
    v = a[2:]
    v *= s
    return v
""",
    "an array returned by two names": """\
# codegen: example f(np.arange(8.0) + 1, 0.4)
def f(a: Float[np.ndarray, "N"], s: float):
    y = a * 2
    v = y
    v *= s
    return y, v
""",
    "an array and a part of it returned": """\
# codegen: example f(np.arange(8.0) + 1, 0.4)
def f(a: Float[np.ndarray, "N"], s: float):
    y = a * 2
    v = y[1:]
    v *= s
    return y, v
""",
    "a slice returned of what the reverse puts back": """\
# codegen: example f(np.arange(8.0) + 1, 0.4)
def f(a: Float[np.ndarray, "N"], s: float):
    y = a * 2
    y[1:] *= s
    return y[1:]
""",
    "a transpose returned of what the reverse puts back": """\
# codegen: example f(np.arange(8.0).reshape(2, 4) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    y = a * 2
    y[1:] *= s
    return y.T
""",
    "nothing returned, parts written into by names": """\
# codegen: example f(np.arange(8.0).reshape(2, 4) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    top, bottom = a[0], a[1]
    top *= s
    bottom[1:] += top[:-1]
""",
    "numbers and rows updated": """\
# codegen: example f(np.arange(8.0).reshape(2, 4) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    t = a[0, 0]
    t += s
    a[0, 0] = t * t
    r = a[0]
    t *= r[1]
    r += t
    return np.sum(a * a) * t
""",
    "a row read in a comprehension": """\
# codegen: example f(np.arange(8.0).reshape(2, 4) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    r = a[0]
    r *= s
    t = sum([r[i] ** 2 for i in range(3)])
    return np.sum(a * a) * t
""",
    "several targets of one value": """\
# codegen: example f(np.arange(6.0) + 1, np.arange(6.0))
def f(a: np.ndarray, t: np.ndarray):
    a[1:3] = t[0:2] = a[3:5] * t[1:3]
    a[0] = t[4] = a[1] = t[1] * 2
    return np.sum(a * t)
""",
    "powers in place": """\
# codegen: example f(np.arange(6.0) + 1, 1.5)
def f(a: np.ndarray, s: float):
    a[1:3] **= s
    a[0] **= 0.5
    a **= 1.5
    return np.sum(a)
""",
    "products in place": """\
# codegen: example f(np.arange(9.0).reshape(3,3) + 1, np.eye(3) * 2)
def f(a: Float[np.ndarray, "N N"], b: Float[np.ndarray, "N N"]):
    a @= b
    a[:] = a @ b
    return np.sum(a*a)
""",
    "remainders in place": """\
# codegen: example f(np.arange(4.0) + 1.3)
def f(a: np.ndarray):
    a[1] %= 2
    a[2:] //= 2
    return np.sum(a*a)
""",
    "numbers taken off at places named twice": """\
# codegen: example f(np.arange(4.0) + 1, np.arange(3.0))
def f(a: np.ndarray, b: np.ndarray):
    np.subtract.at(a, np.array([0, 1, 1]), b)
    return np.sum(a*a)
""",
    "an array that a function updates and gives back": """\
def _scale(v, s):
    v *= s
    return v


# codegen: example f(np.arange(4.0) + 1, 0.4)
def f(a: np.ndarray, s: float):
    a = _scale(a, s)
    a = _scale(a, s)
    return np.sum(a * a)
""",
    "updates several deep, in a loop": """\
def _inner(v, s):
    v *= s


def _outer(v, w, s):
    for i in range(len(v)):
        v[i] += w[i] * s
    _inner(v, s)
    _inner(w, s)


# codegen: example f(np.arange(4.0) + 1, np.arange(4.0), 0.4)
def f(a: np.ndarray, b: np.ndarray, s: float):
    for t in range(3):
        _outer(a, b, s)
""",
    "two arrays that change their names": """\
# codegen: example f(np.arange(6.0) + 1, 4)
def f(x: Float[np.ndarray, "N"], T: int):
    a = x.copy()
    b = x.copy()
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * a[1:-1]
        a, b = b, a  # change
    return np.sum(a * a)
""",
    "two arrays that change their names, nothing kept": """\
# codegen: example f(np.arange(6.0) + 1, 3)
def f(x: Float[np.ndarray, "N"], T: int):
    a = x.copy()
    b = np.zeros_like(x)
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:])
        a, b = b, a
    return a
""",
    "two arrays that change their names by a third": """\
# codegen: example f(np.arange(6.0) + 1, 4)
def f(x: Float[np.ndarray, "N"], T: int):
    a = x.copy()
    b = np.zeros_like(x)
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * a[1:-1]
        tmp = a
        a = b
        b = tmp
    return np.sum(a * a)
""",
    "three arrays that change their names": """\
# codegen: example f(np.arange(6.0) + 1, 0.1, 4)
def f(x: Float[np.ndarray, "N"], c: float, T: int):
    before = x.copy()
    now = x.copy()
    after = np.zeros_like(x)
    for t in range(T):
        after[1:-1] = 2 * now[1:-1] - before[1:-1] + c * (now[2:] - 2 * now[1:-1] + now[:-2])
        after[0] = now[1] * now[2]
        before, now, after = now, after, before
    return np.sum(now * now) + before[1]
""",
    "parameters that change their names": """\
# codegen: example f(np.arange(6.0) + 1, np.arange(6.0), 3)
def f(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"], T: int):
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * b[1:-1]
        a, b = b, a
    return np.sum(a * a * b)
""",
    "arrays of a function that change their names, twice": """\
def _run(x, T):
    a = x.copy()
    b = x * 2
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * a[1:-1]
        a, b = b, a
    return a


# codegen: example f(np.arange(6.0) + 1, 3)
def f(x: Float[np.ndarray, "N"], T: int):
    return np.sum(_run(x, T) * _run(x * x, 2))
""",
    "arrays that change their names on one path": """\
# codegen: example f(np.arange(6.0) + 1, 0.3)
def f(x: Float[np.ndarray, "N"], c: float):
    a = x.copy()
    b = x * c
    k = 0
    while k < 4:
        b[1:] += np.sin(a[:-1])
        if a[0] > 1.5:
            a, b = b, a
        else:
            a[0] += 1.0
        k = k + 1
    return np.sum(a * b * b)
""",
    "arrays that change their names twice": """\
# codegen: example f(np.arange(6.0) + 1, 0.3)
def f(x: Float[np.ndarray, "N"], c: float):
    a = x.copy()
    b = x * c
    a[0] = b[1]
    a, b = b, a
    a[1:] *= b[:-1]
    b, a = a, b
    a[2] *= b[2]
    return np.sum(a * b * b)
""",
    "parts of arrays that change their names": """\
# codegen: example f(np.arange(6.0) + 1, 4)
def f(x: Float[np.ndarray, "N"], T: int):
    a = x.copy()
    b = x.copy()
    for t in range(T):
        inner = b[1:-1]
        inner[:] = 0.5 * (a[:-2] + a[2:]) * a[1:-1]
        a, b = b, a
    return np.sum(a * a)
""",
    "arrays that change their names in two loops": """\
# codegen: example f(np.arange(6.0) + 1, 3)
def f(x: Float[np.ndarray, "N"], T: int):
    a = x.copy()
    b = x.copy()
    for t in range(T):
        for s in range(2):
            b[1:] = a[:-1] * a[1:]
            a, b = b, a
        b[0] += a[1]
        a, b = b, a
    return np.sum(a * b)
""",
    "arrays that change their names, and a break": """\
# codegen: example f(np.arange(6.0) * 0.1 + 1, 9)
def f(x: Float[np.ndarray, "N"], T: int):
    a = x.copy()
    b = x.copy()
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * a[1:-1]
        a, b = b, a
        if abs(a[1] - b[1]) < 0.05:
            break
    return np.sum(a * a)
""",
    "a part whose index changes": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    i = 0
    row = a[i]
    i = 1
    row[0] = s * a[i, 2]
    return np.sum(a * a)
""",
    "what a function gives back, not taken": """\
def _scale(v, s):
    v *= s
    return v


# codegen: example f(np.arange(6.0) + 1, 0.3)
def f(x: Float[np.ndarray, "N"], s: float):
    _scale(x, s)
    _scale(x[1:], s)
    return np.sum(x * x)
""",
    "an entry given beside its array": """\
def _spread(v, e):
    v[0] = 2.0 * v[1]
    v *= e


# codegen: example f(np.arange(6.0) + 1, 0.3)
def f(x: Float[np.ndarray, "N"], s: float):
    _spread(x, x[0])
    _spread(x, s)
    return np.sum(x * x)
""",
    "a row given beside its array": """\
def _spread(v, e):
    v[0] = 2.0 * v[1]
    v *= e


# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.3)
def f(x: Float[np.ndarray, "N M"], s: float):
    _spread(x, x[0])
    _spread(x, s)
    return np.sum(x * x)
""",
    "two names of one row": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.3)
def f(x: Float[np.ndarray, "N M"], s: float):
    p = x[0]
    q = x[0]
    r = p
    p[0] = s * q[1]
    q *= r[0]
    r[1:] = p[:-1]
    return np.sum(p * q * r)
""",
    "parts in a loop of no turns": """\
# codegen: example f(np.arange(6.0) + 1, 0.3, 0)
def f(x: Float[np.ndarray, "N"], s: float, T: int):
    v = x[1:]
    for t in range(T):
        w = v[1:]
        w *= s
        v[0] = w[0]
    v[0] *= s
    return np.sum(x)
""",
    "a part written into on two paths that return": """\
# codegen: example f(np.arange(6.0) + 1, 0.3)
def f(x: Float[np.ndarray, "N"], s: float):
    v = x[1:]
    if s > 0:
        v *= s
        return np.sum(x * x)
    v[0] = 2.0
    return np.sum(x)
""",
    "rows that change their names": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.3)
def f(x: Float[np.ndarray, "N M"], s: float):
    p, q = x[0], x[1]
    p[0] = s
    p, q = q, p
    p[1] *= q[0]
    return np.sum(x * x)
""",
    "a part whose index is counted up behind it": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.3)
def f(x: Float[np.ndarray, "N M"], s: float):
    k = 0
    while k < 2:
        p = x[k]
        k = k + 1
        p[0] *= s
        p += 1.0
    return np.sum(x * x)
""",
}

REFUSED = {
    "rows of an array whose name is bound anew": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    b = a * 1
    c = b
    for row in b:
        row[0] *= s
        b = c * 2
    return np.sum(c * b)
""",
    "a part of an array whose name is bound anew": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    row = a[0]
    a = a * 2
    row[0] = s * a[1, 2]
    return np.sum(a * a) + np.sum(row)
""",
    "one of two arrays": """\
# codegen: example f(np.arange(3.0) + 1, np.arange(3.0), 0.4)
def f(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"], s: float):
    if s > 0:
        c = a
    else:
        c = b
    c[0] = s
    return np.sum(a * b)
""",
    "rows in a list": """\
# codegen: example f(np.arange(8.0).reshape(2, 4) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    rows = [a[0], a[1]]
    for row in rows:
        row *= s
    return np.sum(a * a)
""",
    "a row that a function inside reads": """\
# codegen: example f(np.arange(8.0).reshape(2, 4) + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], s: float):
    r = a[0]
    r *= s
    g = lambda i: r[i] * 2
    return np.sum(a * a) * g(1)
""",
    "a procedure given a reshape": """\
def _inner(w, c):
    w[0] += c * w[1]


# codegen: example f(np.arange(9.0).reshape(3, 3) * 0.1 + 1, 0.4)
def f(a: Float[np.ndarray, "N M"], c: float):
    _inner(a.reshape(-1), c)
    _inner(np.ravel(a), c)
    return np.sum(a * a)
""",
    "a procedure given what may be a copy": """\
def _inner(w, c):
    w[0] += c * w[1]


# codegen: example f(np.arange(9.0).reshape(3, 3) * 0.1 + 1, 0.4, np.array([0, 1]))
def f(a: Float[np.ndarray, "N M"], c: float, k):
    _inner(a[k], c)
    return np.sum(a * a)
""",
    "a procedure given a row or a number": """\
def _bump(w, c):
    w += c


# codegen: example f(np.arange(6.0).reshape(2, 3), 0.4)
def f(a: np.ndarray, c: float):
    _bump(a[0], c)
    return np.sum(a * a)
""",
    "an argument called out": """\
# codegen: example f(np.arange(4.0) + 1, np.arange(4.0))
def f(a: np.ndarray, b: np.ndarray):
    np.multiply(a, b, out=a)
    return np.sum(a*a)
""",
    "a copy where a mask holds": """\
# codegen: example f(np.arange(4.0) + 1, np.arange(4.0))
def f(a: np.ndarray, b: np.ndarray):
    np.copyto(a, b, where=b > 1)
    return np.sum(a*a)
""",
    "arrays of the caller change their names": """\
# codegen: example f(np.arange(6.0) + 1, np.arange(6.0), 3)
def f(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"], T: int):
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * b[1:-1]
        a, b = b, a
""",
    "arrays that a function is given change their names": """\
def _run(a, b, T):
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * a[1:-1]
        a, b = b, a
    return a


# codegen: example f(np.arange(6.0) + 1, 3)
def f(x: Float[np.ndarray, "N"], T: int):
    u = x * 2
    v = x * 1
    w = _run(u, v, T)
    return np.sum(w * x)
""",
    "arrays of two shapes that change their names": """\
# codegen: example f(np.arange(6.0) + 1, np.arange(6.0), 3)
def f(x: np.ndarray, y: np.ndarray, T: int):
    a = x.copy()
    b = y.copy()
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * a[1:-1]
        a, b = b, a
    return np.sum(a * a)
""",
    "a part of an array that changes its name": """\
# codegen: example f(np.arange(6.0) + 1, 4)
def f(x: Float[np.ndarray, "N"], T: int):
    a = x.copy()
    b = x.copy()
    v = a[1:]
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * a[1:-1]
        a, b = b, a
    return np.sum(a * a) * v[0]
""",
    "a part by the length of a list that grows": """\
# codegen: example f(np.arange(6.0).reshape(3, 2) + 1)
def f(a: Float[np.ndarray, "N M"]):
    xs = [1.0]
    row = a[len(xs)]
    xs.append(2.0)
    row[0] = a[0, 1] * 2
    return np.sum(a * a)
""",
    "an item of a list that a function fills": """\
def _fill(v, x):
    v[:] = x * x
    return v


# codegen: example f(np.arange(3.0) + 1)
def f(x: Float[np.ndarray, "N"]):
    xs = [np.zeros(3), x * 1]
    y = _fill(xs[0], x)
    return np.sum(xs[0] * y)
""",
    "a part that is a row here and an entry there": """\
def _swap(M):
    r = M[0]
    M[0] = M[1] * 2
    return r * 1.5


# codegen: example f(np.arange(6.0).reshape(3, 2) + 1, np.arange(3.0) + 1)
def f(A: Float[np.ndarray, "N M"], b: Float[np.ndarray, "N"]):
    s = _swap(b)
    t = _swap(A)
    return np.sum(A * t) + np.sum(b) * s
""",
    "another name for an array here and a number there": """\
def _bump(x):
    y = x
    y += 1.0
    return x * y


# codegen: example f(np.arange(3.0) + 1, 2.0)
def f(a: Float[np.ndarray, "N"], s: float):
    t = _bump(s)
    r = _bump(a)
    return np.sum(a * r) * t * s
""",
    "another name of what is given that changes its name": """\
# codegen: example f(np.arange(6.0) + 1, 3)
def f(x: Float[np.ndarray, "N"], T: int):
    a = x
    b = np.zeros_like(x)
    for t in range(T):
        b[1:-1] = 0.5 * (a[:-2] + a[2:]) * a[1:-1]
        a, b = b, a
    return np.sum(a * a)
""",
    "a part given to a function that is handed over": """\
def _axpy(v, q, c):
    v += c * q


def _apply(g, u, w, c):
    g(u, w, c)


# codegen: example f(np.arange(6.0) + 1, 0.3)
def f(x: Float[np.ndarray, "N"], s: float):
    _apply(_axpy, x, x, s)
    _apply(_axpy, x[1:], x[:-1], s)
    return np.sum(x * x)
""",
    "a slice written into by a mask": """\
# codegen: example f(np.arange(6.0) - 2.5, 0.3)
def f(x: Float[np.ndarray, "N"], s: float):
    v = x[1:-1]
    m = v > 0
    v[m] *= s
    v[v < -1] = s
    return np.sum(x * x)
""",
    "a row in a list, read later": """\
# codegen: example f(np.arange(6.0).reshape(2, 3) + 1, 0.3)
def f(x: Float[np.ndarray, "N M"], s: float):
    top = x[0]
    rows = [top, x[1] * 2]
    x[0, 1] = s
    return np.sum(rows[0] * rows[1])
""",
}
