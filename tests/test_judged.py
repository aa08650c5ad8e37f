"""Programs that once went wrong where nobody had looked: each is right, or refused, for good."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"
WRITTEN = (
    "# codegen: example f(np.ones((2, 2)), np.arange(2.0))\n"
    'def f(A: Float[np.ndarray, "N N"], b: Float[np.ndarray, "N"]):\n'
    "    A[0] = A[1] * b\n    loss = np.sum(A * A)\n    return loss\n"
)


def names_of(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(text, names)
    return names


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("of", [("loss", "A"), ("A",), ("loss",), None])
def test_what_is_returned_and_what_is_written_may_both_be_asked_for(
    style: str, of: tuple[str, ...] | None
) -> None:
    made = compile_source(Source("f.py", HEAD + WRITTEN), Options(style=style, of=of))
    for answer in verify(Job(None, HEAD + WRITTEN, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


def test_both_are_given_back() -> None:
    made = compile_source(Source("f.py", HEAD + WRITTEN), Options(of=("loss", "A")))
    (loss, after), _ = names_of(made.text)["f_grad"](np.ones((2, 2)), np.arange(2.0), 1.0)
    assert loss == 3.0
    assert after.tolist() == [[0.0, 1.0], [1.0, 1.0]]


CUT_OFF = {
    "zeros_like": "y = np.zeros_like(x)\n    y[0] = x[1] * 0.5\n    return np.sum(y * y)",
    "a copy": "y = x.copy()\n    y[0] = x[1] * 0.5\n    return np.sum(y * y)",
    "a multiple": "y = x * 2\n    y[0] = x[1] * 0.5\n    return np.sum(y * y)",
    "in a loop": (
        "y = x.copy()\n    for i in range(2):\n        y[i] = y[i] * 0.5\n    return np.sum(y)"
    ),
}


@pytest.mark.parametrize("name", CUT_OFF)
def test_whole_numbers_that_are_written_into_are_refused_when_it_runs(name: str) -> None:
    gradient = codegen.grad(f"{HEAD}def f(x: np.ndarray):\n    {CUT_OFF[name]}\n")
    with pytest.raises(TypeError, match="must be a float array"):
        gradient(np.array([1, 3, 3]))
    assert np.isfinite(gradient(np.array([1.0, 3.0, 3.0]))[1]).all()


def test_one_float_among_several_arrays_is_enough() -> None:
    body = "y = x * w\n    y[0] = x[1] * 0.5\n    return np.sum(y * y)"
    gradient = codegen.grad(f"{HEAD}def f(x: np.ndarray, w: np.ndarray):\n    {body}\n")
    gradient(np.array([1, 2]), np.array([0.5, 2.0]))
    with pytest.raises(TypeError, match="of x, w one must be a float array"):
        gradient(np.array([1, 2]), np.array([1, 2]))


def test_a_default_that_a_helper_changes_is_refused() -> None:
    text = (
        "def _sum(x, hs=[]):\n    hs.append(x)\n    return hs[0] * len(hs)\n\n\n"
        "def f(x: float):\n    return _sum(x) * _sum(x * 2)\n"
    )
    with pytest.raises(codegen.CodegenError, match="Python keeps its default"):
        codegen.generate(text)


def test_a_gate_gives_way_to_a_value_that_the_author_calls_self() -> None:
    text = HEAD + "def f(x: np.ndarray):\n    self = np.exp(x)\n    return np.sum(self * x)\n"
    gate = names_of(codegen.generate(text, style="gate"))["F"]()
    x = np.array([0.3, -0.7])
    assert gate.forward(x) == np.sum(np.exp(x) * x)
    assert np.allclose(gate.backward(1.0), np.exp(x) * (1 + x))


HELPERS = {
    "by a number": "def scale(v, s):\n    v *= s\n\n\n"
    'def f(x: Float[np.ndarray, "N"]):\n    a = x * 1.0\n'
    "    scale(a[1:3], a[0])\n    scale(a[::2], a[1])\n"
    "    return a**2\n",
    "by itself": "def axpy(y, x, s):\n    y += s * x\n\n\n"
    'def f(x: Float[np.ndarray, "N"]):\n    a = x * 1.0\n'
    "    axpy(a, a, 2.0)\n    axpy(a[1:], a[:-1], a[0])\n"
    "    return a\n",
}


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("name", HELPERS)
def test_helpers_that_update_what_they_are_given_need_no_annotation(name: str, style: str) -> None:
    text = HEAD + HELPERS[name].replace("def f", "# codegen: example f(np.arange(4.0) + 1)\ndef f")
    made = compile_source(Source("f.py", text), Options(style=style))
    assert any("skipped" in note.message for note in made.notes)
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)
    asked = HELPERS[name][4:].partition("(")[0]
    with pytest.raises(codegen.CodegenError, match="returns nothing"):
        compile_source(Source("f.py", text), Options((asked,)))
