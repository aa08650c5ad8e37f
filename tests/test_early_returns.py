"""A `return` inside of a loop: what it gives gets its cotangent in that turn, and only there.

Programs of a kind that gave wrong gradients or crashed. All three outputs, and the one of gradients
alone, are held to differences of the author's own function, away from where its paths meet.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source

STEP = 1e-6

PROGRAMS: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "assigned just before": (
        "def f(x):\n    for i in range(3):\n        x = x * 0.9\n        if x > 3:\n"
        "            return x\n    return x\n",
        [(1.0,), (4.0,)],
    ),
    "without an end": (
        "def f(x):\n    while True:\n        x = x / 2\n        if x < 0.3:\n"
        "            return x\n",
        [(1.0,), (0.2,)],
    ),
    "two values": (
        "def f(h, v):\n    for i in range(30):\n        v = v * 0.99\n        h = h + 0.1 * v\n"
        "        if h < 0:\n            return h, v\n    return h, v\n",
        [(1.0, -1.5), (1.0, 1.5)],
    ),
    "assigned in an if of the loop": (
        "def f(x):\n    y = x * 3\n    for k in range(3):\n        if x > 0:\n            y = x\n"
        "        return y\n    return x\n",
        [(1.0,), (-1.0,)],
    ),
    "halved in an if of the loop": (
        "def f(x):\n    s = x * 2\n    for k in range(4):\n        if s < 1:\n"
        "            s = s / 2\n        if x < 1:\n            return s\n    return s * x\n",
        [(0.9,), (0.4,), (3.0,)],
    ),
    "assigned in an if before the loop": (
        "def f(x):\n    y = x * x\n    if x < 1:\n        y = x\n    for k in range(2):\n"
        "        return y\n    return x\n",
        [(0.5,), (2.0,)],
    ),
    "assigned in a loop before": (
        "def f(x):\n    y = x * x\n    for i in range(2):\n        y = x\n    while x > 0:\n"
        "        return y\n    return x\n",
        [(0.5,), (-2.0,)],
    ),
    "computed in an inner loop": (
        "def f(x):\n    y = x * x\n    for k in range(3):\n        while y > 0.3:\n"
        "            y = 0.9 * y\n        return y\n    return x\n",
        [(0.5,), (2.0,)],
    ),
    "behind an if with two results": (
        "def f(x, y):\n    s = x * y\n    while s < 3:\n        if x < 0:\n            x = y\n"
        "            y = s\n        return y\n    return s - x\n",
        [(0.5, 0.3), (-0.5, 2.0), (2.0, 3.0)],
    ),
    "a written array": (
        "def f(a: np.ndarray):\n    b = np.zeros(3)\n    b[0] = a[1] * 2\n    for k in a:\n"
        "        if k > 1:\n            return b\n    return a\n",
        [(np.array([1.2, 2.2, 3.3]),), (np.array([0.1, 0.2, 0.3]),)],
    ),
    "out of both of two loops": (
        "def f(x, y):\n    for i in range(3):\n        x = x * y\n        if x > 1:\n"
        "            return x * y, x\n        for j in range(2):\n            y = y * 1.1\n"
        "            if y > 2:\n                return y, x + y\n    return y, x\n",
        [(1.2, 0.7), (2.0, 0.9), (0.2, 3.0)],
    ),
    "in a helper, added to something": (
        "def _g(x, y):\n    while True:\n        x = x * 0.7\n        if x < y:\n"
        "            return x\n\n\ndef f(x, y):\n    return x * y + _g(x, 0.5)\n",
        [(1.2, 0.7), (0.2, 3.0)],
    ),
    "behind a helper with a loop": (
        "def _g(s, n):\n    for i in range(3):\n        s = s * n\n    return s\n\n\n"
        "def f(x, n):\n    for k in range(3):\n        x = _g(x, n)\n        if x > 0.2:\n"
        "            return x * x\n    return x\n",
        [(1.3, 0.4), (4.0, 0.7)],
    ),
    "behind a helper that does so too": (
        "def _g(s, n):\n    for i in range(3):\n        s = s * n\n        if s < 0.3:\n"
        "            return s + n\n    return s\n\n\n"
        "def f(x, n):\n    for k in range(3):\n        x = _g(x, n) * 1.3\n        if x > 0.6:\n"
        "            return x * x\n    return x\n",
        [(1.3, 0.4), (4.0, 0.7), (0.1, 0.9)],
    ),
    "in one arm of a helper, of what has no name": (
        "def _g(s, n):\n    if n > 1:\n        return s\n    return s * s\n\n\n"
        "def f(x, n):\n    return _g(-x, n) * n\n",
        [(0.7, 1.6), (1.3, 0.4)],
    ),
    "in one arm of a helper, at once": (
        "def _g(s, n):\n    if n > 1:\n        return s * n\n    return s * s\n\n\n"
        "def f(x, n):\n    return _g(-x, n)\n",
        [(0.7, 1.6), (1.3, 0.4)],
    ),
    "in one arm of a helper, as it came": (
        "def _g(s, n):\n    if n > 1:\n        return s\n    return s * s * n\n\n\n"
        "def f(x, n):\n    return _g(-x, n)\n",
        [(0.7, 1.6), (1.3, 0.4)],
    ),
    "in a helper that gives a cache besides": (
        "def _step(t, u):\n    if u > 0.6:\n        step = u * u\n    elif t > 0.1:\n"
        "        step = u / 3 * t\n    else:\n        step = u * t * t\n"
        "    cache = (t, u)\n    return step, cache\n\n\n"
        "def f(y: float, b: float):\n    s, c = _step(y, b)\n    return y * y, c[0] * s\n",
        [(0.7, 0.3), (0.7, 0.9), (-0.4, 0.3)],
    ),
    "in a helper that gives one of two that are assigned": (
        "import math\n\n\n"
        "def _both(y):\n    y = math.tanh(0.3)\n    if y < 0:\n        return y * y\n"
        "    return y\n\n\n"
        "def f(a: float, y: float):\n    for i in range(2):\n        y, a = _both(3), y + 2 * a\n"
        "        a = a * y\n        return a * a\n    return y * y\n",
        [(0.3, 0.7), (0.3, -0.7)],
    ),
    "in a helper that is called twice": (
        "def _g(x, y):\n    while True:\n        x = x * 0.7\n        if x < y:\n"
        "            return x\n\n\n"
        "def f(x, y):\n    z = _g(x, 0.1) * y\n    return z + _g(z * z + 3, 0.5)\n",
        [(1.2, 0.7), (0.2, 3.0)],
    ),
}


def named(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(text, names)
    return names


def flat(value: Any) -> np.ndarray:
    parts = value if isinstance(value, tuple) else (value,)
    return np.concatenate([np.ravel(part) for part in parts]).astype(float)


def weights(value: Any) -> Any:
    """Return a cotangent that differs from output to output and from entry to entry."""
    if isinstance(value, tuple):
        return tuple(weights(part) * (place + 1) for place, part in enumerate(value))
    return np.cos(np.arange(np.size(value))).reshape(np.shape(value)) * 0.8 + 0.1


def expected(function: Any, arguments: tuple[Any, ...]) -> np.ndarray:
    weight = flat(weights(function(*arguments)))
    found = []
    for place, argument in enumerate(arguments):
        for entry in range(np.size(argument)):
            ends = []
            for sign in (1, -1):
                moved = np.array(argument, float)
                moved.flat[entry] += sign * STEP
                given = moved if moved.ndim else float(moved)
                ends.append(flat(function(*arguments[:place], given, *arguments[place + 1 :])))
            found.append((ends[0] - ends[1]) @ weight / (2 * STEP))
    return np.array(found)


@pytest.mark.parametrize("style", ["joint", "grad", "split", "gate"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_what_a_loop_returns_has_its_gradient(name: str, style: str) -> None:
    body, calls = PROGRAMS[name]
    text = f"import numpy as np\n\n\n{body}"
    options = Options(returns="grad") if style == "grad" else Options(style=style)
    made = named(compile_source(Source("f.py", text), options).text)
    function = named(text)["f"]
    for arguments in calls:
        d = weights(function(*arguments))
        given = d if isinstance(d, tuple) else (d,)
        given = tuple(one if np.ndim(one) else float(one) for one in given)
        if style == "joint":
            answer = made["f_grad"](*arguments, *given)[1]
        elif style == "grad":
            answer = made["f_grad"](*arguments, *given)
        elif style == "split":
            *_, cache = made["f_forward"](*arguments)
            answer = made["f_backward"](*given, cache)
            again = made["f_backward"](*given, cache)
            np.testing.assert_array_equal(flat(answer), flat(again))
        else:
            gate = made["F"]()
            gate.forward(*arguments)
            answer = gate.backward(*given)
        np.testing.assert_allclose(flat(answer), expected(function, arguments), atol=1e-7)


STOPPED = {  # body, and the gradient at 2.0
    "an update": ("y = x * x\n    y += x * 3  # codegen: stop\n    return y", 4.0),
    "a multiple": ("y = x * x\n    y *= x  # codegen: stop\n    return y", 8.0),
    "a store": (
        "y = np.zeros(2)\n    y[0] = x * x  # codegen: stop\n    y[1] = x * 3\n"
        "    return np.sum(y)",
        3.0,
    ),
    "an update of an entry": (
        "y = np.zeros(2)\n    y[0] = x\n    y[0] += x * x  # codegen: stop\n    return y[0]",
        1.0,
    ),
    "an update of a whole array": (
        "y = x * np.ones(2)\n    y += x * x  # codegen: stop\n    return np.sum(y)",
        2.0,
    ),
    "in a loop": (
        "y = x\n    for i in range(3):\n        y += x * x  # codegen: stop\n    return y",
        1.0,
    ),
    "one of two in a row": (
        "y = x\n    y += x * x  # codegen: stop\n    y += x * x\n    return y",
        5.0,
    ),
    "an entry of a dict": (
        "d = {'a': x}\n    d['a'] = x * x  # codegen: stop\n    return d['a'] * x",
        4.0,
    ),
}


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("name", STOPPED)
def test_stop_is_honoured(name: str, style: str) -> None:
    body, slope = STOPPED[name]
    text = f"import numpy as np\n\n\ndef f(x: float):\n    {body}\n"
    made = named(compile_source(Source("f.py", text), Options(style=style)).text)
    value = named(text)["f"](2.0)
    if style == "joint":
        given, dx = made["f_grad"](2.0)
    else:
        given, cache = made["f_forward"](2.0)
        dx = made["f_backward"](1.0, cache)
    assert given == value
    assert dx == slope


REFUSED = {
    "a return": "return x * x  # codegen: stop",
    "an if": "y = x\n    if x > 0:  # codegen: stop\n        y = x * x\n    return y",
    "a for": "y = x\n    for i in range(2):  # codegen: stop\n        y = y * x\n    return y",
    "its own line": "y = x * x\n    # codegen: stop\n    return y",
    "a call": "y = []\n    y.append(x)  # codegen: stop\n    return y[0] * x",
    "the first of several rows": "y = (  # codegen: stop\n        x * x\n    )\n    return y * x",
    "a tuple": "p = (x * x, x)  # codegen: stop\n    return p[0] * x",
    "a list": "p = [x * x, x]  # codegen: stop\n    return p[0] * x",
    "more of a list": "p = [x]\n    p += [x * x]  # codegen: stop\n    return p[0] * p[1]",
    "two stores": (
        "y = np.zeros(2)\n    y[0], y[1] = x, x * x  # codegen: stop\n    return np.sum(y)"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_stop_that_nothing_takes_is_refused(name: str) -> None:
    text = f"import numpy as np\n\n\ndef f(x: float):\n    {REFUSED[name]}\n"
    with pytest.raises(codegen.CodegenError) as raised:
        codegen.generate(text)
    problem = raised.value.problems[0]
    assert problem.code == "mark"
    assert "# codegen: stop`" in (problem.help or "")
