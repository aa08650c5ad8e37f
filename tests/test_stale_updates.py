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
