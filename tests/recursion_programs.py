"""Programs with functions that call themselves, and some that are refused."""

PROGRAMS = {
    "list arg": """\
import numpy as np
# codegen: example f([0.3, 0.2, 0.4], 2)
def f(x: list[float], n: int):
    if n == 0:
        return x[0]
    return x[1] * f(x, n - 1)
""",
    "power": """\
# codegen: example power(1.3, 7)
# codegen: example power(1.3, 0)
def power(x: float, n: int):
    if n == 0:
        return 1.0
    if n % 2:
        return x * power(x, n - 1)
    h = power(x, n // 2)
    return h * h
""",
    "horner": """\
import numpy as np
# codegen: example horner(np.array([1.0, 2.0, -1.0, 0.5, 0.3]), 1.3)
def horner(c, x):
    if len(c) == 0:
        return 0.0
    if c.shape[0] == 1:
        return c[0]
    m = c.shape[0] // 2
    return horner(c[:m], x) + x**m * horner(c[m:], x)
""",
    "horner annotated": """\
import numpy as np
from jaxtyping import Float
# codegen: example horner(np.array([1.0, 2.0, -1.0, 0.5, 0.3]), 1.3)
def horner(c: Float[np.ndarray, "N"], x: float) -> float:
    if len(c) == 0:
        return 0.0
    if c.shape[0] == 1:
        return c[0]
    m = c.shape[0] // 2
    return horner(c[:m], x) + x**m * horner(c[m:], x)
""",
    "fib": """\
import numpy as np
# codegen: example fib(0.4, 0.6, 5)
def fib(x, y, n):
    if n <= 1:
        return x if n == 0 else y
    return fib(x, y, n - 1) + np.sin(fib(x, y, n - 2))
""",
    "mutual": """\
import numpy as np
# codegen: example even(0.7, 5)
def even(x, n):
    return 1.0 if n == 0 else x * odd(x, n - 1)


# codegen: example odd(np.array([0.7, 0.2]), 4)
def odd(x, n):
    if n == 0:
        return x
    return np.sin(x) + even(x, n - 1)
""",
    "chebyshev": """\
# codegen: example T(0.3, 6)
def T(x: float, n: int) -> float:
    if n == 0:
        return 1.0
    return x * T(x, n - 1) - (1 - x * x) * U(x, n - 2)


# codegen: example U(0.3, 6)
def U(x: float, n: int) -> float:
    if n < 0:
        return 0.0
    return x * U(x, n - 1) + T(x, n)
""",
    "loop and branch": """\
import numpy as np
def _power(x, n):
    if n == 0:
        return 1.0
    return x * _power(x, n - 1)


# codegen: example f(np.array([0.4, 0.6, 0.9]), 3)
def f(x: np.ndarray, n):
    s = 0.0
    for i in range(n):
        if x[i] > 0.5:
            s += _power(x[i], 3) * _power(s, i)
    return s
""",
    "array power": """\
import numpy as np
def _power(x, n):
    if n == 0:
        return np.ones_like(x)
    return x * _power(x, n - 1)


# codegen: example f(np.array([0.4, 0.6, 0.9]), 2.0)
def f(x, a):
    return np.sum(_power(x * a, 4) + _power(a, 3))
""",
    "helper of helper": """\
import numpy as np
def _power(x, n):
    if n == 0:
        return 1.0
    return x * _power(x, n - 1)


def _twice(v, n):
    w = _power(v, n)
    u = w * 2 + v
    return _power(u, 2) + w


# codegen: example f(0.3)
def f(x: float):
    y = _twice(np.sin(x), 2)
    return y * _twice(x, 3)
""",
    "matrix power": """\
import numpy as np
from jaxtyping import Float
# codegen: example mpow(np.array([[0.4, 0.6], [0.9, -0.2]]), 5)
def mpow(A: Float[np.ndarray, "N N"], n: int):
    if n == 0:
        return np.eye(A.shape[0])
    h = mpow(A, n // 2)
    return A @ h @ h if n % 2 else h @ h
""",
    "det": """\
import numpy as np
from jaxtyping import Float
# codegen: example det(np.array([[0.4, 0.6, 0.1], [0.9, -0.2, 0.3], [0.5, 1.1, 0.7]]))
def det(A: Float[np.ndarray, "N N"]) -> float:
    if A.shape[0] == 1:
        return A[0, 0]
    total = 0.0
    for j in range(A.shape[0]):
        minor = np.concatenate([A[1:, :j], A[1:, j + 1 :]], axis=1)
        total += (-1) ** j * A[0, j] * det(minor)
    return total
""",
    "det delete": """\
import numpy as np
# codegen: example det(np.array([[0.4, 0.6, 0.1], [0.9, -0.2, 0.3], [0.5, 1.1, 0.7]]))
def det(A):
    n = A.shape[0]
    if n == 1:
        return A[0, 0]
    total = 0.0
    for j in range(n):
        minor = np.delete(A[1:], j, axis=1)
        total += (-1) ** j * A[0, j] * det(minor)
    return total
""",
    "keyword default": """\
import numpy as np
# codegen: example f(0.3)
def f(x: float):
    return g(x, n=3) + g(x=x * x, n=1, a=x) + g(x, 2, 0.5)


def g(x: float, n: int, a: float = 2.0):
    if n == 0:
        return a * a
    return np.sin(x) * g(x, n - 1, a=a * x)
""",
    "keyword only": """\
import numpy as np
# codegen: example g(0.3, n=2, a=0.3)
def g(x: float, /, *, n: int, a: float):
    if n == 0:
        return a * a
    return np.sin(x) * g(x, n=n - 1, a=a * x)
""",
    "sum of squares": """\
import numpy as np
# codegen: example total(np.array([0.3, 0.2, 0.5, 1.0, 2.0]))
def total(x):
    if x.size == 1:
        return x[0] ** 2
    m = x.size // 2
    return total(x[:m]) + total(x[m:])
""",
    "scan": """\
import numpy as np
# codegen: example scan(np.array([0.3, 0.2, 0.5, 1.0, 2.0]))
def scan(x):
    if x.size == 1:
        return x * x
    m = x.size // 2
    left = scan(x[:m])
    right = scan(x[m:])
    return np.concatenate([left, right * left[-1]])
""",
    "returns argument": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2, 0.5]), 2)
def f(x: np.ndarray, n: int):
    if n == 0:
        return x
    return f(np.sin(x), n - 1)
""",
    "two levels": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2, 0.5]), 2)
def f(x: np.ndarray, n: int):
    if n == 0:
        return np.sum(x)
    y = f(x, n - 1)
    z = f(x * y, n - 1)
    return y * z + f(x[1:], 0)
""",
    "strassen": """\
import numpy as np
from jaxtyping import Float
# codegen: example mul(np.arange(16.0).reshape(4, 4) / 7, np.sin(np.arange(16.0)).reshape(4, 4))
def mul(A: Float[np.ndarray, "N N"], B: Float[np.ndarray, "N N"]):
    n = A.shape[0]
    if n == 1:
        return A * B
    h = n // 2
    a, b, c, d = A[:h, :h], A[:h, h:], A[h:, :h], A[h:, h:]
    e, f, g, i = B[:h, :h], B[:h, h:], B[h:, :h], B[h:, h:]
    p1 = mul(a, f - i)
    p2 = mul(a + b, i)
    p3 = mul(c + d, e)
    p4 = mul(d, g - e)
    p5 = mul(a + d, e + i)
    p6 = mul(b - d, g + i)
    p7 = mul(a - c, e + f)
    top = np.concatenate([p5 + p4 - p2 + p6, p1 + p2], axis=1)
    bottom = np.concatenate([p3 + p4, p1 + p5 - p3 - p7], axis=1)
    return np.concatenate([top, bottom], axis=0)
""",
    "fft": """\
import numpy as np
# codegen: example smooth(np.arange(8.0) ** 2, 0.3)
def smooth(x, a):
    n = x.shape[0]
    if n == 1:
        return x
    even = smooth(x[::2], a)
    odd = smooth(x[1::2], a)
    return np.concatenate([even + a * odd, even - a * odd])
""",
    "while": """\
import numpy as np
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    if n == 0:
        return x
    s = 0.0
    k = 0
    while k < n:
        s += np.sin(f(x * 1.1, k))
        k += 1
    return s
""",
    "header": """\
import numpy as np
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    if n == 0:
        return x
    if f(x, n - 1) > 0.1:
        return f(x, n - 1) * x
    elif f(x, 0) > 0.2:
        return f(x, n - 1) + x
    return x
""",
    "tuple": """\
import numpy as np
# codegen: example f(0.3, 0.4, 4)
def f(x: float, y: float, n: int):
    if n == 0:
        return x, y
    a, b = f(x * y, x + y, n - 1)
    return np.sin(a) * b, a + b * x
""",
    "used in part": """\
import numpy as np
def _chebyshev(x, n):
    if n == 0:
        return 1.0, 0.0
    t, u = _chebyshev(x, n - 1)
    return x * t - (1 - x * x) * u, x * u + t


# codegen: example f(0.3)
def f(x: float):
    t, u = _chebyshev(x, 4)
    a, b = _chebyshev(x * x, 3)
    return u * b


# codegen: example g(0.3)
def g(x: float):
    t, u = _chebyshev(x, 4)
    a, _ = _chebyshev(x * x, 3)
    return t * a + _chebyshev(x, 2)[1]
""",
    "arrays in part": """\
import numpy as np
def _scan(x):
    if x.shape[0] == 1:
        return x * x, np.sum(x), 1
    m = x.shape[0] // 2
    left, s, n = _scan(x[:m])
    right, r, k = _scan(x[m:])
    return np.concatenate([left, right * s]), s * r, n + k


# codegen: example f(np.array([0.3, 0.2, 0.7, 0.1, 0.9]))
def f(x: np.ndarray):
    a, s, n = _scan(x)
    b, _, _ = _scan(x * s)
    return np.sum(a * b) / n


# codegen: example g(np.array([0.3, 0.2, 0.7, 0.1, 0.9]))
def g(x: np.ndarray):
    _, s, n = _scan(x)
    return s * n
""",
    "named return": """\
import numpy as np
# codegen: example f(0.3, 4)
def f(x: float, n: int):
    s, p = 0.0, 1.0
    if n > 0:
        s, p = f(x * x, n - 1)
        s = s + x * p
        p = p * np.cos(x)
    return s, p
""",
    "in a loop": """\
import numpy as np
def _g(x, n):
    if n == 0:
        return x, x * x
    a, b = _g(x + 0.1, n - 1)
    return a * b, b + a


# codegen: example f(0.3, 3)
def f(x: float, n: int):
    s = 0.0
    for i in range(n):
        if i != 1:
            a, b = _g(x, i)
            s = s + a * s + b
            x = x + 0.1 * b
    return s
""",
    "prints": """\
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    if n == 0:
        return x
    print("level", n)
    return x * f(x * x, n - 1)
""",
    "draws": """\
import numpy as np
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    if n == 0:
        return x
    e = np.random.normal()
    return x * f(x * x, n - 1) + e * x
""",
    "store in copy": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 3)
def f(x: np.ndarray, n: int):
    if n == 0:
        return x[0]
    y = x.copy()
    y[0] = x[1] * x[0]
    return x[1] * f(y, n - 1)
""",
    "mode string": """\
import numpy as np
# codegen: example f(0.3, 2, "sin")
def f(x: float, n: int, mode="sin"):
    if n == 0:
        return x
    if mode == "sin":
        return np.sin(f(x, n - 1, "cos"))
    return np.cos(f(x, n - 1, mode="sin"))
""",
    "none arg": """\
import numpy as np
# codegen: example f(0.3, 2)
def f(x: float, n: int, y: float | None = None):
    if n == 0:
        return x if y is None else y * x
    return x * f(x, n - 1, x * x) + f(x, n - 1)
""",
    "bool arg": """\
# codegen: example f(0.3, 2)
def f(x: float, n: int, flip=False):
    if n == 0:
        return x
    if flip:
        return -x * f(x, n - 1)
    return x * f(x, n - 1, not flip)
""",
    "closure calling pair": """\
import numpy as np
def _p(x: float, n: int):
    if n == 0:
        return 1.0
    return x * _p(x, n - 1)


# codegen: example f(0.3, 2)
def f(x: float, n: int):
    def g(k):
        return _p(x, k)
    return g(n) * g(2)
""",
    "lambda calling pair": """\
def _p(x: float, n: int):
    if n == 0:
        return 1.0
    return x * _p(x, n - 1)


# codegen: example f(0.3, 2)
def f(x: float, n: int):
    g = lambda k: _p(x, k)
    return g(n) * g(2)
""",
    "star": """\
def _p(x: float, n: int):
    if n == 0:
        return 1.0
    return x * _p(x, n - 1)


# codegen: example f(0.3, 2)
def f(x: float, n: int):
    args = (x, n)
    return _p(*args)
""",
    "int result": """\
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    return x * count(n)


def count(n: int) -> int:
    if n == 0:
        return 1
    return n * count(n - 1)
""",
    "param names": """\
import numpy as np
# codegen: example power(0.3, 3, 0.4, 0.2)
def power(d, out, grads, cache):
    if out == 0:
        return d * grads
    power_out = power(d, out - 1, grads, cache)
    return d * power_out + power(cache, out - 1, d, grads) * cache
""",
    "two names": """\
import numpy as np
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    if n == 0:
        return x
    a = b = f(x, n - 1)
    a += f(x * b, n - 1)
    return a * b
""",
    "zero turns": """\
# codegen: example f(0.3, 0)
# codegen: example f(0.3, 2)
def f(x: float, n: int):
    s = x
    for i in range(n):
        s = s * f(x, i) + x
    return s
""",
    "unused result": """\
# codegen: example f(0.3, 2)
def f(x: float, n: int):
    if n == 0:
        return x
    y = f(x, n - 1)
    z = f(x * x, n - 1)
    return y * x
""",
    "int arguments": """\
# codegen: example f(3, 2)
def f(x, n):
    if n == 0:
        return x
    return x * f(x * 2, n - 1)
""",
    "break": """\
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    s = x
    if n < 0:
        return x * x
    for i in range(n):
        s = s + f(s * x, i - 1)
        if s > 0.5:
            break
    else:
        s = s * x
    return s
""",
    "stored before": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 2)
def f(x: np.ndarray, n: int):
    if n == 0:
        return np.sum(x**2)
    y = np.zeros(2)
    for i in range(2):
        y[i] = x[i] ** 2
    s = f(y, n - 1)
    for i in range(2):
        z = np.zeros(2)
        z[i] = x[i] * s
        s = s + f(z, n - 1)
    return s
""",
    "stored in loop copy": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 2)
def f(x: np.ndarray, n: int):
    if n == 0:
        return np.sum(x**2)
    y = np.zeros(2)
    s = 0.0
    for i in range(2):
        y[i] = x[i] ** 2
        s += f(y.copy(), n - 1)
    return s
""",
    "augmented in loop": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 2)
def f(x: np.ndarray, n: int):
    if n == 0:
        return np.sum(x**2)
    s = 0.0
    y = x * 2
    for i in range(2):
        s += f(y, n - 1)
        y += x * s
    return s
""",
    "augmented result in loop": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 2)
def f(x: np.ndarray, n: int):
    if n == 0:
        return x**2
    h = x * 1.0
    for i in range(2):
        h = f(h, n - 1)
        h += x
        h *= 2.0
    return h
""",
    "config": """\
import numpy as np
# codegen: example f(0.3, 2, {"mode": "sin", "rate": 0.1})
def f(x: float, n: int, cfg):
    if n == 0:
        return x * cfg.get("rate", 0.5)
    if cfg["mode"] == "sin":
        return np.sin(f(x, n - 1, cfg))
    return x * f(x, n - 1, cfg)
""",
    "draw given": """\
import numpy as np
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    if n == 0:
        return x * np.random.normal()
    y = f(x * np.random.normal(), n - 1)
    return x * y
""",
    "flagged": """\
import math
# codegen: example f(0.3, 0.4, 3)
# codegen: example f(0.9, 0.4, 3)
def f(x: float, y: float, n: int):
    if n == 0:
        return x, y
    a, b = f(x * y, math.sin(y), n - 1)
    c = (a if x > 0.5 else 0.0) + (b if y < 0.3 else 0.1 * y)
    d = f(c, x, 0)[0] if x > 0.5 else 0.0
    return c + d, (a * b if x < 0.5 else b)
""",
    "flagged and singular": """\
import math
# codegen: example g(0.3, 0.4)
# codegen: example g(0.9, 0.4)
# codegen: example g(0.5, 0.0)
def g(x: float, y: float):
    a = _f(y, x, 2)
    b = _f(x, y, 2)
    return (a if y > 0 else x) + (b if x > 0.6 else 0.0)


def _f(x: float, y: float, n: int):
    if n == 0:
        return math.sqrt(x) * y
    return math.sin(x) + _f(x * y, y, n - 1)
""",
    "only one, singular": """\
import math
# codegen: example g(0.3, 0.4)
# codegen: example g(0.5, 0.0)
def g(x: float, y: float):
    a = _f(y, 2)
    return (a if y > 0 else x) + x


def _f(x: float, n: int):
    if n == 0:
        return math.sqrt(x)
    return math.sin(x) + _f(x * 0.5, n - 1)
""",
    "handed on": """\
import numpy as np
# codegen: example even(np.array([0.2, 0.5, 0.7]), 2)
# codegen: example even(np.array([0.2, 0.5, 0.7]), 3)
def even(x, n):
    if n == 0:
        return 1.5
    return odd(x, n - 1)


# codegen: example odd(np.array([0.2, 0.5, 0.7]), 2)
def odd(x, n):
    if n == 0:
        return x[0]
    return x[1] * even(x, n - 1) + np.sum(x)
""",
    "shared: limiter annotated": """\
import numpy as np
from jaxtyping import Float
def _limited(a: float, b: float):
    # the smaller of two slopes, or none where they differ in sign
    if a * b <= 0:
        slope = 0.0
    elif abs(a) < abs(b):
        slope = a * (1.0 + 0.1 * b)
    else:
        slope = b * (1.0 + 0.1 * a)
    scaled = slope / (1.0 + slope**2)
    return scaled * np.exp(-slope)


# codegen: example f(np.array([0.3, 0.5, 0.2, 0.9]))
def f(u: Float[np.ndarray, "N"]):
    total = 0.0
    for i in range(1, 3):
        left = _limited(u[i] - u[i - 1], u[i + 1] - u[i])
        right = _limited(u[i + 1] - u[i], u[i] * 2)
        total += left * right
    return total + _limited(u[0], u[1])
""",
    "shared: unannotated": """\
import numpy as np
from jaxtyping import Float
def _limited(a, b):
    if a * b <= 0:
        slope = 0.0
    elif abs(a) < abs(b):
        slope = a * (1.0 + 0.1 * b)
    else:
        slope = b * (1.0 + 0.1 * a)
    scaled = slope / (1.0 + slope**2)
    return scaled * np.exp(-slope)


# codegen: example f(np.array([0.3, 0.5, 0.2, 0.9]))
def f(u: Float[np.ndarray, "N"]):
    total = 0.0
    for i in range(1, 3):
        left = _limited(u[i] - u[i - 1], u[i + 1] - u[i])
        right = _limited(u[i + 1] - u[i], u[i] * 2)
        total += left * right
    return total + _limited(u[0], u[1])
""",
    "shared: writes": """\
import numpy as np
from jaxtyping import Float
def _smooth(a: Float[np.ndarray, "N"], r: float):
    for i in range(1, a.shape[0]):
        if a[i] > 0:
            a[i] = a[i] * r + a[i - 1]
        else:
            a[i] = a[i - 1]
    b = a * a
    c = b + a
    d = c * 2
    return np.sum(d)


# codegen: example f(np.array([0.3, 0.5, 0.2, 0.9]))
def f(u: Float[np.ndarray, "N"]):
    v = u * 2
    s = _smooth(v, 0.5)
    w = v * s
    return _smooth(w, 0.3) + np.sum(v)
""",
    "shared: stored behind": """\
import numpy as np
from jaxtyping import Float
def _energy(a: Float[np.ndarray, "N"], r: float):
    total = 0.0
    for i in range(a.shape[0]):
        if a[i] > 0.1:
            total += a[i] ** 2 * r
        else:
            total += a[i]
    b = total * total
    c = b + total
    return c * np.sin(c)


# codegen: example f(np.array([0.3, 0.5, 0.2, 0.9]))
def f(u: Float[np.ndarray, "N"]):
    v = u * 2
    s = _energy(v, 0.5)
    v[0] = s
    return _energy(v, 0.3) + _energy(v, 0.2)
""",
    "first of and": """\
def _p(x: float, n: int):
    if n == 0:
        return 1.0
    return x * _p(x, n - 1)


# codegen: example f(0.3, 2)
# codegen: example f(0.9, 2)
def f(x: float, n: int):
    if _p(x, n) > 0.1 and n > 0:
        return x * _p(x, 2)
    return 3 * x if _p(x, 2) > 1 else x * x
""",
    "side by side": """\
def _p(x: float, n: int):
    if n == 0:
        return 1.0
    return x * _p(x, n - 1)


# codegen: example f(0.3, 2)
def f(x: float, n: int):
    a, b, c = _p(x, n), x * 2, _p(x * x, 2)
    a, b = _p(b, 2), a * c
    b, a = a * b, _p(x, 2) * b
    return a + b * c
""",
    "quadrature": """\
import numpy as np


def simpson(f, a, b):
    return (b - a) / 6 * (f(a) + 4 * f((a + b) / 2) + f(b))


def adaptive(f, a, b, whole, eps):
    m = (a + b) / 2
    left, right = simpson(f, a, m), simpson(f, m, b)
    if abs(left + right - whole) < eps:
        return left + right
    return adaptive(f, a, m, left, eps / 2) + adaptive(f, m, b, right, eps / 2)


# codegen: example area(0.7)
def area(p: float):
    def g(t):
        return np.exp(-p * t * t)
    return adaptive(g, 0.0, 2.0, simpson(g, 0.0, 2.0), 1e-4)
""",
    "quadrature of a function": """\
import numpy as np


# codegen: skip
def g(t):
    return np.exp(-t * t)


def simpson(f, a, b):
    return (b - a) / 6 * (f(a) + 4 * f((a + b) / 2) + f(b))


def adaptive(f, a, b, whole, eps):
    m = (a + b) / 2
    left, right = simpson(f, a, m), simpson(f, m, b)
    if abs(left + right - whole) < eps:
        return left + right
    return adaptive(f, a, m, left, eps / 2) + adaptive(f, m, b, right, eps / 2)


# codegen: example area(0.7)
def area(p: float):
    return adaptive(g, 0.0, p, simpson(g, 0.0, p), 1e-4)
""",
    "quadrature with a lambda": """\
import numpy as np


def adaptive(f, a, b, whole, eps):
    m = (a + b) / 2
    left = (m - a) / 6 * (f(a) + 4 * f((a + m) / 2) + f(m))
    right = (b - m) / 6 * (f(m) + 4 * f((m + b) / 2) + f(b))
    if abs(left + right - whole) < eps:
        return left + right
    return adaptive(f, a, m, left, eps / 2) + adaptive(f, m, b, right, eps / 2)


# codegen: example area(0.7, 1.1)
def area(p: float, q: float):
    first = adaptive(lambda t: np.exp(-p * t * t), 0.0, 2.0, 0.0, 1e-4)
    p = p * first
    return adaptive(lambda t: np.sin(p * t), 0.0, q, 0.0, 1e-4) * first
""",
}

REFUSED = {
    "draw beside": """\
import numpy as np
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    if n == 0:
        return x * np.random.normal()
    return x * np.random.normal() * f(x * x, n - 1)
""",
    "store in": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 3)
def f(x: np.ndarray, n: int):
    if n == 0:
        return x[0]
    x[0] = x[1] * x[0]
    return x[1] * f(x, n - 1)
""",
    "store in result": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 3)
def f(x: np.ndarray, n: int):
    if n == 0:
        return x
    y = f(x * 2, n - 1)
    y[0] = y[1] * x[0]
    return y
""",
    "store in result alias": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 3)
def f(x: np.ndarray, n: int):
    if n == 0:
        return x
    y = f(x, n - 1)
    y[0] = y[1] * x[0]
    return y
""",
    "store in result view": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2, 0.4]), 3)
def f(x: np.ndarray, n: int):
    if n == 0:
        return x[1:]
    return g(x, n - 1) * 2


def g(x, n):
    if n == 0:
        return x
    y = f(x, n - 1)
    y[0] = y[1] * x[0]
    return y
""",
    "procedure": """\
import numpy as np
def fill(x, n):
    if n == 0:
        return
    x[n] = x[n - 1] * 2
    fill(x, n - 1)


# codegen: example f(np.array([0.3, 0.2, 0.4]), 2)
def f(x: np.ndarray, n: int):
    fill(x, n)
    return np.sum(x)
""",
    "list literal": """\
import numpy as np
# codegen: example f(0.3, 2)
def f(x: float, n: int):
    return _g([x, x * x], n)


def _g(v, n):
    if n == 0:
        return v[0]
    return v[1] * _g(v, n - 1)
""",
    "params dict": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.4]), {"W": np.eye(2) * 0.7, "b": np.ones(2)}, 2)
def f(x, params, n):
    if n == 0:
        return x
    return np.tanh(f(x, params, n - 1) @ params["W"] + params["b"])
""",
    "closure": """\
import numpy as np
# codegen: example f(0.3, 2)
def f(x: float, n: int):
    def g(k):
        if k == 0:
            return x
        return x * g(k - 1)
    return g(n)
""",
    "and or": """\
def _p(x: float, n: int):
    if n == 0:
        return 1.0
    return x * _p(x, n - 1)


# codegen: example f(0.3, 2)
def f(x: float, n: int):
    if n > 0 and _p(x, n) > 0.1:
        return x * x
    return _p(x, 3) if n > 5 or _p(x, 2) > 1 else x
""",
    "while header": """\
def _p(x: float, n: int):
    if n == 0:
        return 1.0
    return x * _p(x, n - 1)


# codegen: example f(0.3, 2)
def f(x: float, n: int):
    while _p(x, n) < 0.5:
        x = x * 2
    return x
""",
    "never ends": """\
# codegen: example f(0.3)
def f(x: float):
    return x * f(x * x)
""",
    "returns none": """\
def f(x: float, n: int):
    if n > 0:
        return x * f(x * x, n - 1)
""",
    "overwritten": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 2)
def f(x: np.ndarray, n: int):
    if n == 0:
        return np.sum(x**2)
    y = x * 2
    s = f(y, n - 1)
    y[0] = 7.0 * x[0]
    y *= s
    return s + f(y, n - 1)
""",
    "stored in loop": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 2)
def f(x: np.ndarray, n: int):
    if n == 0:
        return np.sum(x**2)
    y = np.zeros(2)
    s = 0.0
    for i in range(2):
        y[i] = x[i] ** 2
        s += f(y, n - 1)
    return s
""",
    "view given": """\
import numpy as np
# codegen: example f(np.array([0.3, 0.2]), 2)
def f(x: np.ndarray, n: int):
    if n == 0:
        return np.sum(x**2)
    y = x * 2
    v = y[:1]
    s = f(v, n - 1)
    y[0] = 7.0 * s
    return s + np.sum(y)
""",
    "static list": """\
import numpy as np
# codegen: example f(0.3, 2)
def f(x: float, n: int):
    return _g(x, [1, 2, 3], n) + _g(x, (2, 2, 2), n)


def _g(x: float, v, n):
    if n == 0:
        return x
    return x * v[n] + _g(x * x, v, n - 1)
""",
    "masked arrays": """\
import numpy as np
# codegen: example g(np.array([0.3, 1.4, 2.0]))
def g(x: np.ndarray):
    with_roots = _f(x, 2)
    return np.sum(np.where(x > 1, with_roots * 2, x))


def _f(x, n):
    if n == 0:
        return np.sqrt(x - 1)
    return np.sin(x) + _f(x, n - 1)
""",
}
