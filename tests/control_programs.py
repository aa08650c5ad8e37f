"""Programs with control flow, each with calls to verify it at: what `test_control_flow` runs.

Each text stands below `HEAD`. `FOUND` are those that once came out wrong, or crashed.
"""

HEAD = """import math

import numpy as np
from jaxtyping import Float


"""

LONG = "        s = 0.9 * s + 0.1 * x\n" * 25
AGAIN = (
    "        if i > 2:\n            if s > 3:\n                break\n            s = s + x\n" * 5
)

PROGRAMS = {
    "elu": """\
def f(x: float, alpha: float):
    if x > 0:
        y = x
    else:
        y = alpha * (math.exp(x) - 1)
    return y
""",
    "early": """\
def f(x: float, y: float):
    if x < y:
        return x * y
    z = x - y
    return z * x
""",
    "early3": """\
def f(x: float, y: float):
    if x < y:
        return x * y
    elif x < 2 * y:
        z = math.sin(x)
        return z * y
    z = x - y
    if z > 1:
        z = z * z
    return z * x
""",
    "elif": """\
def f(x: float, y: float):
    if x > 1:
        z = x * y
    elif x > 0:
        z = x * x
        y = y * 2
    else:
        z = y
    return z * y
""",
    "one arm": """\
def f(x: float, y: float):
    z = x * y
    if z > 0.1:
        z = z * z
    return z * x
""",
    "newton": """\
# codegen: example f(2.0, 1e-9)
def f(a, tol):
    x = a
    while abs(x * x - a) > tol:
        x = 0.5 * (x + a / x)
    return x
""",
    "sum loop": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]), 0.7)
def f(x: np.ndarray, a: float):
    s = 0.0
    for i in range(len(x)):
        s = s + a * x[i] ** 2
    return math.log(s)
""",
    "for array": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]), 0.7)
def f(x: np.ndarray, a: float):
    s = 0.0
    for v in x:
        s += a * v * v
    return s * s
""",
    "enumerate": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]), 0.7)
def f(x: np.ndarray, a: float):
    s = 0.0
    for k, v in enumerate(x):
        s += a * v * v * k
    return s * s
""",
    "zip": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]), np.array([0.3, 0.2]))
def f(x: np.ndarray, y: np.ndarray):
    s = 1.0
    for v, w in zip(x, y):
        s = s * (v + w * s)
    return s
""",
    "carry decay": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]))
def f(x: np.ndarray):
    h = 0.0
    for t in range(x.shape[0]):
        h = 0.5 * h + x[t]
    return h
""",
    "break": """\
# codegen: example f(np.array([1.0, 2.0, 3.0, 4.0]), 2.5)
# codegen: example f(np.array([9.0, 2.0, 3.0, 4.0]), 2.5)
# codegen: example f(np.array([0.1, 0.2]), 2.5)
def f(x: np.ndarray, m: float):
    s = 0.0
    for t in range(len(x)):
        s = s + x[t] * x[t]
        if s > m:
            break
        s = s * 1.5
    return s * s
""",
    "continue": """\
# codegen: example f(np.array([1.0, -2.0, 3.0, 4.0]), 2.5)
def f(x: np.ndarray, m: float):
    s = 1.0
    for t in range(len(x)):
        if x[t] < 0:
            continue
        s = s * x[t] * m
    return s
""",
    "nested": """\
# codegen: example f(np.array([[1.0, -2.0], [3.0, 4.0]]), 0.5)
def f(x: np.ndarray, m: float):
    s = 1.0
    for i in range(x.shape[0]):
        r = m
        for j in range(x.shape[1]):
            r = r * x[i, j] + s
        s = s * r
    return s
""",
    "nested while": """\
# codegen: example f(0.7)
def f(x: float):
    s = x
    i = 0
    while i < 3:
        j = 0
        while j < i + 1:
            s = s * x + math.sin(s)
            j += 1
        i += 1
    return s
""",
    "swap": """\
# codegen: example f(0.7, 1.2, 3)
def f(a: float, b: float, n: int):
    for i in range(n):
        a, b = b, a * b
    return a * a + b
""",
    "fib tuple": """\
# codegen: example f(0.7, 1.2, 3)
def f(a: float, b: float, n: int):
    state = (a, b)
    for i in range(n):
        x, y = state
        state = (y * x, x + y)
    return state[0] * state[1]
""",
    "zero turns": """\
# codegen: example f(0.7, 0)
# codegen: example f(0.7, 2)
def f(x: float, n: int):
    y = x * x
    for i in range(n):
        y = y * x
    return y
""",
    "if in loop": """\
# codegen: example f(np.array([1.0, -2.0, 3.0, -4.0]), 0.5)
def f(x: np.ndarray, a: float):
    s = 0.0
    for t in range(len(x)):
        if x[t] > 0:
            e = math.exp(a * x[t])
            s = s + e * e
        else:
            s = s * a
    return s
""",
    "arrays": """\
# codegen: example f(np.array([[1.0, -2.0], [3.0, 4.0], [0.5, 0.2]]), np.array([0.5, 0.3]))
def f(X: np.ndarray, w: np.ndarray):
    acc = np.zeros(2)
    for i in range(X.shape[0]):
        acc = acc * w + X[i] * w
    return np.sum(acc * acc)
""",
    "arrays augment": """\
# codegen: example f(np.array([[1.0, -2.0], [3.0, 4.0], [0.5, 0.2]]), np.array([0.5, 0.3]))
def f(X: np.ndarray, w: np.ndarray):
    acc = np.zeros(2)
    for i in range(X.shape[0]):
        acc += X[i] * w
    return np.sum(acc * acc)
""",
    "arrays augment kept": """\
# codegen: example f(np.array([[1.0, -2.0], [3.0, 4.0], [0.5, 0.2]]), np.array([0.5, 0.3]))
def f(X: np.ndarray, w: np.ndarray):
    acc = np.zeros(2)
    for i in range(X.shape[0]):
        acc += X[i] * w
        acc *= acc
    return np.sum(acc * acc)
""",
    "gd": """\
# codegen: example f(0.1, np.array([1.0, -2.0]), np.array([[2.0, 0.3], [0.3, 1.0]]))
def f(lr: float, x: np.ndarray, A: np.ndarray):
    for _ in range(5):
        g = A @ x
        x = x - lr * g
    return 0.5 * x @ A @ x
""",
    "helper loop": """\
def _g(x, n):
    y = 1.0
    for i in range(n):
        y = y * x
    return y


# codegen: example f(0.7)
def f(x: float):
    return _g(x, 3) + _g(x * 2, 2)
""",
    "helper early": """\
def _g(x):
    if x > 0:
        return x * x
    return -x


# codegen: example f(0.7, -0.3)
def f(x: float, y: float):
    return _g(x) * _g(y)
""",
    "helper early assigned": """\
def _g(x):
    if x > 0:
        return x * x
    return -x


# codegen: example f(0.7, -0.3)
def f(x: float, y: float):
    a = _g(x)
    b = _g(y)
    return a * b
""",
    "helper early in loop": """\
def _g(x):
    if x > 0:
        return x * x
    return -x


# codegen: example f(np.array([1.0, -2.0, 0.5]))
def f(x: np.ndarray):
    s = 1.0
    for v in x:
        s = s * _g(v)
    return s
""",
    "mode": """\
# codegen: example f(0.7, 'a')
# codegen: example f(0.7, 'b')
def f(x: float, mode: str):
    if mode == 'a':
        y = x * x
    elif mode == 'b':
        y = math.sin(x)
    else:
        raise ValueError('bad mode')
    return y * x
""",
    "while break": """\
# codegen: example f(0.7)
def f(x: float):
    s = x
    while True:
        s = s * 1.5 + x
        if s > 10:
            break
        s = s + x * x
    return s
""",
    "loop twice": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    y = x
    for i in range(n):
        y = y * x
    for i in range(n - 1):
        y = math.sin(y) + x
    return y
""",
    "range step": """\
# codegen: example f(np.arange(1.0, 9.0), 0.9)
def f(x: np.ndarray, a: float):
    s = 1.0
    for t in range(1, len(x), 2):
        s = s * a + math.sin(s) * x[t]
    for t in range(len(x) - 1, -1, -1):
        s = s * a + x[t] * s
    return s
""",
    "range start": """\
# codegen: example f(np.arange(1.0, 5.0), 0.9)
def f(x: np.ndarray, a: float):
    s = x[0]
    for t in range(1, len(x)):
        s = s * a * x[t]
    return s
""",
    "index var used": """\
# codegen: example f(0.9, 4)
def f(a: float, n: int):
    s = 0.0
    for t in range(n):
        s = s + a ** t * (t + 1)
    return s
""",
    "overwrites parameter": """\
# codegen: example f(0.9, 0.3)
def f(x: float, y: float):
    for i in range(3):
        x = x * y
    return x + y
""",
    "carried never used": """\
# codegen: example f(0.9)
def f(x: float):
    z = 0.0
    y = x
    for i in range(3):
        z = z + y
        y = y * x
    return y
""",
    "array cond": """\
# codegen: example f(np.array([1.0, 2.0]))
def f(x: np.ndarray):
    if np.sum(x) > 2:
        y = x * x
    else:
        y = np.sin(x)
    return np.sum(y * x)
""",
    "dead name": """\
# codegen: example f(0.4)
def f(x: float):
    dx = x * 2
    hs = dx * x
    x_1 = hs + x
    for i_1 in range(2):
        x_1 = x_1 * dx
    return x_1 * hs
""",
    "loop over rows matmul": """\
# codegen: example f(np.ones((3, 2)) * 0.3, np.ones((2, 2)) * 0.2)
def f(X: np.ndarray, W: np.ndarray):
    h = np.zeros(2)
    for x in X:
        h = np.tanh(x @ W + h @ W)
    return np.sum(h)
""",
    "unrolled if nest in loop": """\
# codegen: example f(np.array([0.5, 1.5, 2.5, -1.0]), 0.4)
def f(x: np.ndarray, a: float):
    s = a
    for i in range(len(x)):
        v = x[i]
        if v > 0:
            if v > 1:
                if v > 2:
                    break
                s = s * v
            else:
                s = s + v * a
                continue
        s = s * 1.1 + a
    return s
""",
    "print effects": """\
# codegen: example f(0.5, 2)
def f(x: float, n: int):
    y = x
    for i in range(n):
        assert y < 10
        y = y * x
        if y > 100:
            raise ValueError('big')
    return y
""",
    "condition changes": """\
# codegen: example f(0.5)
def f(x: float):
    y = x
    for i in range(4):
        if y < 1:
            y = y * 3 * x
        else:
            y = y / 2
    return y
""",
    "loop in if": """\
# codegen: example f(0.5, 3)
# codegen: example f(-0.5, 3)
def f(x: float, n: int):
    if x > 0:
        y = 1.0
        for i in range(n):
            y = y * x + math.sin(y)
    else:
        y = x
    return y * x
""",
    "two outputs": """\
# codegen: example f(0.5, 3)
def f(x: float, n: int):
    y = x
    s = 0.0
    for i in range(n):
        y = y * x
        s = s + y * y
    return y, s
""",
    "early two": """\
# codegen: example f(0.5, 0.3)
# codegen: example f(-0.5, 0.3)
def f(x: float, y: float):
    if x > 0:
        return x * y, y
    return x, x * y * y
""",
    "unknown ranks": """\
# codegen: example f(np.ones(3), 0.5)
# codegen: example f(np.ones((2,3)), np.ones(3))
def f(x, y):
    for i in range(3):
        x = np.tanh(x * y)
    return x
""",
    "while array": """\
# codegen: example f(np.array([3.0, 4.0]), np.array([0.3, 0.4]))
def f(x: np.ndarray, w: np.ndarray):
    while np.sum(x * x) > 1:
        x = x * w
    return x
""",
    "list input": """\
w = [0.5, -0.3, 0.8]
x = [1.0, 2.0, 3.0]
s = 0.0
for i in range(3):
    s = s + w[i] * x[i]
f = s * s
""",
    "list param loop": """\
# codegen: example f([0.5, -0.3], 0.7)
def f(w: list[float], x: float):
    s = 0.0
    for v in w:
        s = s * x + v * v
    return s
""",
    "not active if": """\
# codegen: example f(0.5, 3)
def f(x: float, n: int):
    if n > 2:
        k = 2
    else:
        k = 3
    return x ** 2 * k
""",
    "param default none": """\
# codegen: example f(0.5)
# codegen: example f(0.5, 2.0)
def f(x: float, w=None):
    if w is None:
        w = 3.0
    return x * w
""",
    "a value that exists on some paths only": """\
# codegen: example f(0.7, 0.4)
# codegen: example f(-0.7, 0.4)
def f(x: float, a: float):
    y = a * x
    if x > 0:
        s = math.sin(a * x)
        y = s * s
    for i in range(2):
        if y > 0.1:
            e = math.exp(-y)
            y = e * e * a
    return y * a
""",
    "break in the first turn": """\
# codegen: example f(np.array([3.0, 0.2, 0.4]), 0.7)
# codegen: example f(np.array([0.3, 0.2, 0.4]), 0.7)
def f(x: np.ndarray, m: float):
    s = m
    for t in range(len(x)):
        e = s * x[t]
        if e > 1:
            break
        s = s + e * e
    return s * s * m
""",
    "a while in a function called twice": """\
def _halved(x, least):
    while x > least:
        x = x * math.sin(x) / 2
    return x


# codegen: example f(2.0, 7.0)
# codegen: example f(0.9, 0.1)
def f(a: float, b: float):
    p = _halved(a, 0.3)
    return p * _halved(a * b, 0.2) + p
""",
    "re-assigned in a branch and used after": """\
# codegen: example f(0.7, 0.4)
# codegen: example f(-0.7, 0.4)
def f(x: float, a: float):
    h = a * x
    if h > 0:
        h = math.tanh(h) * h
    return h * x
""",
    "a sum used in something not linear": """\
# codegen: example f(np.array([1.0, 2.0, 3.0]), 0.7)
def f(x: np.ndarray, a: float):
    s = 0.0
    for v in x:
        s += math.sin(a * v)
    return s**2 + math.log(s)
""",
    "names of our own": """\
# codegen: example f(np.array([1.0, 0.2, 0.4]), 0.7, 0.3)
def f(x: np.ndarray, dx: float, np_1: float):
    hs = dx
    h = np_1
    for i_1 in range(len(x)):
        h = math.tanh(h * dx + x[i_1])
        hs = hs * h + np_1
    return hs * h
""",
    "paths that go on, much behind them": f"""\
# codegen: example f(0.4, 0.3, 9)
# codegen: example f(1.9, 0.3, 9)
# codegen: example f(-1.9, 0.3, 9)
# codegen: example f(0.4, 0.3, 0)
def f(x: float, y: float, n: int):
    s = x
    for i in range(n):
        if s > 1:
            if i > 5:
                break
            s = s * y
        elif s < -1:
            if i == 3:
                s = s - y
                continue
            s = s + 2 * y
            if i == 4:
                s = s * s
                if y > 0:
                    continue
            s = s - y * x
{LONG}        s = 1.2 * s
    return s * y
""",
    "paths that go on, and return": f"""\
# codegen: example f(0.4, 0.3, 9)
# codegen: example f(1.9, 0.3, 9)
# codegen: example f(-1.9, 0.3, 9)
# codegen: example f(0.4, 0.3, 0)
def f(x: float, y: float, n: int):
    s = x
    for i in range(n):
        if s > 1:
            if i > 5:
                return s * x, y
            s = s * y
        elif s < -1:
            if i == 3:
                return s, x * y
            s = s + 2 * y
{LONG}        s = 1.2 * s
    if s > x:
        if s > y:
            return s * y, s
        s = s * x
    else:
        s = s * y
        if s < y:
            return s * 3, x
{LONG.replace("        ", "    ")}    return s * y, s
""",
    "paths that go on, and return out of loops": f"""\
# codegen: example f(0.4, 0.3, 9)
# codegen: example f(1.9, 0.3, 9)
# codegen: example f(-1.9, 0.3, 9)
# codegen: example f(-0.4, 1.3, 9)
def f(x: float, y: float, n: int):
    s = x
    for k in range(2):
        if s > 1:
            for i in range(n):
                if i > 5:
                    return s * x
                s = s * y
        elif s < -1:
            s = s * y
            for i in range(n):
                for j in range(i):
                    while s > y:
                        s = s - 0.1
                        if s > 2 * y:
                            return s * j * y
                    else:
                        if s < -2:
                            return s
                    s = s * y
                else:
                    break
                s = s - 0.5
        else:
            s = s - 1
{LONG}        s = 1.2 * s
    return s * y
""",
    "a break in a written-out loop": """\
# codegen: example f(0.3, 0.4)
# codegen: example f(-0.3, 0.4)
# codegen: example f(-0.3, -0.4)
def f(x: float, y: float):
    for v in (x, y):
        if v > 0:
            break
    return x * v
""",
    "ranges turned round and cut off": """\
# codegen: example f(0.3, 0)
# codegen: example f(0.3, 1)
# codegen: example f(0.3, 2)
# codegen: example f(0.3, 5)
# codegen: example f(0.3, -2)
def f(x: float, n: int):
    s = x
    xs = [x, x]
    for i in reversed(range(0, n, 2)):
        s = s * x + i
    for i in reversed(range(n, -1, -3)):
        s = s * x + i
    for k, i in enumerate(reversed(range(1, n))):
        s = s * x + i * k
    for i in reversed(range(1, n, 2)[: len(xs)]):
        s = s * x + i
    return s
""",
    "paths that go on again and again": f"""\
# codegen: example f(0.4)
# codegen: example f(-0.4)
# codegen: example f(2.4)
def f(x: float):
    s = x
    for i in range(9):
{AGAIN}    return s * x
""",
    "a condition that is tested again": """\
# codegen: example f(0.4, 0.3, "a", 3)
# codegen: example f(-0.4, 0.3, "b", 2)
# codegen: example f(0.4, -0.3, "c", 0)
def f(x: float, y: float, mode: str, n: int):
    if x > 0:
        e = math.exp(x)
        if mode == "a":
            p = e * y
        z = e * y
    else:
        q = math.sin(x)
        z = q * q
    z *= 1.5
    for i in range(n):
        if not x > 0:
            z = z * y + q
        elif mode == "a":
            z += p
    w = e * z if x > 0 else z
    if mode == "a":
        r = w * y
    elif mode == "b":
        r = w * x
        t = r * r
    else:
        t = w
        r = y
    for i in range(n):
        if i > 1:
            v = r * i
        r = r * x
        if i > 1:
            r += v
    if mode == "a":
        r *= y
    elif mode == "b":
        r += t
    return z * r
""",
    "returns in the else of a loop": """\
# codegen: example f(0.3, 0.4, 3)
# codegen: example f(0.3, -1.4, 5)
# codegen: example f(1.3, 1.4, 5)
# codegen: example f(-1.0, 1.4, 5)
def f(x: float, y: float, n: int):
    s = x
    for i in range(n):
        s = s * y
        if s > 3:
            break
        s += 0.5
    else:
        if s < 0:
            return s * s
        s = s - y
    return s * x
""",
    "exits of an outer loop in the else of an inner one": """\
# codegen: example g(0.3, 0.4, 3)
# codegen: example g(0.3, -1.4, 5)
# codegen: example g(1.3, 1.4, 5)
# codegen: example g(0.5, 1.2, 5)
def g(x: float, y: float, n: int):
    s = x
    for j in range(n):
        for i in range(3):
            s = s * y
            if s > 3:
                break
            s += 0.5
        else:
            if s < 1.5:
                continue
            if s > 2:
                break
            s = s * x
        s += 1
    else:
        s *= 2
    return s * x
""",
    "a return in a loop and in its else": """\
# codegen: example h(0.3, 1.4, 0)
# codegen: example h(2.3, 1.4, 0)
# codegen: example h(5.0, 1.4, 0)
def h(x: float, y: float, n: int):
    s = x
    while s < 4:
        s = s * y
        if s > 3:
            return s * s
        s += 0.5
        if s > 2.4:
            break
    else:
        return s * 3
    return s * x
""",
    "returns in the else of an inner loop": """\
# codegen: example k(0.3, 0.4, 3)
# codegen: example k(0.9, 1.4, 7)
# codegen: example k(0.3, -1.4, 0)
def k(x: float, y: float, n: int):
    for i in range(n):
        y = y * x
        for j in range(i):
            if y > 1:
                break
            y += x
        else:
            if y > x:
                return y, x
            y = y * 1.2
    return x, y * y
""",
    "a loop over a tuple that may be left early": """\
# codegen: example f(0.3, 0.4, 0.5)
# codegen: example f(0.3, -0.4, 0.5)
# codegen: example f(0.3, 1.4, 0.5)
# codegen: example f(1.2, 1.4, 0.5)
def f(x: float, y: float, z: float):
    s = 1.0
    # go
    for w in (x, y, z):
        # not too large
        if w > 1:
            break
        if w < 0:
            continue
        s *= w
        s += 0.5
    else:
        s = s * s
    return s * w
""",
    "a return in a loop over a dict": """\
# codegen: example g(0.3, 0.4, 0.5)
# codegen: example g(-1.3, -1.4, 0.5)
# codegen: example g(1.3, -1.4, 0.5)
# codegen: example g(0.3, 0.4, 1.5)
def g(x: float, y: float, z: float):
    for k, w in {"a": x, "b": y}.items():
        if w > 1:
            return w * z
        if w < -1:
            if k == "b":
                return w * w
            z = z * w
        z *= 2.0
    else:
        if z > 3:
            return z * z
    return z
""",
    "exits in loops over lists, in a loop and in each other": """\
# codegen: example f(0.3, 0.4, 3)
# codegen: example f(0.9, -1.4, 5)
# codegen: example f(-0.9, 1.4, 5)
# codegen: example f(-0.9, 1.4, 0)
def f(x: float, y: float, n: int):
    s = x
    for i in range(n):
        for a, b in [(x, y), (y, 2 * x)]:
            for c in (a, b):
                if c > s:
                    s = s + a * c
                    break
                if c < -s:
                    continue
                s = s * 0.9
            else:
                if s > 5:
                    return s * y
                s = s - 0.1
            if i == 3:
                break
            s *= b
        if s < -9:
            break
    return s * x
""",
    "conditions of numbers that a turn knows": """\
# codegen: example f(np.array([[0.3, -0.7]]), np.eye(2) + 0.3, np.array([[0.4], [-1.2]]))
def f(x: np.ndarray, V: np.ndarray, W: np.ndarray):
    layers = {"V": V, "W": W}
    h = x
    for i, (name, M) in enumerate(layers.items()):
        if not name.startswith("V") and i > 0:
            h = np.maximum(0, h)
        h = h @ M
        if i == 0 or name in ("b", "c"):
            h = h * 2
    return h
""",
    "comprehensions with conditions and of two loops": """\
# codegen: example f(0.3, 0.4, 0.5)
def f(a: float, b: float, c: float):
    xs = [a, b, c]
    rows = [[a, b], [c]]
    params = {"W1": a, "b1": b, "W2": c}
    s = sum([w * w for row in rows for w in row])
    t = sum(x * y for i, x in enumerate(xs) for j, y in enumerate(xs) if i < j)
    u = sum([v for k, v in params.items() if k.startswith("W")])
    d = {k: v * 2 for k, v in params.items() if k != "b1"}
    m = [(i + 1) * x for i, x in enumerate(xs) if i not in (0, 2)]
    return s * t + u * d["W2"] + m[0] ** 2
""",
}

FOUND: dict[str, str] = {
    "an item of an item is computed before the arm that reads it": """\
def _g(t):
    u = t * t
    if u > 1:
        return u
    return u + t


# codegen: example f(-0.9, 1.4, 3)
# codegen: example f(0.6, 0.2, 4)
def f(x: float, y: float, n: int):
    s = x
    for i in range(n):
        for a, b in [(x, y), (y, 2 * x)]:
            if a > s:
                s = s + _g(b)
            s = s * 0.9
    return s * x
""",
    "a variable of two arms is returned in a loop": """\
# codegen: example f(0.4, 9)
# codegen: example f(1.2, 9)
# codegen: example f(1.2, 1)
def f(x: float, n: int):
    s = x
    for i in range(n):
        if s < 1:
            y = s * 2
            t = s > 0.5
        else:
            y = s * 3
            t = s > 1.7
        if t:
            return y
        s = s * 1.3
    return s * 2
""",
    "an item's index is computed only where the mirror needs it": """\
# codegen: example f(np.array([0.3, -0.2]))
def f(v: Float[np.ndarray, "D"]):
    r = 1.0
    for u in reversed(v):
        r -= math.cos(u)
    return r
""",
    "loops in arms of a loop are counted": """\
# codegen: example f(np.array([0.3, -0.2, 0.5]))
def f(v: Float[np.ndarray, "D"]):
    r = 1.5
    for u in v:
        if u > 0:
            while r > 0.4:
                r = 0.5 * r * math.cos(u)
        else:
            for k in range(3):
                if r > 1.3:
                    break
                r = 1.3 * r * math.cos(u)
    return r
""",
    "a helper that returns early gives an argument and an item": """\
def _g(x, y):
    if x > y + 0.1:
        return y
    return y * x


# codegen: example f(0.3, 0.2)
# codegen: example f(0.2, 0.3)
def f(x: float, y: float):
    pair = (_g(x, y), y)
    if x > 0.25:
        pair = (y, x)
    return _g(_g(x, y), y) * pair[0]
""",
    "each argument is a line of its own": """\
def _g(t, s):
    t = s
    if s > 1:
        t = 1.2
    return s


# codegen: example f(np.ones((2, 2)))
def f(M: Float[np.ndarray, "N D"]):
    return _g(np.mean(M), np.sum(M))
""",
    "a flag ends where what it reads does": """\
# codegen: example f(0.3, 0.2)
# codegen: example f(0.3, -0.2)
# codegen: example f(-0.3, 0.2)
def f(x: float, y: float):
    t = 0.3 * x
    if y > 0:
        u = t * t
        t = math.tanh(t if u > 0.001 else y)
    else:
        t = y
    return t * t
""",
    "a parameter assigned anew on one path is not written into": """\
def _g(a, x):
    if x > 0:
        a = a * 2
    a = a + 1
    return a * x


# codegen: example f(0.3, 0.2)
# codegen: example f(0.3, -0.2)
def f(x: float, y: float):
    t = x * y
    s = _g(t, y)
    return s * t
""",
    "a shape is not read off what a turn makes": """\
# codegen: example f(0.3, 0.2)
# codegen: example f(np.ones(2), np.ones(2))
def f(x, y):
    for i in range(1, 0):
        t = y
        x = np.exp(t)
    return y + 1 - x
""",
    "a scalar's gradient is copied though its path met an array's": """\
# codegen: example f(0.3, np.ones(2), 0)
# codegen: example f(0.3, np.ones(2), 1)
def f(x: float, v: np.ndarray, k: int):
    if k > 0:
        return x
    return v
""",
    "a count may be part of a bound": """\
# codegen: example f(np.ones(2), 3)
def f(v, n):
    for _ in range(1, n + 2):
        v = v * v
    return v[0]
""",
    "one argument for two parameters of a helper in a helper": """\
def _g(t, s):
    s += 1
    return s


def _step(s, x):
    return _g(s, s)


# codegen: example f(0.3, 0.2)
def f(x: float, y: float):
    x += _step(y + 1, y)
    return x
""",
    "a tuple's item is computed before the arms that keep it": """\
# codegen: example f(0.3, 0.2)
# codegen: example f(0.3, -0.2)
def f(x: float, y: float):
    pair = (1.2, x * y)
    if y > 0:
        pair = (pair[1], x)
        if x > 1:
            pair = (x, x)
    return pair[0] * pair[1]
""",
    "another name for a tuple in a loop": """\
# codegen: example f(0.3, 0.2)
def f(x: float, y: float):
    pair = (x * y, x)
    both = (x, y)
    for i in range(2):
        both = pair
        pair = (both[0] * y, x)
    return both[0] * pair[0]
""",
    "a helper gives one value twice": """\
def _both(a):
    return a, a


# codegen: example f(0.3, 0.2)
def f(z: float, a: float):
    for j in range(3):
        z, y = _both(0.7 - a * z)
        z = z * y
    return z
""",
    "a helper that gives two values is no gate": """\
def _both(x):
    return x * x, x


# codegen: example f(0.3)
def f(x: float):
    a, b = _both(x)
    return a * b
""",
    "an update starts from a literal argument": """\
def _g(y, s):
    if s > 0.1:
        y += s
    else:
        y += 2 * s
    return y * s


# codegen: example f(0.3)
# codegen: example f(-0.3)
def f(x: float):
    return _g(-0.4, x) * x
""",
    "a helper gives what it reads as well": """\
def _both(a):
    return a**2, a


# codegen: example f(np.array([0.3, 0.2]))
def f(q: np.ndarray):
    x, y = _both(q[0])
    return x * y
""",
    "an item of a tuple is an argument": """\
def _g(x, y):
    x = x * y
    return x + y


# codegen: example f(0.3, 0.2)
def f(y: float, a: float):
    both = (a, a / 1.2)
    y = _g(y, both[1])
    a -= y
    return a
""",
    "an arm that gives what is from outside": """\
def _h(x):
    return x if x < 0.3 else x * x


# codegen: example f(np.array([0.3, 0.2]))
# codegen: example f(np.array([0.3, 0.9]))
def f(v: Float[np.ndarray, "N"]):
    return _h(np.mean(v))
""",
    "a tuple's item is computed before its first reader": """\
# codegen: example f(0.3, 0.2)
# codegen: example f(0.3, -0.2)
def f(x: float, y: float):
    pair = (math.tanh(x), x)
    z = y - pair[0]
    if z > 0:
        pair = (z, z)
    return pair[0] * z
""",
    "an argument of an argument is computed first": """\
def _g(s, t):
    s = s * t
    return s * t


def _h(t):
    return _g(t + t, t)


# codegen: example f(np.array([0.3, 0.2]))
def f(v: Float[np.ndarray, "N"]):
    return _h(v[0])
""",
    "a guard reads what an argument is named for later": """\
def _g(s):
    s = s * s
    return s


# codegen: example f(0.3)
def f(w: float):
    both = (0.5, math.tanh(w))
    if both[1] > 10:
        raise ValueError("large")
    return _g(both[1])
""",
    "behind an if of which the last arm breaks": """\
# codegen: example f(0.9)
# codegen: example f(-0.9)
def f(w: float):
    r = w
    while abs(r) > 0.3:
        r *= 0.5
        if w < 0:
            r = r * r
        else:
            if r > 0.4:
                break
            r = r * 0.1
    return r * w
""",
    "a turn called _ that the mirror reads": """\
# codegen: example f(0.3, 0.9)
def f(a: float, t: float):
    for _ in range(2):
        a = a * math.sin(a)
        while t > 0.21:
            t *= 0.5 + 0.1 * a
            a = t * a
    return a * t
""",
    "a number of numpy's is not written into": """\
def _g(t, dx):
    dx /= 1.5 + dx * dx
    return dx * t * t, dx


# codegen: example f(0.7, np.array([0.3, 0.9]))
def f(x: float, q: Float[np.ndarray, "N"]):
    x += q[-1] / 3
    x, ds = _g(q[0] * x, x)
    return x * q
""",
    "a number that has several origins is not written into": """\
# codegen: example f(0.7, np.array([0.3, 0.9]))
# codegen: example f(-0.7, np.array([0.3, 0.9]))
def f(x: float, q: Float[np.ndarray, "N"]):
    s = np.tanh(x) * np.mean(q)
    for v in q:
        v -= x
        if x > 0:
            s = np.sum(q * v)
        s *= v
        s = min(s, v)
        s += x
    return s * s
""",
    "a store that nothing reads behind what the reverse reads": """\
# codegen: example f(np.array([[0.3, -0.9], [0.7, 0.2]]), np.array([1, 0]))
def f(x: Float[np.ndarray, "N C"], y):
    '''
    y : ndarray of shape (N,)
    '''
    N = x.shape[0]
    margins = np.maximum(0, x * x)
    old = margins[np.arange(N), y].copy()
    margins[np.arange(N), y] = 0
    passed = (margins > 0) * x
    margins[np.arange(N), y] = old
    return passed
""",
    "an item of a tuple in a guard": """\
# codegen: example f(0.3, 2)
def f(w: float, n: int):
    both = (0.5 * w, math.tanh((n + 1) * w))
    if both[1] * both[0] > 1e6:
        raise ValueError("too large")
    s = both[1] + n
    return s * s + math.sin(both[1])
""",
    "an item of a pair is read in the turn that makes it": """\
# codegen: example f(0.4, 0.9)
def f(t: float, y: float):
    pair = (0.5 * y, math.tanh(y))
    for i in range(1, 3):
        t *= pair[0]
        if i == 2:
            pair = (0.5 * (pair[1] / (y**2 + 1.2)), t)
            y = math.tanh(t * pair[1] + pair[0] ** 2)
            break
    return pair[0] * y * t * pair[1]
""",
    "a helper's argument is made of what a guard reads": """\
def _g(s):
    i_1 = 1
    return (s if s < 0.271 else i_1) + (s if s < 0.613 else i_1) * s


# codegen: example f(0.3, np.array([0.3, 0.9]), 2)
def f(w: float, q: Float[np.ndarray, "N"], n: int):
    both = (0.5 * w, math.tanh((n + 1) * w))
    if both[1] * both[0] > 1e6:
        raise ValueError("too large")
    state_0 = 0.5 * _g(both[1] + n)
    return 0.4 * np.mean(q)
""",
    # found
}
