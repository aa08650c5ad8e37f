"""What the caller's array still has is read there: `A_in`, where no store had written before."""

from __future__ import annotations

import warnings

import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.random_control import without_black

HEAD = "import numpy as np\n"

# by what is special; those of ONCE keep nothing else
ONCE = {
    "overlap read": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    for i in range(len(a) - 1):
        a[i + 1] = a[i + 1] * a[i] ** 2
    return np.sum(a)
""",
    "down": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    for i in range(len(a) - 1, 0, -1):
        a[i] = a[i] * a[i - 1] ** 2
    return np.sum(a)
""",
    "view after": """\
# codegen: example f(np.ones((3, 4)) * np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    row = a[1]
    for i in range(3):
        a[i] = a[i] ** 2 * a[1, 0]
    return np.sum(a * row)
""",
    "mask": """\
# codegen: example f(np.array([1.5, -2.0, 0.7, -1.1]))
def f(a: np.ndarray):
    a[a < 0] *= a[a < 0]
    return np.sum(a ** 2)
""",
    "mask loop": """\
# codegen: example f(np.array([[1.5, -2.0, 0.7, -1.1], [1.0, -0.3, 1.0, 0.2]]))
def f(a: np.ndarray):
    for i in range(2):
        a[i, a[i] < 0] *= 2 * a[i, a[i] < 0]
    return np.sum(a ** 2)
""",
    "helper": """\
def g(v):
    for i in range(len(v)):
        v[i] = v[i] ** 2
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    g(a[1:])
    a[0] *= a[0]
    return np.sum(a)
""",
    "returned old": """\
# codegen: example f(np.array([1.0, 2.0, 0.7, 1.1]), 2.0)
def f(a: np.ndarray, b: float):
    c = a * b
    a *= b
    return np.sum(a) + np.sum(c)
""",
    "transposed store": """\
# codegen: example f(np.ones((3, 3)) * np.array([1.5, 2.0, 0.7]))
def f(a: np.ndarray):
    for i in range(3):
        for j in range(3):
            a[j, i] = a[i, j] * a[j, i]
    return np.sum(a ** 2)
""",
    "two params": """\
# codegen: example f(np.array([1.0, 2.0, 0.7, 1.1]), np.array([1.0, 2.0, 0.7, 1.1])/3)
def f(a: np.ndarray, b: np.ndarray):
    for i in range(len(a)):
        t = a[i] * b[i]
        a[i] = b[i] * t
        b[i] = t * b[i] ** 2
""",
    "whole then part": """\
# codegen: example f(np.array([1.0, 2.0, 0.7, 1.1]), np.array([1.0, 2.0, 0.7, 1.1])/3)
def f(a: np.ndarray, b: np.ndarray):
    c = np.sin(a)
    a[:] = b * a
    for i in range(len(a)):
        b[i] = c[i] * a[i] * b[i]
    return np.sum(a) * np.sum(b)
""",
    "early": """\
# codegen: example f(np.array([1.5, 2.0, 0.7]))
# codegen: example f(np.array([3.5, 2.0, 0.7]))
def f(a: np.ndarray):
    if a[0] > 2:
        return np.sum(a ** 3)
    a *= np.sin(a)
    return np.sum(a ** 2)
""",
    "retname": """\
# codegen: example f(np.array([1.5, 2.0, 0.7]), np.array([1.0, 0.2, 3.0]))
def f(a: np.ndarray, a_in: np.ndarray):
    a *= np.sin(a) * a_in
    return a
""",
}
PROGRAMS = {
    "neg": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    for i in range(-2, 2):
        a[i] = a[i] ** 2
    return np.sum(a)
""",
    "twice": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]), 2)
def f(a: np.ndarray, n: int):
    for t in range(n):
        for i in range(len(a)):
            a[i] = a[i] ** 2
    return np.sum(a)
""",
    "conditional store": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]), True)
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]), False)
def f(a: np.ndarray, flag: bool):
    if flag:
        a[1:] *= a[1:]
    for i in range(len(a)):
        a[i] *= np.sin(a[i])
    return np.sum(a)
""",
    "exclusive": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]), True)
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]), False)
def f(a: np.ndarray, flag: bool):
    if flag:
        a *= a
    else:
        a *= np.sin(a) * a
    return np.sum(a)
""",
    "index array": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]), np.array([0, 2, 1]))
def f(a: np.ndarray, idx: np.ndarray):
    for k in range(len(idx)):
        a[idx[k]] = a[idx[k]] ** 2
    return np.sum(a)
""",
    "index repeated": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]), np.array([0, 2, 0]))
def f(a: np.ndarray, idx: np.ndarray):
    for k in idx:
        a[k] = a[k] ** 2
    return np.sum(a)
""",
    "slices step": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    a[::2] *= a[1::2]
    a[1::2] *= a[::2] * a[1::2]
    return np.sum(a)
""",
    "reads before and after": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    s = np.sum(a ** 2)
    a /= s
    t = np.sum(a ** 3)
    a *= a * t
    return np.sum(a) * s
""",
    "helper twice": """\
def g(v):
    for i in range(len(v)):
        v[i] = v[i] ** 2
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    g(a[1:])
    g(a[:2])
    a[0] *= a[0]
    return np.sum(a)
""",
    "while": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    i = 0
    while i < len(a):
        a[i] = a[i] ** 2
        i += 2
    return np.sum(a * a)
""",
    "break": """\
# codegen: example f(np.array([1.5, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    for i in range(len(a)):
        if i == 2:
            break
        a[i] = a[i] ** 2 * a[3]
    a[3] *= a[3]
    return np.sum(a * a)
""",
    "cell index": """\
# codegen: example f(np.array([1.0, 2.0, 0.7, 1.1]))
def f(a: np.ndarray):
    a[0] *= a[1]
    k = int(a[0])
    a[k] *= a[k] ** 2
    return np.sum(a * a)
""",
    "strided range": """\
# codegen: example f(np.array([1.0, 2.0, 0.7, 1.1, 0.4]), 2)
def f(a: np.ndarray, s: int):
    for i in range(0, 4, 2):
        a[i : i + 2] *= np.sin(a[i : i + 2])
        a[i + 1] *= a[i]
    return np.sum(a)
""",
    "blocks": """\
# codegen: example f(np.array([1.0, 2.0, 0.7, 1.1, 0.4]), 2)
def f(a: np.ndarray, s: int):
    for i in range(0, len(a), s):
        a[i : i + 2] *= np.sin(a[i : i + 2])
    return np.sum(a)
""",
    "float32": """\
# codegen: example f(np.array([1.0, 2.0, 0.7, 1.1], np.float32), np.float32(0.5))
def f(a: np.ndarray, b: float):
    a *= b
    a[1:] *= a[:-1]
    return np.sum(a ** 2)
""",
    "zero turns": """\
# codegen: example f(np.zeros(0), 2.0)
# codegen: example f(np.ones(3), 2.0)
def f(a: np.ndarray, b: float):
    for i in range(len(a)):
        a[i] *= b * a[i]
    a *= b
    return np.sum(a ** 2)
""",
    "2 stores same turn": """\
# codegen: example f(np.ones((3, 3)) * np.array([1.5, 2.0, 0.7]))
def f(a: np.ndarray):
    for i in range(3):
        a[i] *= a[i]
        a[i, 1:] *= np.sin(a[i, 1:])
    return np.sum(a ** 2)
""",
}


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
@pytest.mark.parametrize("name", [*ONCE, *PROGRAMS])
def test_what_came_in_is_read_only_where_it_is_still_meant(name: str, style: str) -> None:
    text = HEAD + (ONCE | PROGRAMS)[name]
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = compile_source(Source.from_text(text, "p.py"), Options(("f",), style=style))
        for answer in verify(Job(None, text, made.text, made.functions)):
            assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
    if name in ONCE:
        assert "_in = " in made.text
        assert "_old" not in made.text


def test_only_the_first_update_of_the_whole_array_reads_it() -> None:
    text = """\
import numpy as np

def f(a: np.ndarray, n: int):
    a *= np.sin(a)
    for i in range(n):
        a *= a
    return a
"""
    made = codegen.generate(text)
    assert "    a_in = a\n    a = a.copy()\n" in made
    assert "np.cos(a_in)" in made
