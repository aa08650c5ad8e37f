"""What a condition compares is one number: `x = float(x)`, and `q.ndim` is checked."""

from __future__ import annotations

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

NUMBERS = """\
import numpy as np


# codegen: example f(0.2, 0.1, np.array([0.3, 0.05, 1.2]))
# codegen: example f(0.7, -0.4, np.array([0.3, 0.05]))
def f(x, w, q):
    s = 0.0
    if x < 0.5 and q[0] > 0.1:
        x += w
    for i in range(len(q)):
        if q[i] > w:
            s += np.tanh(q[i]) * x
    while w > 0.2:
        w = w * 0.5
    return s * x * w
"""
OTHERS = {
    "a flag": ("m", "x * np.sum(m)"),
    "a count": ("m > 1", "x * np.sum(x[:m])"),
    "an index": ("m > 1", "x[m]"),
    "an exponent": ("m > 1", "np.sum(x**m)"),
    "a sum": ("np.sum(m) > 1", "x * m"),
    "a method": ("m.any()", "np.sum(x * m)"),
    "a length": ("len(m) > 1", "np.sum(x * m)"),
    "a shape": ("m.shape[0] > 1", "np.sum(x * m)"),
    "a rank": ("np.ndim(m) > 1", "np.sum(x * m)"),
    "text": ("m[0] == 'a'", "np.sum(x) * m[1]"),
    "None": ("m is not None and m > 1", "np.sum(x)"),
    "a mask": ("(m > 1).all()", "np.sum(x * m)"),
}
SUMMED = """\
def f(x, m):
    if np.ndim(m) > 0:
        m = np.sum(m)
    while m > 3:
        m = m * 0.5
    return x * np.exp(m)
"""


def test_numbers_that_are_compared_are_numbers() -> None:
    made = compile_source(Source.from_text(NUMBERS, "program.py"), Options())
    assert "    x, w = float(x), float(w)\n    if q.ndim != 1:\n" in made.text
    assert "_unbroadcast" not in made.text
    for answer in verify(Job(None, NUMBERS, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


def test_an_array_of_more_axes_is_told_so() -> None:
    names: dict[str, object] = {}
    exec(codegen.generate(NUMBERS), names)
    with pytest.raises(ValueError, match=r"q must have 1 dimension$"):
        names["f_grad"](0.2, 0.1, np.ones((2, 1)))  # type: ignore[operator]


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_shown_to_be_something_else_stays_it(name: str) -> None:
    test, result = OTHERS[name]
    _stays(f"def f(x, m):\n    if {test}:\n        x = np.abs(x) * 2\n    return {result}\n")


def test_what_a_sum_has_made_a_number_of_stays_an_array() -> None:
    _stays(SUMMED)


def _stays(program: str) -> None:
    text = codegen.generate("import numpy as np\n\n\n" + program)
    assert "float(m)" not in text
    assert "m.ndim" not in text


TRUTH = """\
import numpy as np


# codegen: example f(0.7, 2, 0.0)
# codegen: example f(-0.7, 0, 1.0)
def f(x: float, n, y: float):
    while n and (x > 0.5 or y):
        n -= 1
        x = np.abs(x) * 0.9
    return x * 3 if not (n and x) or y else x
"""


def test_numbers_may_be_asked_whether_they_are_true() -> None:
    made = compile_source(Source.from_text(TRUTH, "program.py"), Options())
    for answer in verify(Job(None, TRUTH, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


@pytest.mark.parametrize(
    "program",
    [
        "def f(x: float, y: float):\n    t = x and y\n    return t * x\n",
        "def f(x: float, y: float):\n    t = (x and y) or x\n    return t * x if t else x\n",
        "def f(x: float, y: float):\n    t = 0.0\n    for i in range(3):\n"
        "        t = (x and y) or 0.5\n    return t * x\n",
    ],
)
def test_which_number_that_gives_is_refused(program: str) -> None:
    with pytest.raises(codegen.CodegenError, match="on numbers gives one of them"):
        codegen.generate(program)


GUARDS = """\
import numpy as np


# codegen: example f(np.ones((2, 3)) * 0.3, np.arange(6.0).reshape(2, 3))
def f(x, y):
    if x.ndim != 2:
        raise ValueError("x must have two axes")
    y = np.asarray(y)
    if y.shape != np.shape(x):
        raise ValueError("y must have the shape of x")
    return np.sum(np.tanh(x) * y)
"""


def test_guards_tell_ranks_and_shapes() -> None:
    made = compile_source(Source.from_text(GUARDS, "program.py"), Options())
    assert "_unbroadcast" not in made.text
    for answer in verify(Job(None, GUARDS, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)
