"""Parts of one array of unknown rank have equal shapes where numpy's slices say so."""

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
# sums of parts of x: do they need no sum to a shape?
SUMS = {
    "x[:-2] + x[1:-1] * x[2:]": True,
    "x[1:] - x[:-1]": True,
    "x[0] * x[-1]": True,
    "x[1:-1, 1:] * x[:-2, :-1]": True,
    "x[0, 1:] * x[1, :-1]": True,
    "x[1:] * x[1:, :]": True,
    "x[:2] * x[:2]": True,
    "x[:3] * x[1:]": False,
    "x[:1] * x": False,
    "x[-1:] * x[:-1]": False,
    "x[1:] * x[:-2]": False,
}
CALLS = {
    "x[:3] * x[1:]": ("np.arange(4.0) + 1",),
    "x[:1] * x": ("np.arange(4.0) + 1", "np.arange(6.0).reshape(3, 2)"),
    "x[-1:] * x[:-1]": ("np.arange(4.0) + 1", "np.arange(6.0).reshape(3, 2)"),
    "x[1:] * x[:-2]": ("np.arange(2.0) + 1", "np.arange(3.0) + 1"),
}
SHAPES = ("(1, 2)", "(2, 3)", "(3, 1)", "(4, 3)", "(3, 3, 2)")


def _examples(expression: str) -> str:
    calls = CALLS.get(expression, tuple(f"np.ones({s}) * 0.7 + np.arange(3.0)[0]" for s in SHAPES))
    if expression == "x[0, 1:] * x[1, :-1]":
        calls = calls[1:]
    return "".join(f"# codegen: example f({call})\n" for call in calls)


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("expression", SUMS)
def test_parts_of_one_array(expression: str, style: str) -> None:
    text = f"{HEAD}{_examples(expression)}def f(x: np.ndarray):\n    return np.tanh({expression})\n"
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = compile_source(Source.from_text(text, "p.py"), Options(("f",), style=style))
        for answer in verify(Job(None, text, made.text, made.functions)):
            assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
    assert ("_unbroadcast" not in made.text) == SUMS[expression]


@pytest.mark.parametrize(
    "body",
    [
        "    y = x[1:]\n    for t in range(2):\n        x = x[1:]\n        y = y * x\n"
        "        y = y[:-1]\n    return y\n",
        "    y = x[1:]\n    for t in range(2):\n        x = np.concatenate((x, x[:1]))\n"
        "        y = x[1:] * y[0]\n    return y\n",
        "    y = 1.0\n    for t in range(3):\n        y = y * x[:-1]\n        x = x[1:] * x[:-1]\n"
        "        y = y[1:]\n    return y\n",
        "    if x[0] > 0:\n        z = x[1:]\n    else:\n        z = x[:1]\n"
        "    return z * x[1:] + x[:-1]\n",
        "    z = x[1:]\n    x = x[:1]\n    return z * x[1:] if len(x) > 1 else z * x[:1]\n",
    ],
)
def test_a_name_that_changes_its_shape_is_not_taken_for_what_it_was(body: str) -> None:
    calls = "".join(
        f"# codegen: example f(np.linspace({a}, 1.9, {n}))\n" for a in (-0.4, 0.3) for n in (5, 6)
    )
    text = f"{HEAD}{calls}def f(x):\n{body}"
    try:
        made = compile_source(Source.from_text(text, "p.py"), Options(("f",)))
    except codegen.CodegenError:
        return  # refused is as good
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


def test_a_stencil_without_annotations_sums_once_for_what_it_writes() -> None:
    text = f"""{HEAD}
def jacobi(steps, A, B):
    for t in range(1, steps):
        B[1:-1] = 0.33333 * (A[:-2] + A[1:-1] + A[2:])
        A[1:-1] = 0.33333 * (B[:-2] + B[1:-1] + B[2:])
"""
    made = codegen.generate(text)
    assert "dA_total = 0.33333 * _unbroadcast(dA[1:-1], B[:-2].shape)\n        dB[:-2] +=" in made
    assert made.count(" = 0.33333 * _unbroadcast(") == 2
    assert "broadcast_shapes(B" not in made
