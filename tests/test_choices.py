"""Conditional expressions that call functions with statements: each call on its own path."""

from __future__ import annotations

import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

HELPERS = """\
import numpy as np


def g(x, n=2):
    s = x * 0.0
    for i in range(n):
        s = s + np.sin(x) * i
    return s


def h(x):
    if x > 0:
        return x * x
    return -x


def two(x):
    a = x * 2
    b = a * x
    return a, b


def k(x):
    return h(x) + 1


def fac(x, n):
    return x * fac(x, n - 1) if n > 0 else 1.0
"""

PROGRAMS = {
    "an update in a loop, and a choice in a choice": (
        "# codegen: example f(0.7, 1.3, 5)\n"
        "def f(x: float, y: float, n: int):\n"
        "    s = 0.0\n"
        "    for i in range(n):\n"
        "        s += h(x - i) if i % 2 else (k(y) if i > 2 else y * i)\n"
        "    return s\n"
    ),
    "in the middle of a formula, beside a name of ours": (
        "# codegen: example f(np.array([0.7, -0.4, 1.3]), 0.3)\n"
        "# codegen: example f(np.array([0.7, -0.4, 1.3]), -0.5)\n"
        "# codegen: example f(np.array([0.7, -0.4, 1.3]), -1.5)\n"
        "# codegen: example f(np.array([0.7, -0.4, 1.3]), 2.5)\n"
        "def f(x: np.ndarray, y: float):\n"
        "    chosen = y\n"
        "    a = 2 * (g(x) if y > 0 else g(x, n=3) if y < -1 else x) * chosen\n"
        "    return a + (h(y) if y > 2 else 1)\n"
    ),
    "tuples": (
        "# codegen: example f(0.7, 0.3)\n"
        "# codegen: example f(-0.7, -0.3)\n"
        "# codegen: example f(0.7, -0.3)\n"
        "def f(x: float, y: float):\n"
        "    a, b = two(x) if y > 0 else two(y)\n"
        "    c = (two(x) if x > 0 else (y, x))[1]\n"
        "    return a * b + c\n"
    ),
    "in conditions, and of a function inside": (
        "# codegen: example f(0.7, 0.9)\n"
        "# codegen: example f(-0.7, 0.9)\n"
        "# codegen: example f(0.3, -0.9)\n"
        "# codegen: example f(-0.2, -0.5)\n"
        "def f(x: float, y: float):\n"
        "    def inner(u):\n"
        "        v = u * u\n"
        "        return v * y\n"
        "    if (inner(x) if y > 0 else h(x)) > 0.3:\n"
        "        r = inner(x) if x < 0 else k(x)\n"
        "    elif (h(x) if x > 0 else inner(y)) > 0.2:\n"
        "        r = x\n"
        "    else:\n"
        "        r = y * x\n"
        "    return r\n"
    ),
    "a function that calls itself": (
        "# codegen: example f(0.7, 0.9)\n"
        "# codegen: example f(0.7, -0.9)\n"
        "def f(x: float, y: float):\n"
        "    return (fac(x, 3) if y > 0 else fac(y, 2)) * y\n"
    ),
    "stores": (
        "# codegen: example f(np.array([0.7, -0.4, 1.3]), 0.3)\n"
        "# codegen: example f(np.array([0.7, -0.4, 1.3]), -0.3)\n"
        "def f(x: np.ndarray, y: float):\n"
        "    out = np.zeros(3)\n"
        "    for i in range(3):\n"
        "        out[i] = h(x[i]) if x[i] > 0.1 else y\n"
        "        out[i] += k(x[i]) if y > 0 else 0.0\n"
        "    return out\n"
    ),
    "an option": (
        "# codegen: example f(np.array([0.7, -0.4, 1.3]))\n"
        '# codegen: example f(np.array([0.7, -0.4, 1.3]), "b")\n'
        'def f(x: np.ndarray, mode: str = "a"):\n'
        '    return g(x) if mode == "a" else x\n'
    ),
}


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("what", PROGRAMS)
def test_a_chosen_call_runs_on_its_own_path(what: str, style: str) -> None:
    text = HELPERS + PROGRAMS[what]
    made = compile_source(
        Source.from_text(text, "choices.py"), Options(functions=("f",), style=style)
    )
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


def test_what_is_printed_is_an_if() -> None:
    text = HELPERS + "def f(x: float):\n    y = h(x) if x > 1 else x\n    return y\n"
    assert "    if x > 1:\n        if x > 0:\n" in codegen.generate(text, functions=["f"])


def test_a_call_of_one_return_stays_in_its_expression() -> None:
    text = "def g(x):\n    return x * x\ndef f(x: float):\n    return g(x) if x > 1 else x\n"
    assert "f = g(x) if x > 1 else x" in codegen.generate(text, functions=["f"])
