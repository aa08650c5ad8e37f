"""Caches that hold caches, handed from a forward to a backward pass written out: right or refused.

Our own outputs of recursive functions are written so; `tests/test_own_output.py` has them.
"""

from __future__ import annotations

import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

NUMBERS = """\
def _power_forward(x: float, n: int):
    power_out = None
    power_cache = None
    h = None
    h_cache = None
    if n == 0:
        power = 1.0
    elif n % 2:
        power_out, power_cache = _power_forward(x, n - 1)
        power = x * power_out
    else:
        h, h_cache = _power_forward(x, n // 2)
        power = h * h
    cache = (x, n, power_out, power_cache, h, h_cache)
    return power, cache


def _power_backward(dpower: float, cache):
    x, n, power_out, power_cache, h, h_cache = cache
    if n == 0:
        dx = 0.0
    elif n % 2:
        dx = power_out * dpower
        dx += _power_backward(x * dpower, power_cache)
    else:
        dx = _power_backward(2 * h * dpower, h_cache)
    return dx


# codegen: example f(0.6, 0.7)
# codegen: example f(0.8, 0.7)
def f(x: float, y: float):
"""
ARRAYS = """\
import numpy as np
from jaxtyping import Float


def _g_forward(x: Float[np.ndarray, "N"], n: int):
    h = None
    h_cache = None
    if n == 0:
        g = x * x
    else:
        h, h_cache = _g_forward(np.sin(x), n - 1)
        g = h * x
    cache = (x, n, h, h_cache)
    return g, cache


def _g_backward(dg: Float[np.ndarray, "N"], cache):
    x, n, h, h_cache = cache
    if n == 0:
        dx = 2 * x * dg
    else:
        dx = h * dg
        dx += np.cos(x) * _g_backward(x * dg, h_cache)
    return dx


# codegen: example f(np.array([0.3, -0.7]), np.array([1.1, 0.4]))
def f(x: Float[np.ndarray, "N"], y: Float[np.ndarray, "N"]):
"""
RIGHT = {
    "one cache for two backward passes": (
        NUMBERS, "p, c = _power_forward(x, 6)\n"
        "return _power_backward(y, c) * _power_backward(y * y * p, c)",
    ),
    "one cache in a loop": (
        NUMBERS, "p, c = _power_forward(x, 6)\ns = 0.0\n"
        "for i in range(3):\n    s += _power_backward(y * i + s, c)\nreturn s",
    ),
    "a cache that is chosen": (
        NUMBERS, "if x > y:\n    p, c = _power_forward(x, 6)\nelse:\n"
        "    p, c = _power_forward(y, 5)\nreturn _power_backward(p, c)",
    ),
    "a cache that turns make anew": (
        NUMBERS, "p, c = _power_forward(x, 3)\nfor i in range(3):\n"
        "    d = _power_backward(y * p, c)\n    p, c = _power_forward(d, 2)\n"
        "return p + _power_backward(1.0, c)",
    ),
    "no turn at all": (
        NUMBERS, "p, c = _power_forward(x, 3)\nfor i in range(0):\n"
        "    p, c = _power_forward(p, 2)\nreturn _power_backward(p * y, c)",
    ),
    "a list of caches": (
        NUMBERS, "cs = []\ns = y\nfor i in range(4):\n    p, c = _power_forward(x + s, i)\n"
        "    cs.append(c)\n    s += p * 0.1\nfor i in range(3, -1, -1):\n"
        "    s += _power_backward(s, cs[i])\nreturn s",
    ),
    "a cache that nothing reads": (NUMBERS, "p, c = _power_forward(x, 6)\nreturn p * y"),
    "arrays": (ARRAYS, "g, c = _g_forward(x, 2)\nreturn np.sum(_g_backward(y, c) * g)"),
    "arrays in turns": (
        ARRAYS, "s = np.zeros_like(x)\nfor i in range(3):\n    g, c = _g_forward(x * i, i)\n"
        "    s = s + _g_backward(y + s, c)\nreturn np.sum(s * s)",
    ),
    "an array that was updated before": (
        ARRAYS, "z = x * y\nz *= 2.0\ng, c = _g_forward(z, 2)\n"
        "return np.sum(_g_backward(y, c) * z * g)",
    ),
}  # fmt: skip
REFUSED = {
    "an argument that is updated behind": (
        ARRAYS, "z = x * y\ng, c = _g_forward(z, 2)\nz *= 2.0\n"
        "return np.sum(_g_backward(y, c) * z * g)",
    ),
    "an argument that is updated in a turn": (
        ARRAYS, "z = x * y\ns = 0.0\nfor i in range(3):\n    g, c = _g_forward(z, 2)\n"
        "    s += np.sum(_g_backward(y, c) * g)\n    z *= 1.5\nreturn s",
    ),
    "an argument that is written into": (
        ARRAYS, "z = x * y\ng, c = _g_forward(z, 2)\nz[0] = 3.0\n"
        "return np.sum(_g_backward(y, c) * z)",
    ),
    "a result that the cache may hold": (
        ARRAYS.replace("cache = (x, n, h, h_cache)", "r = g\n    cache = (x, n, r, h_cache)"),
        "g, c = _g_forward(x, 2)\ng += 1.0\nreturn np.sum(_g_backward(y, c) * g)",
    ),
    "caches that change places": (
        NUMBERS, "p, c = _power_forward(x, 6)\nq, e = _power_forward(y, 6)\nc, e = e, c\n"
        "return _power_backward(p, c) + _power_backward(q, e)",
    ),
    "a cache that is looked into": (
        NUMBERS, "p, c = _power_forward(x, 6)\nreturn p * c[0] * y",
    ),
}  # fmt: skip


def _text(head: str, body: str) -> str:
    return head + "".join(f"    {row}\n" for row in body.split("\n"))


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("what", RIGHT)
def test_caches_that_hold_caches_are_differentiated(what: str, style: str) -> None:
    text = _text(*RIGHT[what])
    made = compile_source(Source("f.py", text), Options(("f",), style=style))
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


@pytest.mark.parametrize("what", REFUSED)
def test_what_may_change_such_a_cache_is_refused(what: str) -> None:
    with pytest.raises(codegen.CodegenError):
        codegen.generate(_text(*REFUSED[what]), functions=["f"])
