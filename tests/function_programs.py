"""Programs with functions inside functions, exits of many kinds and settings; below `HEAD`."""

PROGRAMS = {
    "a lambda": """\
# codegen: example f(0.4, 0.5)
def f(x: float, a: float):
    g = lambda t: a * t * t
    return g(x) + g(2 * x)
""",
    "a closure is read late": """\
# codegen: example f(0.4, 0.5)
def f(x: float, a: float):
    def g(t):
        return a * t

    y = g(x)
    a = a * a
    return y + g(x)
""",
    "a closure with statements, in a loop": """\
# codegen: example f(0.5, 0.1, 9.81)
def f(theta: float, omega: float, g: float):
    def slope(theta, omega):
        s = math.sin(theta)
        return omega, -g * s

    for _ in range(3):
        k, l = slope(theta, omega)
        m, n = slope(theta + 0.1 * k, omega + 0.1 * l)
        theta = theta + 0.05 * (k + m)
        omega = omega + 0.05 * (l + n)
    return theta
""",
    "a closure of a closure": """\
# codegen: example f(0.4, 0.5)
def f(x: float, a: float):
    def g(t):
        h = lambda s: s * a * t
        return h(t) + h(x)

    return g(x * a)
""",
    "a function as an argument": """\
def _integrate(g, a, b, n):
    h = (b - a) / n
    s = 0.0
    for i in range(n):
        s += g(a + (i + 0.5) * h)
    return s * h


# codegen: example f(0.4, 1.5)
def f(a: float, b: float):
    c = a * b
    return _integrate(lambda t: c * t * t, a, b, 5) + _integrate(math.sin, a, b, 1) * 0
""",
    "a name that is a function and then a number": """\
# codegen: example f(0.4)
def f(x: float):
    g = lambda t: t * x
    y = g(x)
    g = y * y
    return g * x
""",
    "a return in a loop": """\
# codegen: example f(1.4, 2.0)
# codegen: example f(0.4, 200.0)
def f(x: float, m: float):
    s = x
    for i in range(10):
        s = s * x
        if s > m:
            return s * i
    return s + m * x
""",
    "a return in a loop in a loop": """\
# codegen: example f(1.4, 2.0)
# codegen: example f(0.4, 200.0)
# codegen: example f(1.1, 9.0)
def f(x: float, m: float):
    s = x
    for i in range(4):
        for j in range(3):
            s = s * x + 0.1
            if s > m:
                return s * j, x
        s = s * 1.5
    return s + m * x, s
""",
    "a return in a while of a helper": """\
def _first(x, m):
    while True:
        x = x * 1.5
        if x > m:
            return x * x
        x = x + 0.1


# codegen: example f(1.4, 9.0)
def f(x: float, m: float):
    return _first(x, m) * _first(x * x, m)
""",
    "an else on a for": """\
# codegen: example f(0.9, 4)
# codegen: example f(3.9, 4)
def f(x: float, n: int):
    s = x
    for i in range(n):
        s = s * x
        if s > 10:
            break
    else:
        s = s + x
    return s * s
""",
    "an else on a while, in a loop": """\
# codegen: example f(0.9)
# codegen: example f(2.2)
def f(x: float):
    s = x
    for i in range(3):
        k = 0
        while k < 2:
            s = s * x * 0.9
            k += 1
            if s > 4:
                break
        else:
            s = s + x * x
    return s
""",
    "settings": """\
# codegen: example f(np.ones((2, 3)), {"mode": "train", "p": 0.5})
# codegen: example f(np.ones((2, 3)), {"mode": "test", "p": 0.5, "eps": 0.1})
def f(x: Float[np.ndarray, "N D"], param):
    p, mode = param["p"], param["mode"]
    eps = param.get("eps", 1e-5)
    if mode == "train":
        out = x * p + eps
    elif mode == "test":
        out = x * x * eps
    else:
        raise ValueError("unknown mode")
    return out
""",
    "kinds": """\
# codegen: example f(0.9, "relu")
# codegen: example f(-0.9, "relu")
# codegen: example f(-0.9, None)
def f(x: float, kind):
    if kind in ("relu", "leaky") and not x < 0:
        y = x
    elif isinstance(kind, str) or x > 3:
        y = 0.1 * x
    else:
        y = x * x
    return y * x
""",
}
