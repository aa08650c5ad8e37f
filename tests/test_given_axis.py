"""An inlined function's axis is the literal that it is called with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

HEAD = """\
import numpy as np
from jaxtyping import Float


def _centred(x, axis=None):
    return x - np.mean(x, axis=axis, keepdims=True)


def _shares(x, axis):
    e = np.exp(x - np.max(x, axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


"""
CALLS = (
    "_centred(x)",
    "_centred(x, 0)",
    "_centred(x, axis=-1)",
    "_centred(x, (0, 1))",
    "_shares(_centred(x, 0), -1) + _shares(x, 0)",
)
X = np.random.default_rng(0).normal(size=(3, 4))
DF = np.random.default_rng(1).normal(size=(3, 4))


def _of(body: str) -> tuple[str, dict[str, Any]]:
    text = f'{HEAD}def f(x: Float[np.ndarray, "N D"], n: int = 1):\n{body}'
    made = codegen.generate(text, functions=["f"])
    names: dict[str, Any] = {}
    exec(text, names)
    exec(made, names)
    return made, names


def _check(names: dict[str, Any]) -> None:
    found = names["f_grad"](X, df=DF)[1]
    for place in np.ndindex(X.shape):
        step = np.zeros_like(X)
        step[place] = 1e-6
        slope = np.sum(DF * (names["f"](X + step) - names["f"](X - step))) / 2e-6
        assert abs(found[place] - slope) < 1e-8


@pytest.mark.parametrize("call", CALLS)
def test_functions_may_be_given_an_axis(call: str) -> None:
    _check(_of(f"    return {call} * x\n")[1])


def test_the_literal_is_printed() -> None:
    made, _ = _of("    return _centred(x, -1)\n")
    assert "np.mean(x, axis=-1, keepdims=True)" in made


def test_a_name_for_an_axis_is_followed() -> None:
    body = "    axis = 0\n    x = _centred(x, axis)\n    axis = 1\n    return _shares(x, axis)\n"
    _check(_of(body)[1])


@pytest.mark.parametrize(
    "body",
    [
        "    axis = 0\n    for i in range(n):\n        x = _centred(x, axis)\n        axis = 1\n",
        "    axis = 0\n    if n > 0:\n        axis = 1\n    x = _centred(x, axis)\n",
        "    x = _centred(x, 0 if n > 1 else 1)\n",
    ],
)
def test_an_axis_that_is_no_literal_is_refused(body: str) -> None:
    with pytest.raises(codegen.CodegenError, match="`axis` must be a literal here"):
        _of(f"{body}    return x * x\n")


LONG = HEAD + """\
def _shifted(x: Float[np.ndarray, "N D"], axis=0):
    m = x
    for i in range(2):
        m = m - np.mean(m, axis=axis, keepdims=True) * 0.5
        m = np.tanh(m) + np.sin(m)
        m = m * np.exp(-m)
        if m[0, 0] > 0.3:
            m = m * 2
        else:
            m = m * 3
        m = np.cos(m) * m
    a = np.sum(m)
    b = a * a
    c = b + np.cos(a)
    d = c * b
    return m * d


# codegen: example f(np.arange(6.0).reshape(2, 3) * 0.1)
def f(x: Float[np.ndarray, "N D"]):
    return np.sum(_shifted(x, axis=1)**2) + np.sum(_shifted(x)**3) + np.sum(_shifted(x, 1))
"""


@pytest.mark.parametrize("style", ["joint", "split"])
def test_a_long_function_that_is_called_with_several_axes_is_no_pair(style: str) -> None:
    made = compile_source(Source("f.py", LONG), Options(("f",), style=style))
    for answer in verify(Job(None, LONG, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


def test_a_function_that_calls_itself_with_an_axis_is_refused() -> None:
    text = HEAD + (
        "def _rec(x, n, axis=0):\n    if n == 0:\n        return x\n"
        "    return _rec(x - np.mean(x, axis=axis, keepdims=True), n - 1, axis=axis)\n\n\n"
        'def f(x: Float[np.ndarray, "N D"], n: int):\n    return np.sum(_rec(x, n, axis=1) ** 2)\n'
    )
    with pytest.raises(codegen.CodegenError, match="`axis` must be a literal here"):
        codegen.generate(text, functions=["f"])
