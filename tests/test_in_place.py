"""What a store gives back is read where it stands, and what is kept is read off the stack.

Each program is held against differences in float64, and gives float32 for float32; what must be in
the text, and what must not, is listed with it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.control_programs import HEAD
from tests.random_control import without_black

ARRAY = 'Float[np.ndarray, "N"]'
MATRIX = 'Float[np.ndarray, "N N"]'
GIVEN = "np.array([0.4, -0.7, 1.3, 0.9, -1.1, 0.6])"
SQUARE = "np.arange(9.0).reshape(3, 3) ** 1.5 / 7 + np.eye(3)"


@dataclass(frozen=True)
class Case:
    """A body that writes into `a`, a copy of x, and returns nothing."""

    body: str
    has: tuple[str, ...] = ()
    has_not: tuple[str, ...] = ()
    matrix: bool = False


CASES = {
    "a part that is cleared behind two reads": Case(
        "for i in range(n - 1):\n        a[i] = a[i + 1] * x[i]",
        ("dx[i] += a[i + 1] * da[i]\n        da[i] = 0",),
        ("da_raw",),
    ),
    "a row that is read often has a name, and no copy": Case(
        "for i in range(1, n):\n        a[i, :] = a[i - 1, :] * x[i, 0] + a[i - 1, :] + x[0]",
        ("da_raw = da[i, :]\n",),
        ("da[i, :].copy()",),
        matrix=True,
    ),
    "a part that overlaps what it is added to": Case(
        "for i in range(1, n):\n        a[1:] = a[:-1] * w", (".copy()",)
    ),
    "an entry that may be the one it is added to": Case(
        "for i in range(n):\n        a[i] = a[-1] * w + a[i] ** 2"
    ),
    "the sign goes into the operator": Case(
        "for i in range(1, n):\n        a[i] -= a[:i] @ x[:i]",
        ("da[:i] -= da[i] * x[:i]",),
        ("da_raw",),
    ),
    "a minus of a minus": Case("a[0] -= a[1]\n    a -= a", (), ()),
    "an array minus itself, behind a loop": Case(
        "for i in range(1, n):\n        a[i] -= a[i - 1]\n    a -= a * w"
    ),
    "a factor is multiplied in place": Case("a[:] = w * a + x", ("da *= w",)),
    "a divisor divides in place": Case("a[:] = a / w", ("da /= w",)),
    "an array that is put into itself": Case("a[:] = a\n    a[:] = a + x", (), ("da[:] = da",)),
    "two equal products, one name": Case(
        "b = a * w\n    a[:] = np.outer(a[0], x[0]) * x[1, 1] + np.outer(a[0], x[0])",
        matrix=True,
    ),
    "a part that is read back between": Case(
        "for i in range(n - 1):\n        a[i] = a[i + 1] * a[i] + a[i + 1] * a[0] * x[i]"
    ),
    "an overwriter that reads what is put back": Case(
        "for i in range(1, n):\n        a[i] = a[i] * a[i - 1] * np.sin(a[i])"
    ),
    "rows and columns of one matrix": Case(
        "for i in range(n):\n        a[i, :] = a[:, i] * w", (".copy()",), matrix=True
    ),
    "a column below a row": Case(
        "for i in range(n - 1):\n        a[i + 1 :, i] = a[i, i + 1 :]",
        ("da[i, i + 1:] += da[i + 1:, i]",),
        ("da_raw",),
        matrix=True,
    ),
    "a view of the cotangent that is handed on": Case(
        "b = a.T * w\n    a[:] = b + a.T\n    a[0] = b[0] * a[1]", matrix=True
    ),
    "what a line alone reads again is popped, not put back": Case(
        "for i in range(n):\n        a[i] = a[i] @ x",
        ("a_old = a_olds.pop()\n", "np.outer(a_old, da[i])"),
        ("a[i] = a_old",),
        matrix=True,
    ),
    "what an earlier line reads too is put back": Case(
        "for i in range(n):\n        b = np.sin(a[i])\n        a[i] = a[i] * b @ x",
        ("a[i] = a_olds.pop()",),
        matrix=True,
    ),
    "what the next turn reads too is put back": Case(
        "for i in range(1, n):\n        a[i] = a[i] * a[i - 1]\n"
        "    for i in range(1, n):\n        a[i] = a[i] * a[i - 1]",
        ("a[i] = a_olds_1.pop()", "a_old = a_olds.pop()"),
    ),
    "all of an array, that lines above read": Case(
        "b = np.sin(a)\n    a[:] = w * a * b",
        ("a_old = a.copy()",),
        ("a[:] = a_old", "a_end"),
    ),
    "all of an array, twice": Case(
        "a *= np.sin(a)\n    a *= np.cos(x)\n    a[:] = w * a * a", (), ("a_end",)
    ),
    "all of an array, behind parts of it": Case(
        "for i in range(1, n):\n        a[i] *= a[i - 1]\n    a[:] = w * a * a"
    ),
    "old contents of a view": Case(
        "b = a[1:]\n    for i in range(n - 1):\n        b[i] = b[i] * b[i] + a[i] * w"
    ),
    "old contents that a mask picks": Case("a[a > 0.5] = a[a > 0.5] ** 2 * w"),
    "old contents in an arm": Case(
        "for i in range(n):\n        if x[i] > 0:\n            a[i] = a[i] * a[i] * w"
    ),
    "rows that the turns pick, and swap": Case(
        "for k in range(n - 1):\n        p = k + np.argmax(np.abs(a[k:, k]))\n"
        "        t = a[k].copy()\n        a[k] = a[p]\n        a[p] = t\n"
        "        for i in range(k + 1, n):\n            a[i, k] /= a[k, k]\n"
        "            a[i, k + 1 :] -= a[i, k] * a[k, k + 1 :]",
        matrix=True,
    ),
    "old contents of a while": Case(
        "i = 0\n    while i < n:\n        a[i] = a[i] * a[i] * w\n        i += 1",
        ("a_old = a_olds.pop()",),
    ),
}


def made_of(case: Case) -> str:
    """Return the program of a case."""
    kind, given = (MATRIX, SQUARE) if case.matrix else (ARRAY, GIVEN)
    return (
        f"{HEAD}# codegen: example f({given}, 0.7)\n"
        f"def f(x: {kind}, w: float):\n    n = len(x)\n    a = 1.0 * x\n    {case.body}\n"
        f"    return np.sum(a * np.cos(a)) * w\n"
    )


def compiled(text: str) -> Any:
    """Return what a program makes."""
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile_source(Source.from_text(text, "program.py"), Options())


@pytest.mark.parametrize("name", CASES)
def test_parts_are_read_where_they_stand(name: str) -> None:
    case = CASES[name]
    text = made_of(case)
    made = compiled(text)
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
    for part in case.has:
        assert part in made.text, made.text
    for part in case.has_not:
        assert part not in made.text, made.text


@pytest.mark.parametrize("name", CASES)
def test_a_float32_gradient_is_that_of_float64(name: str) -> None:
    case = CASES[name]
    names: dict[str, Any] = {}
    exec(compile(compiled(made_of(case)).text, "program.py", "exec"), names)
    x = np.asarray(eval(SQUARE if case.matrix else GIVEN))
    _, (expected, _) = names["f_grad"](x, 0.7)
    _, (dx, _) = names["f_grad"](x.astype(np.float32), 0.7)
    assert dx.dtype == np.float32
    np.testing.assert_allclose(dx, expected, rtol=2e-4, atol=1e-4)


def test_a_store_that_nothing_reads_keeps_nothing() -> None:
    text = (
        f"{HEAD}# codegen: example f({GIVEN}, {GIVEN}, {SQUARE})\n"
        f"def f(x: {ARRAY}, v: {ARRAY}, a: Float[np.ndarray, 'M M']):\n"
        "    a[1] *= x[:3]\n    x -= v\n    return np.sum(a * v[3:])\n"
    )
    made = compiled(text)
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
    assert "x_old" not in made.text


def test_a_split_backward_runs_twice_on_what_it_pops() -> None:
    text = made_of(CASES["what a line alone reads again is popped, not put back"])
    with without_black():
        made = compile_source(Source.from_text(text, "program.py"), Options(style="split"))
    names: dict[str, Any] = {}
    exec(compile(made.text, "program.py", "exec"), names)
    _, cache = names["f_forward"](np.asarray(eval(SQUARE)), 0.7)
    first, second = (names["f_backward"](1.0, cache) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])


@pytest.mark.parametrize("style", ["split", "gate"])
def test_a_caller_may_write_into_the_value_before_the_backward_pass(style: str) -> None:
    """Where old contents are popped, the written parameter is in the cache as it is returned."""
    text = codegen.generate(
        "import numpy as np\nfrom jaxtyping import Float\n\n\n"
        'def f(x: Float[np.ndarray, "N"]):\n    for i in range(1, 4):\n'
        "        x[i] = x[i] * x[i - 1]\n    return x\n",
        style=style,
    )
    names: dict[str, Any] = {}
    exec(text, names)
    x, dx = np.array([0.7, -1.3, 0.4, 2.0]), np.array([1.0, 0.5, -2.0, 0.3])
    gate = names["F"]() if style == "gate" else None
    value, *cache = (gate.forward(x),) if gate else names["f_forward"](x)
    found = []
    for _ in range(2):
        made = gate.backward(dx) if gate else names["f_backward"](dx, *cache)
        found.append(made.copy())
        value += 5.0
        made += 7.0
    jacobian = np.array(
        [[np.prod(x[: i + 1]) / x[j] if j <= i else 0.0 for j in range(4)] for i in range(4)]
    )
    for one in found:
        np.testing.assert_allclose(one, dx @ jacobian)


def test_what_a_store_adds_to_itself_is_not_given_back() -> None:
    text = """\
import numpy as np
from jaxtyping import Float

def f(A: Float[np.ndarray, "N M"]):
    for i in range(1, A.shape[0]):
        A[i, 1:] = A[i, 1:] + 0.5 * A[i, :-1] + A[i - 1, 1:]
"""
    made = codegen.generate(text)
    assert "dA[i, 1:] = " not in made
    A = np.arange(12.0).reshape(3, 4)
    names: dict[str, object] = {}
    exec(made, names)
    _, dA = names["f_grad"](A, np.ones((3, 4)))  # type: ignore[operator]
    step = np.zeros((3, 4))
    step[0, 1] = 1.0
    other: dict[str, object] = {}
    exec(text, other)
    moved, given = A + step, A.copy()
    other["f"](moved), other["f"](given)  # type: ignore[operator]
    np.testing.assert_allclose(dA[0, 1], np.sum(moved) - np.sum(given))
