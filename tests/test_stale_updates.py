"""`x += e` on what may have another name: right where nobody reads that name behind it."""

from __future__ import annotations

import numpy as np
import pytest

import codegen

RIGHT = {
    "of what every turn makes anew": """\
def f(x: np.ndarray):
    h = np.zeros_like(x)
    total = 0.0
    for i in range(3):
        h += x * x
        total += np.sum(h * h * x)
        h = np.sin(h) * x
        total += np.sum(h.T * x)
    return total + np.sum(h)
""",
    "another name read before": """\
def f(x: np.ndarray):
    e = np.exp(x)
    s = e
    t = np.sum(e * e)
    s += t
    return np.sum(s * s)
""",
    "another name that the reverse reads": """\
def f(x: np.ndarray):
    e = np.sin(x)
    s = e
    t = np.sum(e * e * e)
    s *= t
    return np.sum(s * s)
""",
    "of a rank that is not known": """\
def f(x, M):
    x *= np.sum(M)
    return np.sum(x * M)
""",
    "a part of what the caller gave": """\
def f(x: np.ndarray):
    s = np.sum(x * x)
    r = x[0]
    r += s
    return np.sum(r * r)
""",
    "names that go on in a loop": """\
def f(x: np.ndarray):
    h = np.sin(x)
    s = 0.0
    for i in range(3):
        g = h
        s += np.sum(g * g * g)
        h += s
    return np.sum(h * h) * s
""",
    "in one of two arms": """\
def f(x: np.ndarray):
    h = np.sin(x)
    g = h
    if x[0] > 0:
        h += np.sum(g * g)
        s = np.sum(h)
    else:
        s = np.sum(g * h)
    return s * s
""",
    "a part that the reverse reads": """\
def f(x: np.ndarray):
    a = np.exp(x)
    s = a[0] * 0.7
    a /= 2.0
    return np.sum(a * a) * s
""",
    "a view that the reverse reads": """\
def f(x: np.ndarray):
    a = np.exp(x)
    v = a[1:]
    s = np.sum(v * 0.7)
    a /= np.sum(a)
    return np.sum(a * a) * s
""",
    "the value before, which the reverse reads": """\
def f(x: np.ndarray):
    a = np.exp(x)
    a *= a
    a *= x
    return np.sum(a * a)
""",
    "an array that a list keeps": """\
def f(x: np.ndarray):
    hs = []
    h = np.sin(x)
    for i in range(3):
        hs.append(h)
        h = np.cos(h)
        h *= 0.9
    return np.sum(hs[0] * hs[2])
""",
    "one of two arrays": """\
def f(x: np.ndarray):
    a = np.exp(x)
    b = np.sin(x)
    if x[0] > 0:
        c = a
    else:
        c = b
    c *= 2.0
    return np.sum(c * c)
""",
    "what each turn makes, twice": """\
def f(x: np.ndarray):
    a = np.exp(x)
    s = 0.0
    for i in range(3):
        b = a * x
        b /= np.sum(b * b)
        b += 1
        s += np.sum(b * b)
        a = np.sin(b)
    return s
""",
    "another shape that the reverse reads": """\
def f(x: np.ndarray):
    a = np.exp(x)
    b = a.ravel()
    t = np.sum(b ** 3)
    a -= t
    return np.sum(a * a) * t
""",
    "one carried, and one made in each turn": """\
def f(x: np.ndarray):
    h = np.sin(x)
    g = np.cos(x)
    for i in range(3):
        h += g
        g = h * 2.0
        g += 1.0
    return np.sum(h * g)
""",
    "names that are exchanged before": """\
def f(x: np.ndarray):
    a, b = np.sin(x), np.cos(x)
    a, b = b, a
    a += b
    b *= a
    return np.sum(a * b * b)
""",
    "another name read behind it": """\
def f(x: Float[np.ndarray, "N"]):
    h = np.sin(x)
    g = h
    h += 1
    return np.sum(g * h)
""",
    "another name read in the next turn": """\
def f(x: Float[np.ndarray, "N"]):
    g = np.sin(x)
    s = 0.0
    for i in range(3):
        h = g
        s += np.sum(g)
        h += s
    return s
""",
    "another name read in the other arm, a turn later": """\
def f(x: Float[np.ndarray, "N"]):
    g = np.sin(x)
    h = g
    s = 0.0
    for i in range(4):
        if i < 2:
            h += 1
        else:
            s += np.sum(g)
    return s
""",
}
SEEN = {
    "a list of what every turn made": """\
def f(x: np.ndarray):
    h = np.zeros_like(x)
    hs = []
    for i in range(3):
        h += x * x
        h = np.sin(h) * x
        hs.append(h)
    return np.sum(hs[0] * hs[1] * h)
""",
    "what the turn before made": """\
def f(x: np.ndarray):
    h = np.zeros_like(x)
    before = h
    total = 0.0
    for i in range(3):
        h += x * x
        total += np.sum(before * x)
        h = np.sin(h) * x
        before = h
    return total + np.sum(h)
""",
    "a view of what the turn before made": """\
def f(x: np.ndarray):
    h = np.zeros_like(x)
    part = h[1:]
    total = 0.0
    for i in range(3):
        h += x * x
        total += np.sum(part * part)
        h = np.sin(h) * x
        part = h[1:]
    return total + np.sum(h)
""",
    "another name, of what is a number where x has no axes": """\
def f(x: np.ndarray):
    h = np.sin(x)
    g = h
    h += 1
    return np.sum(g * h)
""",
    "carried to the next turn": """\
def f(x: np.ndarray):
    g = np.sin(x)
    h = np.cos(x)
    for i in range(3):
        k = g
        g = h
        h += k * k
    return np.sum(g * h)
""",
    "one of two arrays, read behind it": """\
def f(x: np.ndarray):
    a = np.exp(x)
    b = np.sin(x)
    c = a if x[0] > 0 else b
    c *= 2.0
    return np.sum(c * c * a)
""",
    "an item of a tuple": """\
def f(x: np.ndarray):
    h = np.sin(x)
    both = (h, 2.0)
    h += 1
    return np.sum(both[0] * h)
""",
    "a constant of the file": """\
TABLE = np.ones(3)

def f(x: np.ndarray):
    h = TABLE
    h += x
    return np.sum(h * h)
""",
}
HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n"
POINTS = [np.array([0.3, -0.8, 0.5]), np.array([-0.3, 0.4])]


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("x", POINTS)
def test_an_update_is_right_where_nobody_looks(name: str, x: np.ndarray) -> None:
    text = HEAD + RIGHT[name]
    names: dict[str, object] = {}
    exec(text, names)
    exec(codegen.generate(text), names)
    others = [] if "M" not in text else [np.array([0.2, 0.9, 0.4])[: len(x)]]
    before = x.copy()
    value, gradient = names["f_grad"](x, *others)  # type: ignore[operator]
    assert np.array_equal(x, before)
    for i in range(len(x)):
        steps = []
        for step in (1e-6, -1e-6):
            moved = x.copy()
            moved[i] += step
            steps.append(names["f"](moved, *others))  # type: ignore[operator]
        slope = (steps[0] - steps[1]) / 2e-6
        assert abs((gradient[0] if others else gradient)[i] - slope) < 1e-7 * max(1, abs(slope))
    assert value == pytest.approx(names["f"](x.copy(), *others))  # type: ignore[operator]


@pytest.mark.parametrize("name", SEEN)
def test_an_update_that_is_seen_is_refused(name: str) -> None:
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(HEAD + SEEN[name])
    assert {problem.code for problem in caught.value.problems} == {"store"}


def test_an_array_that_may_be_two_arguments_is_refused_when_it_runs() -> None:
    gradient = codegen.grad(HEAD + RIGHT["of a rank that is not known"])
    x = np.ones(3)
    with pytest.raises(ValueError, match="must not share memory"):
        gradient(x, x)
    gradient(x, x.copy())
    assert np.isfinite(gradient(2.0, x)[1][0])


def test_an_update_whose_old_value_nobody_reads_stays_an_update() -> None:
    text = HEAD + """\
# codegen: wrt=x
def f(x: Float[np.ndarray, "N C"], reg: float):
    p = np.exp(x)
    p /= np.sum(p, axis=1, keepdims=True)
    loss = np.sum(p[:, 0] ** 2)
    loss += reg * np.sum(x * x)
    return loss
"""
    made = codegen.generate(text)
    assert "    p /= np.sum(p, axis=1, keepdims=True)  # (" in made
    assert "    loss += reg * np.sum(x * x)  # (" in made
    assert "p_1" not in made
    assert "dx = 2 * reg * dloss * x" in made
