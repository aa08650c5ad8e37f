"""Programs with lists whose length only the run knows; below `control_programs.HEAD`."""

PROGRAMS = {
    "append in a loop, stacked": """\
# codegen: example f(np.arange(6.0).reshape(3, 2), np.array([[0.1, 0.2], [0.4, -0.7]]), np.ones(2))
def f(x: Float[np.ndarray, "T D"], W: Float[np.ndarray, "D D"], h: Float[np.ndarray, "D"]):
    hs = []
    for t in range(x.shape[0]):
        h = np.tanh(x[t] + h @ W)
        hs.append(h)
    return np.sum(np.stack(hs) ** 2)
""",
    "stacked along another axis": """\
# codegen: example f(np.arange(6.0).reshape(3, 2), 2)
def f(x: Float[np.ndarray, "T D"], n: int):
    hs = [x]
    for _ in range(n):
        x = np.sin(x)
        hs.append(x)
    return np.stack(hs, axis=1) * np.stack(hs, axis=-1)[0, 0, 0]
""",
    "a trajectory of numbers": """\
# codegen: example f(1.2, 0.3, 5)
# codegen: example f(1.2, 0.3, 0)
def f(x: float, rate: float, n: int):
    path = [x]
    for i in range(n):
        x = x - rate * math.sin(x)
        path.append(x)
    return np.array(path)
""",
    "the built-ins": """\
# codegen: example f(0.7, 4)
# codegen: example f(0.7, 0)
def f(x: float, n: int):
    xs = []
    for i in range(n):
        xs.append(x * i)
        x = math.sin(x)
    total = sum(xs) * len(xs)
    return total * x
""",
    "read by index, also from the end": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    xs = [x, x * x]
    for i in range(n):
        xs.append(xs[i] * math.cos(xs[-1]) + xs[-2])
    return xs[-1] * xs[2] + xs[n]
""",
    "run over": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    xs = []
    for i in range(n):
        x = math.sin(x) + 0.1 * i
        xs.append(x)
    for v in xs:
        x = x * v
    for i, v in enumerate(xs):
        x = x + i * v**2
    for a, b in zip(xs, reversed(xs)):
        x = x + a * b * b
    return x
""",
    "no turns": """\
# codegen: example f(np.ones(3), 0)
def f(x: np.ndarray, n: int):
    hs = []
    for i in range(n):
        hs.append(np.sin(x * i))
    total = np.sum(x)
    for h in hs:
        total = total + np.sum(h * x)
    return total
""",
    "left by break, in the first turn too": """\
# codegen: example f(np.arange(3.0), 5.0)
# codegen: example f(np.arange(3.0), 0.1)
# codegen: example f(np.arange(3.0), 1.0)
def f(x: np.ndarray, least: float):
    hs = [x]
    while True:
        x = np.sin(x) + x
        hs.append(x * x)
        if np.sum(x) > least:
            break
    return np.sum(np.array(hs) * x)
""",
    "nested loops": """\
# codegen: example f(np.arange(4.0), 3, 2)
def f(x: np.ndarray, n: int, m: int):
    total = 0.0
    for i in range(n):
        rows = [x * i]
        for j in range(m):
            x = np.cos(x + j)
            rows.append(x * rows[-1])
        total = total + np.sum(np.stack(rows) ** 2)
    return total
""",
    "one list through nested loops": """\
# codegen: example f(np.arange(4.0), 3, 2)
def f(x: np.ndarray, n: int, m: int):
    rows = []
    for i in range(n):
        for j in range(m):
            x = np.cos(x + j)
            rows.append(x)
        rows.append(x * i)
    return sum(np.sum(r * r) for r in rows)
""",
    "in branches": """\
# codegen: example f(0.7, 5)
def f(x: float, n: int):
    small, large = [], []
    for i in range(n):
        x = 2.0 * math.sin(3.0 * x)
        if x > 0.5:
            large.append(x * x)
        elif x > 0:
            small.append(x)
            large.append(1.0)
        else:
            small.append(2.0)
    if n > 3:
        large.append(x)
    return sum(small) * sum(large) + len(small)
""",
    "comprehensions": """\
# codegen: example f(np.arange(4.0) * 0.3, 3)
def f(x: Float[np.ndarray, "N"], n: int):
    ys = [math.sin(v) * v for v in x]
    zs = [np.sin(x * i) + y for i, y in zip(range(n), ys)]
    ws = [z * 2 for z in zs if np.sum(z) > 0.3]
    return np.sum(np.stack(zs) ** 2) + sum(ys) ** 2 + sum(np.sum(w) for w in ws)
""",
    "a comprehension under the name of what it runs over": """\
# codegen: example f(np.arange(4.0) * 0.3, 2)
def f(x: Float[np.ndarray, "N"], n: int):
    v = 2.0
    xs = [v * x * i for i in range(n)]
    xs = [np.cos(x) * v for x in xs]
    xs = [np.exp(-v) for v in xs]
    return np.sum(np.array(xs)) * v * np.sum(x)
""",
    "taken off again": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    hs = []
    for i in range(n):
        hs.append(x)
        x = math.sin(x)
    total = 0.0
    for i in range(n):
        h = hs.pop()
        total += h * h * (i + 1)
        if hs and i < 1:
            x = x * hs.pop()
        if not hs:
            break
    return total * x
""",
    "a stack that a while empties": """\
# codegen: example f(np.arange(3.0), 4)
def f(x: np.ndarray, n: int):
    hs = [x]
    for i in range(n):
        x = np.sin(x)
        hs.append(x)
    total = np.zeros(3)
    while hs:
        h = hs.pop()
        total = total * 0.5 + h * h
    return np.sum(total)
""",
    "pushed and taken off in one loop": """\
# codegen: example f(0.7, 6)
def f(x: float, n: int):
    stack = [x]
    for i in range(n):
        if i % 3 == 2:
            a = stack.pop()
            b = stack.pop()
            stack.append(a * b)
        else:
            stack.append(math.sin(stack[-1]) + i)
    return stack[-1]
""",
    "an item that is used elsewhere": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    hs = []
    y = x
    for i in range(n):
        h = np.sin(x)
        hs.append(h)
        hs.append(h)
        y = y * h
        x = x + h
    for h in hs:
        y = y + h * h
        h = h * 2
        y = y * h
    return np.sum(y + hs[0])
""",
    "one array n times": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    hs = []
    for i in range(n):
        hs.append(x)
    first = hs[0] * 2
    return np.sum(sum(hs) * hs[-1]) + np.sum(first)
""",
    "given to a helper": """\
def _run(x, n):
    hs = []
    for i in range(n):
        x = np.sin(x) + i
        hs.append(x)
    return hs


def _total(hs):
    total = 0.0
    for h in hs:
        total = total + np.sum(h * h)
    return total


# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    hs = _run(x, n)
    ks = _run(2 * x, n + 1)
    return _total(hs) * _total(ks)
""",
    "arrays of other shapes": """\
# codegen: example f(np.arange(5.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    parts = []
    for i in range(n):
        parts.append(np.sin(x[i:]) * i)
    total = 0.0
    for part in parts:
        total = total + np.sum(part**2)
    return total
""",
    "a list that does not matter": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    seen, counts = [], []
    for i in range(n):
        seen.append(x)
        counts.append(i * i)
        x = x * counts[-1] + math.sin(x)
    return x * len(seen) * sum(counts)
""",
    "a value read before the list grows": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    xs = [x]
    for i in range(n):
        before = sum(xs)
        k = len(xs)
        xs.append(math.sin(before) * k)
    return sum(xs) * sum(xs)
""",
    "an array written into and copied": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    a = x * 1.0
    hs = []
    for i in range(n):
        a[i] = a[i] ** 2 + a[0]
        hs.append(a.copy())
    return np.sum(np.stack(hs) ** 2)
""",
    "extended": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    hs = [x]
    for i in range(n):
        hs.extend([hs[-1] * x, np.sin(hs[i])])
    more = [x * 2]
    more.extend(hs)
    return np.sum(np.stack(more) ** 2)
""",
    "returned in a loop": """\
# codegen: example f(0.7, 9)
# codegen: example f(0.7, 1)
def f(x: float, n: int):
    xs = []
    for i in range(n):
        x = math.sin(x) * 1.3
        xs.append(x)
        if i > 3:
            return sum(xs) * x
    return sum(xs) + x
""",
    "a list in a turn of its own": """\
# codegen: example f(np.arange(4.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    for i in range(n):
        parts = [v * v for v in x]
        x = np.sin(np.array(parts)) + x * sum(parts) * 0.01
    return np.sum(x)
""",
    "integers and floats": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    xs = [0]
    for i in range(n):
        xs.append(xs[-1] + x**i)
    return xs[-1] * xs[1]
""",
    "float32": """\
# codegen: example f(np.arange(3, dtype=np.float32), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    hs = []
    for i in range(n):
        x = x * np.float32(0.5) + i
        hs.append(x)
    return np.stack(hs)
""",
    "max of a list": """\
# codegen: example f(0.7, 4)
def f(x: float, n: int):
    xs = [math.sin(x * i) for i in range(n)]
    return max(xs) * min(xs) + np.max(xs)
""",
    "zero turns of a loop that takes off": """\
# codegen: example f(0.7, 0, 0)
# codegen: example f(0.7, 3, 2)
def f(x: float, n: int, m: int):
    xs = [x]
    for i in range(n):
        xs.append(math.sin(xs[-1]))
    for i in range(m):
        x = x * xs.pop()
    return x * xs[-1] + sum(xs)
""",
    "a comprehension over an array": """\
# codegen: example f(np.arange(3.0))
def f(v: np.ndarray):
    return sum([t * t for t in v])
""",
    "made anew in each turn": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x, x * x]
    for i in range(n):
        hs = [math.sin(h) * hs[0] for h in hs]
    return sum(hs) ** 2
""",
    "read by a function inside": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x]
    def last():
        return hs[-1]
    for i in range(n):
        hs.append(math.sin(last()))
    return last() ** 2 + sum(hs)
""",
    "one array twice, and what is stacked is written into": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    hs = []
    for i in range(n):
        x = np.sin(x)
        hs.append(x)
        hs.append(x)
    out = np.stack(hs)
    out[0] = out[1] * 2
    out *= 2
    return out
""",
    "one array under several places": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    y = x * 1.0
    hs = [y]
    for i in range(n):
        hs.append(y)
        y = y + hs[0] * x
    return hs[0] + y + np.stack(hs)[1]
""",
    "indices that count from the length": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x]
    k = 0
    for i in range(n):
        k = k + i
        hs.append(hs[len(hs) - 1] * hs[i // 2] + hs[-len(hs)])
    return hs[len(hs) - 2] * hs[k - 1]
""",
    "run over in a loop in which it grows": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x, x * x]
    for i in range(n):
        for j, h in enumerate(hs):
            x = x * math.cos(h) + j
        hs.append(x)
    return sum(hs)
""",
    "emptied by a while in a loop": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x, x * x]
    for i in range(n):
        while len(hs) > 1:
            a = hs.pop()
            x = x * a + math.sin(a)
        hs.append(x)
        hs.append(x * i)
    return sum(hs)
""",
    "a loop with else": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = []
    for i in range(n):
        hs.append(x * i)
        if x * i > 5:
            break
    else:
        hs.append(x * x)
    return sum(hs) ** 2
""",
    "continue": """\
# codegen: example f(0.7, 5)
def f(x: float, n: int):
    hs = []
    for i in range(n):
        if i % 2 == 0:
            continue
        hs.append(x * i)
        x = x * hs[-1]
    return sum(hs) ** 2
""",
    "what is taken off is not used": """\
# codegen: example f(0.7, 5)
def f(x: float, n: int):
    hs = [x]
    for i in range(n):
        hs.append(math.sin(x * i))
    hs.pop()
    hs.pop()
    return sum(hs) ** 2
""",
    "an index that is a list": """\
# codegen: example f(np.arange(4.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    idx = []
    for i in range(n):
        idx.append(i)
        idx.append(0)
    return np.sum(x[idx] ** 2)
""",
    "names like ours": """\
# codegen: example f(0.7, 5)
def f(x: float, n: int):
    hs = [x]
    dhs = 2.0 * x
    dhs_i = x
    for i in range(n):
        hs.append(hs[-1] * dhs)
        dhs = dhs + dhs_i
    return sum(hs) ** 2
""",
    "break in nested loops": """\
# codegen: example f(0.7, 3, 4)
def f(x: float, n: int, m: int):
    hs = []
    for i in range(n):
        for j in range(m):
            x = math.sin(x * j) + x
            hs.append(x)
            if x > 1.4:
                break
        else:
            hs.append(x * x)
        if hs[-1] > 2:
            break
    return sum(hs) ** 2
""",
    "a lambda in a comprehension": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    g = lambda v: v * v
    ys = [g(x * i) for i in range(n)]
    zs = [y if y > 0.6 else 2 * y for y in ys]
    return sum(zs) * ys[0] + zs[-1]
""",
    "a helper with statements in a comprehension": """\
def _h(v, w):
    if v > 0.5:
        return v * w
    t = v * v
    return t + w


# codegen: example f(0.7, 3)
def f(x: float, n: int):
    zs = [_h(x * i, x) for i in range(n)]
    return sum(zs)
""",
    "an assert on the length": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x]
    for i in range(n):
        hs.append(x * i)
        assert len(hs) > 0
    return sum(hs) ** 2
""",
    "a parameter that is a list of arrays": """\
# codegen: example f([np.arange(3.0), np.ones(3)], 0.7)
# codegen: example f([], 0.7)
def f(xs: list[np.ndarray], w: float):
    s = 0.0
    for x in xs:
        s += np.sum(np.sin(x * w))
    return s
""",
    "a list of arrays, whole and by item": """\
# codegen: example f([np.arange(3.0), np.ones(3)], 0.7)
def f(xs: list[np.ndarray], w: float):
    s = xs[0] * xs[-1] * w
    return np.sum(np.stack(xs) ** 2) + np.sum(s) + np.sum(sum(xs))
""",
    "a list of arrays stacked": """\
# codegen: example f([np.arange(3.0), np.ones(3)])
def f(xs: list[Float[np.ndarray, "N"]]):
    return np.stack(xs)
""",
    "a list of arrays on one path": """\
# codegen: example f([np.arange(3.0), np.ones(3)], 0.3)
def f(xs: list[Float[np.ndarray, "N"]], w: float):
    if w > 1:
        w = w * np.sum(xs[0])
    return w * w
""",
    "a comprehension of a helper over what is computed for it": """\
def _g(v):
    return sum([t * t for t in v])


# codegen: example f(np.arange(3.0))
def f(x: Float[np.ndarray, "N"]):
    return _g(np.sin(x)) * _g(x * 2)
""",
    "layers in lists": """\
# codegen: example f(np.arange(3.0), [np.eye(3), np.ones((3, 2))], [np.zeros(3), np.ones(2)])
def f(x: np.ndarray, Ws: list[np.ndarray], bs: list[np.ndarray]):
    for W, b in zip(Ws, bs):
        x = np.tanh(x @ W + b)
    return np.sum(x)
""",
    "layers by their number": """\
# codegen: example f(np.arange(3.0), [np.eye(3), np.ones((3, 3))], [np.zeros(3), np.ones(3)])
def f(x: Float[np.ndarray, "D"], Ws: list[Float[np.ndarray, "D D"]], bs: list[np.ndarray]):
    for i in range(len(Ws)):
        x = np.tanh(x @ Ws[i] + bs[i])
    return np.sum(x)
""",
    "a parameter that is a list": """\
# codegen: example f([1.0, 2.0, 0.5])
def f(xs: list[float]):
    ys = [math.sin(x) for x in xs]
    s = 0.0
    for x, y in zip(xs, ys):
        s += x * y
    return s
""",
    "slices": """\
# codegen: example f([1.0, 2.0, 0.5], 2)
def f(xs: list[float], n: int):
    s = sum(xs[1:]) * sum(xs[:n]) + xs[::-1][0] ** 2
    for a, b in zip(xs[:-1], xs[1:]):
        s += a * b
    return s
""",
    "lists put together": """\
# codegen: example f([1.0, 2.0, 0.5], 0.3)
def f(xs: list[float], w: float):
    ys = xs + [w, w * w]
    zs = ys[1:] + ys[:2]
    return sum(ys) * zs[1] + sum(zs)
""",
    "copies of a list": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x]
    for i in range(n):
        ks = hs[:]
        hs.append(x * i + sum(ks))
    ls = hs.copy()
    ms = list(hs)
    ms.append(x)
    hs.append(x)
    return sum(ls) * sum(hs) * sum(ms)
""",
    "one item n times": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x] * n
    ks = [0.0] * n
    for i in range(n):
        ks[i] = x * i + hs[i]
    return sum(hs) ** 2 + sum(ks)
""",
    "items replaced": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x]
    for i in range(n):
        hs.append(x * i)
        hs[0] = x * hs[-1]
        hs[i] += x
    return sum(hs) ** 2
""",
    "a list of an array": """\
# codegen: example f(np.arange(3.0))
def f(x: Float[np.ndarray, "N"]):
    xs = list(x)
    xs.append(x[0] * 2)
    ys = list(x * x)
    return sum(xs) * ys[1] + np.sum(np.array(ys))
""",
    "more added in place": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x]
    for i in range(n):
        hs += [x * i]
    return sum(hs) ** 2
""",
    "items that broadcast": """\
# codegen: example f(np.arange(3.0))
def f(x: Float[np.ndarray, "N"]):
    parts = []
    for i in range(3):
        parts.append(np.sin(x[:i + 1]) if i != 1 else x * 2)
    ys = [x[2 * i:] for i in range(2)]
    return np.sum(sum(ys) * x) + np.sum(ys[0] * ys[1])
""",
    "a sum of arrays": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    ys = [x * i for i in range(n)]
    y = x
    for v in ys:
        y = y * v
    return np.sum(sum(ys)) + np.sum(y)
""",
    "a sum of arrays alone": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    ys = [x * i for i in range(n)]
    return np.sum(sum(ys))
""",
    "a sum of arrays taken off": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    ys = []
    for i in range(n):
        ys.append(x)
        x = x * 1.5
    return np.sum(sum(ys)) - np.sum(sum(ys)) * 3
""",
    "arguments that nothing declares": """\
# codegen: example f(np.arange(3.0))
def f(x):
    return np.sum(sum([x * i for i in x])) + sum(2.0 * i for i in x)
""",
    "an item picked by the run": """\
# codegen: example f(0.7, 1)
def f(x: float, i: int):
    t = [x, x * x]
    return t[i] * t[0]
""",
    "items of a copy replaced": """\
# codegen: example f([np.arange(3.0), np.ones(3)])
def f(xs: list[Float[np.ndarray, "N"]]):
    ys = list(xs)
    ys[0] = xs[1] * 2 * xs[0]
    ys[-1] = ys[0] * ys[1]
    return np.sum(ys[0] * xs[0]) + np.sum(ys[1] * xs[1])
""",
    "items of a copy replaced in a loop": """\
# codegen: example f([1.0, 2.0, 0.5], 4)
def f(xs: list[float], n: int):
    ys = list(xs)
    for i in range(n):
        ys[i % 3] = ys[(i + 1) % 3] * xs[i % 2] + ys[i % 3]
        ys[0] -= xs[1]
    return ys[0] * ys[1] + sum(ys)
""",
    "items that change places": """\
# codegen: example f([1.0, 2.0, 0.5])
def f(xs: list[float]):
    ys = list(xs)
    for i in range(2):
        ys[i], ys[i + 1] = ys[i + 1], ys[i] * xs[i]
    return ys[0] * ys[1] + ys[2] ** 2
""",
    "sorted by exchanges": """\
# codegen: example f([1.0, 2.0, 0.5, 0.3])
def f(xs: list[float]):
    ys = xs[:]
    n = len(ys)
    for i in range(n):
        for j in range(n - 1 - i):
            if ys[j] > ys[j + 1]:
                ys[j], ys[j + 1] = ys[j + 1], ys[j]
    s = 0.0
    for i, y in enumerate(ys):
        s += i * y * y
    return s
""",
    "arrays of two shapes": """\
# codegen: example f([np.ones((1, 3)) * 0.4, np.arange(3.0)])
def f(xs: list[np.ndarray]):
    return np.sum(xs[0] * xs[1] + xs[0] ** 2)
""",
    "arrays of several shapes in a loop": """\
# codegen: example f([np.ones((1, 3)) * 0.4, np.arange(3.0), np.ones((2, 1))])
def f(xs: list[np.ndarray]):
    a = xs[0]
    for x in xs:
        a = a * x + x
    return np.sum(a)
""",
    "a sum of arrays of several shapes": """\
# codegen: example f([np.ones((1, 3)) * 0.4, np.arange(3.0), np.ones((2, 1))])
def f(xs: list[np.ndarray]):
    return np.sum(sum(xs) ** 2)
""",
    "a list of float32 arrays": """\
# codegen: example f([np.ones(3, np.float32), np.arange(3, dtype=np.float32)])
def f(xs: list[np.ndarray]):
    return np.sum(sum(xs) ** 2) + np.sum(xs[0])
""",
    "a list of integer arrays": """\
# codegen: example f([np.arange(3), np.arange(3) + 1], 0.5)
def f(xs: list[np.ndarray], w: float):
    s = 0.0
    for x in xs:
        s += np.sum(x * x * w)
    return s + np.sum(xs[0])
""",
    "two things appended in a turn": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: np.ndarray, n: int):
    hs = []
    for i in range(n):
        hs.append(np.sum(x * i))
        hs.append(x[0])
    return sum(hs) * np.sum(x)
""",
    "functions of numpy on lists": """\
# codegen: example f(np.arange(3.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    hs = [np.sin(x * i) for i in range(n)]
    return np.mean(hs) + np.sum(np.max(hs, axis=0)) + np.sum(np.mean(hs, axis=0) * x)
""",
    "products of lists": """\
# codegen: example f(np.arange(3.0))
def f(x: Float[np.ndarray, "N"]):
    hs = [math.exp(-v) for v in x]
    return np.dot(hs, x) + np.linalg.norm(hs)
""",
    "no times": """\
# codegen: example f(np.arange(3.0), 0)
def f(x: Float[np.ndarray, "N"], n: int):
    hs = [x] * n
    ks = [x[0]] * n
    return np.sum(sum(hs)) + sum(ks) + np.sum(x)
""",
    "extended in a while": """\
# codegen: example f([1.0, 2.0], 3)
def f(xs: list[float], n: int):
    hs = [1.0]
    while len(hs) < n:
        hs.extend(xs)
        hs.extend(2.0 * h for h in xs)
    return sum(hs) * hs[2]
""",
    "lists made and changed in a turn": """\
# codegen: example f(0.5, 3)
def f(x: float, n: int):
    hs = [x, x * x]
    for i in range(n):
        ks = [h * x for h in hs]
        hs.append(sum(ks))
        ks.append(hs[-1])
        x = x + ks[-1] * 0.1
    return sum(hs)
""",
    "slices in a loop": """\
# codegen: example f([1.0, 2.0, 0.5, 0.7])
def f(xs: list[float]):
    s = 0.0
    for i in range(len(xs)):
        s += sum(xs[:i]) * sum(xs[i + 1:])
        s += sum([v * v for v in xs[i::2]])
    return s
""",
    "a list that gets shorter": """\
# codegen: example f([1.0, 2.0, 0.5, 0.7])
def f(xs: list[float]):
    s = 1.0
    rest = xs
    while len(rest) > 1:
        s = s * rest[0] + rest[-1]
        rest = rest[1:]
    return s
""",
    "lists merged": """\
# codegen: example f([1.0, 2.0, 0.5], [0.3, 0.7])
def f(a: list[float], b: list[float]):
    c = a + b
    d = b + a[1:] + [a[0] * b[0]]
    s = 0.0
    for u, v in zip(c, d):
        s += u * v
    return s
""",
    "a window": """\
# codegen: example f(0.4, 5)
def f(x: float, n: int):
    window = [0.0] * 3
    out = []
    for i in range(n):
        x = math.sin(x) + 0.3
        window = window[1:] + [x]
        out.append(sum(window) / 3)
    return sum(o * o for o in out)
""",
    "a table filled": """\
# codegen: example f(0.4, 6)
def f(x: float, n: int):
    fib = [x, x * x] + [0.0] * n
    for i in range(2, n):
        fib[i] = fib[i - 1] + fib[i - 2] * x
    return fib[n - 1]
""",
    "run over backwards": """\
# codegen: example f([1.0, 2.0, 0.5], 0.3)
def f(coefs: list[float], x: float):
    total = 0.0
    for c in reversed(coefs):
        total = total * x + c
    for c in coefs[::-1]:
        total = total * x + c
    return total
""",
    "the losses of a training": """\
# codegen: example f(np.arange(3.0), 0.1, 3)
def f(x: Float[np.ndarray, "N"], lr: float, steps: int):
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    losses = []
    for t in range(1, steps + 1):
        g = 2 * x + np.cos(x)
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        x = x - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8)
        losses.append(np.sum(x * x + np.sin(x)))
    return np.array(losses) @ np.arange(len(losses)) + min(losses)
""",
    "entries of an array that is written into": """\
# codegen: example f(np.arange(3.0))
def f(x: Float[np.ndarray, "N"]):
    a = x * 2
    rows = list(a)
    a[0] = a[1] * 3
    return rows[0] * rows[1] + a[0]
""",
    "made anew and appended to in each turn": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x, x * x]
    for i in range(n):
        hs = [math.sin(h) * hs[0] for h in hs]
        hs.append(x)
    return sum(hs) ** 2
""",
    "made anew of any length in each turn": """\
# codegen: example f(0.7, 3)
def f(x: float, n: int):
    hs = [x * i for i in range(n)]
    for i in range(n):
        hs = [math.sin(h) * x for h in hs]
    return sum(hs) ** 2
""",
    "a parameter that means another list": """\
# codegen: example f([1.0, 2.0, 0.5], 2)
# codegen: example f([1.0, 2.0, 0.5], 0)
def f(xs: list[float], n: int):
    for i in range(n):
        xs = xs[1:] + [xs[0] * xs[1]]
    return sum(xs) * xs[0]
""",
    "a parameter that gets shorter": """\
# codegen: example f([1.0, 2.0, 0.5])
def f(xs: list[float]):
    s = 1.0
    while len(xs) > 1:
        s = s * xs[0] + xs[-1]
        xs = xs[1:]
    return s
""",
    "one of two lists": """\
# codegen: example f([1.0, 2.0, 0.5], 2)
# codegen: example f([1.0, 2.0, 0.5], 5)
def f(xs: list[float], n: int):
    if n > 3:
        ys = xs[1:]
        s = ys[0]
    else:
        ys = xs + [xs[0] * 2]
        s = 1.0
    return sum(ys) * ys[1] * s
""",
    "another list on one path": """\
# codegen: example f([1.0, 2.0, 0.5], 2)
# codegen: example f([1.0, 2.0, 0.5], 5)
def f(xs: list[float], n: int):
    ys = [x * x for x in xs]
    if n > 3:
        ys = [y * xs[0] for y in ys]
        ys.append(xs[1])
    return sum(ys) * ys[1]
""",
    "made anew, then appended to": """\
# codegen: example f([1.0, 2.0, 0.5], 2)
def f(xs: list[float], n: int):
    ys = [x * x for x in xs]
    for i in range(n):
        ys = [y * xs[0] for y in ys]
        ys.append(xs[1])
    return sum(ys)
""",
    "a list and the one before": """\
# codegen: example f([1.0, 2.0, 0.5], 2)
def f(xs: list[float], n: int):
    ys = [x * x for x in xs]
    keep = 0.0
    for i in range(n):
        zs = [y * xs[0] for y in ys]
        zs.append(zs[0] * ys[-1])
        keep += sum(ys) * zs[1]
        ys = zs[1:]
    return sum(ys) * keep
""",
    "lists of arrays in steps": """\
# codegen: example f([np.arange(2.0), np.ones(2)], [np.ones(2), np.zeros(2)], 3, 0.1)
def f(ps: list[Float[np.ndarray, "D"]], vs: list[np.ndarray], n: int, dt: float):
    for _ in range(n):
        fs = [-np.sin(p) for p in ps]
        vs = [v + dt * q for v, q in zip(vs, fs)]
        ps = [p + dt * v for p, v in zip(ps, vs)]
    return sum(np.sum(p * p) for p in ps)
""",
    "a zip of two lengths": """\
# codegen: example f([1.0, 2.0, 0.5], [0.3, 0.2])
def f(a: list[float], b: list[float]):
    c = [u * v for u, v in zip(a, b)]
    return sum(c) * a[2] * c[1]
""",
    "an enumerate that starts at one": """\
# codegen: example f([1.0, 2.0, 0.5])
def f(a: list[float]):
    c = [u ** i for i, u in enumerate(a, 1)]
    d = [u * c[i - 1] for i, u in enumerate(c, start=1)]
    return sum(c) * d[-1]
""",
    "lengths that differ by turn": """\
# codegen: example f([1.0, 2.0, 0.5], 3)
def f(xs: list[float], n: int):
    ys = xs
    total = 0.0
    for i in range(n):
        zs = [y * xs[0] for y in ys]
        zs.append(xs[1] * i)
        for a, b in zip(zs, ys + [xs[2]]):
            total += math.sin(a) * b
        ys = [z * 0.5 for z in zs] + [total]
    return sum(ys) * total
""",
    "lengths that differ by turn, and a while": """\
# codegen: example f(np.array([1.0, 2.0, 0.5]), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    total = 0.0
    for i in range(n):
        zs = []
        for j in range(i):
            zs.append(x[j] * i)
        for a in zs:
            total += math.sin(a) * total + a
        while zs:
            total += zs.pop() ** 2
    return total
""",
    "a break in what a comprehension gave": """\
# codegen: example f(np.array([1.0, 2.0, 0.5]), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    total = 0.0
    i = 0
    while i < n:
        zs = [math.cos(v) for v in x[i:]]
        for k, a in enumerate(zs):
            if k > 1:
                break
            total += math.sin(a) * total + a
        i += 1
    return total
""",
    "items that are evaluated before any is appended": """\
# codegen: example f(0.7, 2)
def f(x: float, n: int):
    hs = [x * math.sin(x), x]
    for i in range(n):
        hs.extend([hs[0] * len(hs), hs[-1] * x])
        hs += [hs[-1] * 0.5, hs[-2] * len(hs)]
    return sum(h * h for h in hs)
""",
    "taken off, and the list not read again": """\
# codegen: example f(np.arange(3.0), 2)
# codegen: example f(np.arange(3.0), 0)
def f(x: Float[np.ndarray, "N"], n: int):
    hs = [x * i for i in range(n)]
    s = x
    if len(hs) > 0:
        s = np.sin(hs.pop())
        hs.extend([x, x * x])
    return np.sum(s * x)
""",
    "a sum of no arrays": """\
# codegen: example f(np.arange(3.0), np.ones(3), 0)
# codegen: example f(np.arange(3.0), np.ones(3), 2)
def f(x: Float[np.ndarray, "N"], y: Float[np.ndarray, "N"], n: int):
    hs = [np.sin(x * i) for i in range(n)]
    return np.sum(sum(hs) * y + y * x)
""",
    "taken off in one of three paths": """\
# codegen: example f(0.4, 3)
# codegen: example f(0.4, 1)
def f(x: float, n: int):
    s = x
    for i in range(n):
        items = [s, s * x][:n] + [x * 0.1]
        if n > 2:
            continue
        if len(items) > 1:
            s = s + items.pop()
    return s
""",
    "items read where others are replaced": """\
# codegen: example f(0.3, 0.5, 3)
# codegen: example f(0.3, 0.5, 0)
def f(x: float, y: float, n: int):
    s = x * 1.0
    rows = [math.sin(s) + 0.3 * y, math.sin(y * y)]
    rows[1] = rows[-1] * math.sin(rows[0])
    if n > 1:
        x = s * math.sin(math.sin(rows[0] * rows[-1]))
    else:
        rows[-2] = y
    return s * x + y + sum(rows) * y
""",
    "items of items": """\
# codegen: example f(0.3, 3)
def f(x: float, n: int):
    xs = [math.sin(x), math.sin(x * x)]
    acc = xs[:]
    xs = [math.sin(w) * xs[0] for w in xs]
    s = 0.5 * xs[-1]
    for v in acc:
        s = s * v
    return s * x + sum(xs)
""",
    "joined": """\
# codegen: example f(np.arange(5.0), 3)
# codegen: example f(np.arange(5.0), 1)
def f(x: Float[np.ndarray, "N"], n: int):
    hs = []
    for i in range(n):
        hs.append(np.sin(x[i:]) * i + x[i])
    y = np.concatenate(hs)
    return np.sum(y * np.arange(len(y))) + np.sum(hs[0])
""",
    "joined along another axis": """\
# codegen: example f(np.arange(6.0).reshape(2, 3), 3)
def f(x: Float[np.ndarray, "N M"], n: int):
    hs = [x[:, i:] * i for i in range(n)]
    y = np.concatenate(hs, axis=1)
    z = np.concatenate([np.sin(h) for h in hs], axis=-1)
    return np.sum(y * z) + np.sum(np.concatenate(hs, 1)[0])
""",
    "a parameter joined": """\
# codegen: example f([np.arange(3.0), np.ones(2)])
def f(xs: list[np.ndarray]):
    return np.concatenate(xs)
""",
    "joined in a loop": """\
# codegen: example f(np.arange(4.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    s = x
    for i in range(n):
        parts = [np.sin(s[j:]) for j in range(i + 1)]
        s = np.concatenate(parts)[:4] * s
    return np.sum(s * s)
""",
    "stacked in a loop, beside what it is made of": """\
# codegen: example f(np.arange(4.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    s = x
    for i in range(n):
        parts = [np.sin(s * j) for j in range(i + 1)]
        s = np.sum(np.stack(parts), axis=0) + s
    return np.sum(s * s)
""",
    "summed in a loop, beside what it is made of": """\
# codegen: example f(np.arange(4.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    s = x
    for i in range(n):
        parts = [np.sin(s * j) for j in range(i + 1)]
        s = sum(parts) + s
    return np.sum(s * s)
""",
    "taken off and used twice": """\
# codegen: example f(np.arange(4.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    hs = [x, x * x, x * x * x, np.sin(x)]
    s = x
    for i in range(n):
        h = hs.pop()
        s = s * h + x
        x = h + s
    return np.sum(s * s) + np.sum(x)
""",
    "parts joined, beside what they are made of": """\
# codegen: example f(np.arange(4.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    s = x
    for i in range(n):
        parts = [s[:2], np.sin(s[2:] * i)]
        parts.append(s[:0])
        s = np.concatenate(parts) + s * 0.5
    return np.sum(s * s)
""",
    "stacked under two names": """\
# codegen: example f(np.arange(4.0), 3)
def f(x: Float[np.ndarray, "N"], n: int):
    hs = [np.sin(x * i) for i in range(n)]
    y = np.stack(hs)
    z = y
    w = y * 2
    return z + w
""",
    "a window of arrays": """\
# codegen: example f([np.arange(4.0), np.ones(4)], 3)
def f(xs: list[Float[np.ndarray, "N"]], n: int):
    ys = xs
    s = xs[0]
    for i in range(n):
        ys = ys[1:] + [s]
        s = s * ys[0] + ys[-1]
    return np.sum(s)
""",
    "a copy of a list of arrays changed": """\
# codegen: example f([np.arange(4.0), np.ones(4)])
def f(xs: list[Float[np.ndarray, "N"]]):
    ys = list(xs)
    s = ys[0] * xs[1]
    ys.append(s)
    ys[0] = ys[1] * s
    zs = ys[::-1]
    return np.sum(np.stack(ys) * np.stack(zs)) + np.sum(s * xs[0])
""",
}

REFUSED = {
    "a list under another name": """\
def f(x: float, n: int):
    hs = []
    a = hs
    for i in range(n):
        a.append(x * i)
        hs.append(x)
    return sum(hs) * x
""",
    "an item updated in place": """\
def f(x: np.ndarray, n: int):
    hs = []
    for i in range(n):
        hs.append(x * i)
    for h in hs:
        h += 1.0
        x = x + h
    return np.sum(np.stack(hs) ** 2) + np.sum(x)
""",
    "an array updated before it is appended again": """\
def f(x: np.ndarray, n: int):
    hs = []
    h = x * 2
    for i in range(n):
        h *= x
        hs.append(h)
    return np.sum(np.stack(hs) ** 2)
""",
    "an array updated behind its append": """\
def f(x: np.ndarray, n: int):
    hs = []
    for i in range(n):
        h = x * i
        hs.append(h)
        h += x
    return np.sum(np.stack(hs) ** 2)
""",
    "a view appended": """\
def f(x: np.ndarray, n: int):
    a = x * 2
    hs = []
    for i in range(n):
        hs.append(a[1:])
        a[i] = a[i] * x[0] + 1
    return np.sum(np.stack(hs) ** 2)
""",
    "a list changed by a helper": """\
def _add(hs, x):
    hs.append(x)


def f(x: float, n: int):
    hs = []
    for i in range(n):
        _add(hs, x * i)
        hs.append(x)
    return sum(hs) * x
""",
    "a list in a tuple": """\
def f(x: float, n: int):
    hs = []
    state = (hs, x)
    for i in range(n):
        hs.append(x * i)
    return sum(state[0]) * state[1]
""",
    "two lists that change places": """\
def f(x: float, n: int):
    hs, ks = [], [x]
    for i in range(n):
        hs.append(x * i)
        hs, ks = ks, hs
    return sum(hs) * sum(ks) ** 2
""",
    "one of two lists changed": """\
def f(x: float, n: int):
    hs = [x]
    if x > 0.5:
        hs = [x, x * x]
    for i in range(n):
        hs.append(x * i)
    return sum(hs) ** 2
""",
    "a list of the caller": """\
def f(xs: list[float], n: int):
    for i in range(n):
        xs.append(xs[-1] * i)
    return sum(xs) ** 2
""",
    "what was taken off updated in place": """\
def f(x: np.ndarray, n: int):
    hs = []
    for i in range(n):
        hs.append(x * i)
    y = x
    for i in range(n):
        h = hs.pop()
        h *= 2
        y = y + h
    return np.sum(y * y)
""",
    "rows of an array that is written into": """\
def f(x: Float[np.ndarray, "N M"]):
    a = x * 2
    rows = list(a)
    a[0] = a[1] * 3
    return np.sum(rows[0] * rows[1])
""",
    "an array n times that is updated": """\
def f(x: np.ndarray, n: int):
    a = x * 2
    rows = [a] * n
    a *= 3
    return np.sum(rows[0] * a)
""",
    "a list of the caller written into": """\
def f(xs: list[np.ndarray]):
    xs[0] = xs[1] * 2
    return np.sum(xs[0] ** 2)
""",
    "what a loop rebinds changed": """\
def f(xs: list[float], n: int):
    ys = [x * x for x in xs]
    zs = ys
    for i in range(n):
        ys = [y * xs[0] for y in ys]
    ys.append(xs[1])
    return sum(ys) * sum(zs)
""",
    "changed and rebound in one loop": """\
def f(x: float, n: int):
    hs = [x]
    total = 0.0
    for i in range(n):
        hs.append(x * i)
        total += sum(hs) ** 2
        if i == 1:
            hs = [h * 2 for h in hs]
    return total + sum(hs)
""",
    "read and taken off in one expression": """\
def f(x: float, n: int):
    hs = [x * i for i in range(n)]
    return hs[-1] * hs.pop()
""",
    "joined, and appended to behind that": """\
def f(x: Float[np.ndarray, "N"], n: int):
    parts = [x]
    t = 0.0
    for i in range(n):
        parts.append(np.sin(np.concatenate(parts)[:4]))
        t = t + np.sum(parts[-1])
    return t
""",
}
