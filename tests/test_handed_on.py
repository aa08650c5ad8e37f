"""Arrays that are written in place and go on under another name: by paths, choices and turns."""

from __future__ import annotations

from typing import Any

import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

PROGRAMS = {
    "one of two arrays, by paths": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    b = x * 2\n"
        "    for i in range(2):\n"
        "        b[i] = b[i + 1] ** 2 * b[i]\n"
        "    if x[0] > 0:\n"
        "        c = b\n"
        "    else:\n"
        "        c = x * 3\n"
        "    return c\n"
    ),
    "one of two, by a choice": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    b = x * 2\n"
        "    for i in range(2):\n"
        "        b[i] = b[i + 1] ** 2 * b[i]\n"
        "    c = b if x[0] > 0 else x * 3\n"
        "    return c\n"
    ),
    "one of two, by turns": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    b = x * 2\n"
        "    c = x * 3\n"
        "    for i in range(2):\n"
        "        b[i] = b[i + 1] ** 2 * b[i]\n"
        "    for k in range(2):\n"
        "        c, s = b, c * 2\n"
        "    return c\n"
    ),
    "another name in a loop": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    b = x * 2\n"
        "    c = x * 3\n"
        "    for i in range(2):\n"
        "        b[i] = b[i + 1] ** 2 * b[i]\n"
        "    for k in range(2):\n"
        "        c = b\n"
        "    return c\n"
    ),
    "choices of several": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "# codegen: example f(np.array([-1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    b = x * 2\n"
        "    d = x ** 2\n"
        "    for i in range(2):\n"
        "        b[i] = b[i + 1] ** 2 * b[i]\n"
        "        d[i] *= b[i]\n"
        "    c = b if x[0] > 0 else d\n"
        "    e = d if x[1] > 0 else (b if x[0] > 0 else x)\n"
        "    return c * e + b[0]\n"
    ),
    "a choice of what is given": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "# codegen: example f(np.array([-1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    x[0] = x[1] * x[0]\n"
        "    c = x if x[0] > 0 else x * 3\n"
        "    return np.sum(c * c)\n"
    ),
    "a choice that is returned": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "# codegen: example f(np.array([-1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    b = x * 2\n"
        "    for i in range(2):\n"
        "        b[i] = b[i + 1] ** 2 * b[i]\n"
        "    return b if x[0] > 0 else x * 3\n"
    ),
    "a choice in each turn": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "# codegen: example f(np.array([-1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    s = 0.0\n"
        "    for k in range(3):\n"
        "        b = x * 2\n"
        "        b[0] = b[1] ** 2 * b[0]\n"
        "        c = b if x[0] > 0 else x * 3\n"
        "        s = s + np.sum(c ** 2) + c[0] * b[0]\n"
        "    return s\n"
    ),
    "another name in each turn": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    a = x.copy()\n"
        "    for t in range(3):\n"
        "        b = np.zeros(3)\n"
        "        for s in range(2):\n"
        "            b[s] = a[s] * a[2]\n"
        "            c = b\n"
        "            b[2] = b[2] + np.sum(c * a)\n"
        "        a = b\n"
        "    return a\n"
    ),
    "handed on, and read as another name": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "def f(x):\n"
        "    u = x.copy()\n"
        "    total = 0.0\n"
        "    for t in range(3):\n"
        "        n = np.zeros_like(u)\n"
        "        n[0] = u[1] * 2\n"
        "        keep = n\n"
        "        n[1:] = u[:-1] ** 2\n"
        "        total += np.sum(keep * u)\n"
        "        u = n\n"
        "    return total + np.sum(u ** 3)\n"
    ),
    "handed on by paths": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "def f(x):\n"
        "    u = x.copy()\n"
        "    v = x * 2\n"
        "    for t in range(3):\n"
        "        n = u * v\n"
        "        n[0] = u[1] * v[2]\n"
        "        if n[1] > 0.2:\n"
        "            v = n\n"
        "        else:\n"
        "            v = u\n"
        "        u = n\n"
        "    return np.sum(u * v)\n"
    ),
    "handed on by a while": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "def f(x):\n"
        "    a = x.copy()\n"
        "    t = 0\n"
        "    while t < 3:\n"
        "        b = np.empty_like(a)\n"
        "        b[:] = a ** 2\n"
        "        b[0] += a[2]\n"
        "        a = b\n"
        "        t += 1\n"
        "    return a\n"
    ),
    "handed on twice": (
        "# codegen: example f(np.array([1.,.5,.3]))\n"
        "def f(x: np.ndarray):\n"
        "    a = x.copy()\n"
        "    hist = 0.0\n"
        "    prev = a\n"
        "    for t in range(3):\n"
        "        b = a * a\n"
        "        b[0] = prev[1] + a[1]\n"
        "        hist = hist + np.sum(prev * b)\n"
        "        b[1] = b[0] * hist\n"
        "        prev = a\n"
        "        a = b\n"
        "    return hist * np.sum(a) + np.sum(prev)\n"
    ),
    "handed on from loops in loops": (
        "# codegen: example f(np.array([[1.,.5],[.3,.2]]))\n"
        "def f(x: np.ndarray):\n"
        "    a = x.copy()\n"
        "    for t in range(3):\n"
        "        b = np.zeros((2, 2))\n"
        "        for i in range(2):\n"
        "            for j in range(2):\n"
        "                b[i, j] = a[j, i] * a[i, i]\n"
        "        a = b\n"
        "    return a\n"
    ),
}


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_right(name: str, style: str) -> None:
    text = f"import numpy as np\n\n\n{PROGRAMS[name]}"
    made = compile_source(Source("f.py", text), Options(style=style))
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


def test_an_entry_that_is_returned_is_a_number_of_its_own() -> None:
    text = (
        "import numpy as np\n\n\ndef f(s: float):\n    v = np.ones(3)\n"
        "    for i in range(2):\n        v[i] = max(s * v[i + 1] ** 2, v[i] * s)\n    return v[0]\n"
    )
    assert ".copy()" not in codegen.generate(text)
    made = compile_source(Source("f.py", text), Options(returns="grad"))
    names: dict[str, Any] = {}
    exec(made.text, names)
    assert names["f_grad"](0.5) == names["f_grad"](0.5)
