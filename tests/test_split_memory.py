"""What split style returns is the caller's to write into: the cache has its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen

X = np.array([0.3, -0.2, 0.5])
ARMS = """
import numpy as np
def f(x: np.ndarray, t: float):
    if t > 0:
        y = np.exp(t * x)
    else:
        y = np.tanh(t * x)
    return y
"""
EARLY = """
import numpy as np
def f(x: np.ndarray, t: float):
    if t > 0:
        return np.exp(t * x)
    return np.tanh(t * x)
"""
TURNS = """
import numpy as np
def f(x: np.ndarray, t: float):
    h = np.zeros(3)
    for _ in range(4):
        h = np.tanh(t * x + h)
    return h
"""
LATE = """
import numpy as np
def f(x: np.ndarray, t: float):
    a = np.zeros(3)
    b = np.zeros(3)
    for _ in range(4):
        b = a
        a = np.tanh(t * x + a)
    return b
"""
HELD = """
import numpy as np
def f(x: np.ndarray, t: float):
    h = np.sin(x)
    for i in range(4):
        if i * t < 1.0:
            h = np.tanh(t * x + h)
    return h
"""
VIEW = """
import numpy as np
def f(x: np.ndarray, t: float):
    h = np.zeros((3, 3))
    for _ in range(3):
        h = np.tanh(t * x + h)
    return h[1:, 0]
"""
WHILE = """
import numpy as np
def f(x: np.ndarray, t: float):
    h = x * t
    while h[0] < 0.9 and h[0] > -0.9:
        h = h + np.sin(h)
    return h
"""
BREAK = """
import numpy as np
def f(x: np.ndarray, t: float):
    h = np.zeros(3)
    for _ in range(9):
        h = np.tanh(t * x + h)
        if h[0] > 0.5 * t:
            break
    return h
"""
TWICE = """
import numpy as np
def f(x: np.ndarray, t: float):
    y = np.exp(t * x)
    return y, y
"""
PROGRAMS = {
    "arms": ARMS, "early": EARLY, "turns": TURNS, "late": LATE, "held": HELD, "view": VIEW,
    "while": WHILE, "break": BREAK, "twice": TWICE,
}  # fmt: skip


@pytest.mark.parametrize("t", [0.4, -0.7])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_value_may_be_written_into_before_the_backward_pass(name: str, t: float) -> None:
    joint: dict[str, Any] = {}
    split: dict[str, Any] = {}
    exec(codegen.generate(PROGRAMS[name]), joint)
    exec(codegen.generate(PROGRAMS[name], style="split"), split)
    value, cache = split["f_forward"](X.copy(), t)
    values = value if isinstance(value, tuple) else (value,)
    rng = np.random.default_rng(0)
    shapes = [one.shape for one in values]
    for one in values:
        one[...] = 7.0
    for _ in range(2):
        given = [rng.normal(size=shape) for shape in shapes]
        expected = joint["f_grad"](X.copy(), t, *given)[1]
        found = split["f_backward"](*given, cache)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-13)
        found[0][...] = 7.0


def test_what_no_list_keeps_is_returned_as_it_is() -> None:
    text = codegen.generate(TURNS.replace("np.tanh(t * x + h)", "x + 0.5 * h"), style="split")
    assert "return h, cache" in text
