"""Programs with lists, tuples and dicts; below `control_programs.HEAD`."""

DENSE = "np.array([[0.1, 0.2], [0.4, -0.7]])"

PROGRAMS = {
    "a dict display": """\
# codegen: example f(0.4, 0.5)
def f(x: float, w: float):
    p = {"a": x * w, "b": math.sin(x)}
    p["c"] = p["a"] * p["b"]
    p["a"] += 1.0
    total = 0.0
    for k, v in p.items():
        total = total + v * v
    return total
""",
    "a list of pairs": """\
# codegen: example f(np.ones(3), np.full(3, 0.3), np.arange(3.0))
def f(x: np.ndarray, w: np.ndarray, b: np.ndarray):
    layers = [(w, b), (b, w)]
    for u, v in layers:
        x = np.tanh(x * u + v)
    return np.sum(x) * len(layers)
""",
    "a list that grows in a written-out loop": """\
# codegen: example f(0.7)
def f(x: float):
    acc = [x]
    for i in range(4):
        acc.append(acc[i] * math.sin(acc[-1]))
    acc.extend([x, x * x])
    acc[0] = acc[0] * 3
    return acc[-1] + acc[2] + max(acc) + sum(acc)
""",
    "comprehensions": """\
# codegen: example f(np.ones(3), np.full(3, 0.3))
def f(x: np.ndarray, w: np.ndarray):
    xs = [np.sin(x * i) for i in range(3)]
    ys = {k: v * w for k, v in {"a": x, "b": w}.items()}
    for name, y in ys.items():
        xs.append(y)
    return sum(np.sum(v) for v in xs) + len(xs) * np.sum(ys["a"])
""",
    "enumerate, zip and reversed of items": """\
# codegen: example f(0.4, 0.5, 0.6)
def f(x: float, y: float, z: float):
    xs = [x, y, z]
    total = 0.0
    for i, v in enumerate(xs, 1):
        total += v**i
    for a, b in zip(xs, reversed(xs)):
        total += a * b
    for n, (a, b) in enumerate(zip(xs, (x, x, y))):
        total *= 1 + n * a * b
    return total
""",
    "an item read behind a store": """\
# codegen: example f(np.arange(3.0))
def f(x: np.ndarray):
    h = x * 1.0
    p = [h * 2, h * 3]
    q = {"a": h * 5, "b": np.sin(h)}
    h[0] = 5.0
    return np.sum(p[0] * q["b"]) + np.sum(h * q["a"])
""",
    "stars": """\
def _mix(x, *others, scale=2.0, **more):
    total = x * scale
    for k, o in enumerate(others):
        total = total + o * (k + 1)
    for key, value in more.items():
        total = total * value
    return total


# codegen: example f(0.4, 0.5, 0.6)
def f(x: float, y: float, z: float):
    pair = (y, z)
    opts = {"a": x * y, "scale": 3.0}
    more = _mix(x, y, z, x, scale=z, b=y)
    return _mix(x, *pair) + more + _mix(*pair, **opts) + _mix(x) + _mix(*(x, *pair))
""",
    "carried containers": """\
# codegen: example f(0.4, 0.5)
def f(x: float, y: float):
    state = {"x": x, "v": y}
    for i in range(3):
        state["v"] = state["v"] - 0.1 * math.sin(state["x"])
        state["x"] = state["x"] + 0.1 * state["v"]
    if x > 0:
        state["x"] = state["x"] * y
    return state["x"]
""",
    "another name of a list": """\
# codegen: example f(0.4, 0.5)
def f(x: float, y: float):
    a = [x, y]
    b = a
    a.append(x * y)
    b[0] = y
    return a[0] + b[2] * len(b)
""",
    "names like ours": """\
# codegen: example f(0.4, 0.5)
def f(x: float, dx: float):
    xs = [x * dx]
    xs_1 = x
    xs.append(dx * 2)
    return xs[1] * xs_1 + xs[0]
""",
    "entries": f"""\
# codegen: example f({{"b": np.array([0.3, -0.1]), "W": {DENSE}}}, {DENSE})
def f(params: dict, x: np.ndarray):
    W, b = params["W"], params["b"]
    return np.sum(np.tanh(x @ W + b)) + np.sum(params["W"])
""",
    "entries under a second name of the dict": """\
# codegen: example f({"W": np.arange(1.0, 4.0)})
def f(params: dict):
    q = params
    return np.sum(q["W"] * params["W"])
""",
    "entries of entries, in a loop and in a helper": f"""\
def dense(p, x):
    return np.tanh(x @ p["W"] + p["b"])


def affine(x, W, b):
    return x @ W + b


# codegen: example f({{"l1": {{"W": {DENSE}, "b": np.ones(2)}}, "l2": {{"W": {DENSE}, "b": np.zeros(2)}}}}, {DENSE})
def f(params: dict, x: np.ndarray):
    h = dense(params["l1"], x)
    for t in range(2):
        h = dense(params["l2"], h)
    return np.sum(affine(h, **params["l1"]) ** 2)
""",
    "entries by number": f"""\
# codegen: example f({{"W1": {DENSE}, "b1": np.ones(2), "W2": {DENSE}, "b2": np.zeros(2)}}, {DENSE}, 0.1)
def f(params: dict[str, np.ndarray], x: np.ndarray, reg: float):
    loss = 0.0
    for i in range(1, 3):
        W = params[f"W{{i}}"]
        x = np.tanh(x @ W + params["b" + str(i)])
        loss += reg * np.sum(W * W)
    return np.sum(x**2) + loss
""",
    "entries on some paths": """\
# codegen: example f({"a": 2.0, "b": 3.0}, 0.5)
# codegen: example f({"a": 2.0, "b": 3.0}, -0.5)
def f(theta: dict[str, float], x: float):
    if x > 0:
        y = x * theta["a"]
    else:
        y = x * theta["b"]
    for k in range(3):
        y = y * theta["a"]
    return y
""",
    "a dict of settings": """\
# codegen: example f(np.ones(2), {"mode": "train", "scale": 3.0})
# codegen: example f(np.ones(2), {"mode": "test"})
def f(x: np.ndarray, opts: dict):
    mode = opts["mode"]
    if mode == "train":
        return np.sum(x * opts["scale"])
    return np.sum(x) * opts.get("eps", 1e-5)
""",
    "a dict is returned": """\
# codegen: example f(0.4, 0.5)
def f(x: float, y: float):
    a = x * y
    return {"a": a, "b": math.sin(x), "more": [a * x, (y, x + y)]}
""",
    "a tuple in a returned tuple": """\
# codegen: example f(0.5)
def f(x: float):
    t = x, x * x
    return (t,)
""",
    "a display is read at once": """\
# codegen: example f(0.5)
def f(x: float):
    s = 0.0
    for v in (x, 2 * x):
        s = s + v
    return s * {i: x * i for i in (1, 2)}[2] + max(*(x, 0.1))
""",
    "a list is returned": """\
# codegen: example f(np.ones(2), 0.5)
def f(x: np.ndarray, y: float):
    out = [x * y, np.sum(x)]
    return out
""",
    "a break in a written-out loop": """\
# codegen: example f(-0.7, 0.4)
# codegen: example f(0.7, 0.4)
def f(x: float, y: float):
    for v in (x, y):
        if v > 0:
            break
    return x * v
""",
}

REFUSED = {
    "an entry of one of two dicts": """\
def f(p: dict, q: dict, x: float):
    r = p
    if x > 0:
        r = q
    return r["W"] * x
""",
    "a key that is not known": """\
def f(x: float, k: str):
    p = {"a": x, "b": 2 * x}
    return p[k]
""",
    "an entry that is not there": """\
def f(x: float):
    p = {"a": x}
    return p["b"]
""",
    "a list changed by a helper": """\
def g(xs, x):
    xs.append(x)
    return x * 2


def f(x: float):
    xs = [x]
    y = g(xs, x)
    return sum(xs) * y
""",
    "a list that another one holds": """\
def f(x: float):
    xs = [x]
    both = [xs, xs]
    xs.append(x * x)
    return sum(both[0])
""",
    "an array of a dict written into": """\
def f(params: dict, x: np.ndarray):
    W = params["W"]
    W[0] = 1.0
    return np.sum(W * x)
""",
    "a dict spread into a function with defaults": """\
def g(x, w, b=0.0):
    return x * w + b


def f(x: float, params: dict):
    return g(x, **params)
""",
}
