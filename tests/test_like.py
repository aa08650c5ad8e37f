"""What only tells a shape or a dtype is not kept for each turn, unless nothing else tells it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from codegen import generate
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.control_programs import HEAD

CALL = "# codegen: example f(np.array([[1.0, 2.0], [0.3, 1.5]]), np.array([0.5, 0.2]), 3)\n"
DEF = 'def f(x: Float[np.ndarray, "N M"], w: Float[np.ndarray, "M"], n: int):\n'
# What stands in the loop, what follows it, and how the cotangent of `t` begins.
ALIKE = {
    "a copy of an array in place": (
        "t = x.copy()\n        x[1] = 2 * t[0] - t[1]",
        "dt = np.zeros_like(x_1)",
    ),
    "what two arrays decide": (
        "t = x[0] * w\n        x[1] = t[0] - 3 * t[1]",
        "dt = np.zeros(w.shape, np.result_type(w, x_1, 1.0))",
    ),
    "what is carried, of one dtype": (
        "t = h * w\n        h = h + t[1] - 2 * t[0]",
        "dt = np.zeros(w.shape, np.result_type(w, h, 1.0))",
    ),
}
OTHERWISE = {
    "carried, of another dtype in the first turn": (
        "t = h * 2.0\n        h = h * w + t[1] - t[0]",
        "dt = np.zeros_like(ts[i])",
    ),
    "of a length that nothing outside has": (
        "t = np.concatenate((w, w[: i + 1]))\n        h = h + t[1] - t[i]",
        "dt = np.zeros_like(ts[i])",
    ),
    "kept for its contents too": (
        "t = h * w\n        h = h + t[1] * t[0]",
        "dt = np.zeros_like(ts[i])",
    ),
}


def _program(body: str) -> str:
    begin = "    x = x.copy()\n    h = x[0] * 1.0\n    for i in range(n):\n        "
    return f"{CALL}{DEF}{begin}{body}\n    return np.sum(x * x) + np.sum(h)\n"


def _of(name: str) -> tuple[str, str]:
    body, begun = (ALIKE | OTHERWISE)[name]
    return HEAD + _program(body), begun


@pytest.mark.parametrize("name", [*ALIKE, *OTHERWISE])
def test_zeros_are_made_like_what_stands_outside(name: str) -> None:
    text, begun = _of(name)
    made = compile_source(Source.from_text(text, "program.py"), Options())
    assert begun in made.text, made.text
    assert ("ts.append(t)" in made.text) == (name in OTHERWISE), made.text
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


@pytest.mark.parametrize("name", [*ALIKE, *OTHERWISE])
@pytest.mark.parametrize("style", ["joint", "split"])
def test_single_precision_stays(name: str, style: str) -> None:
    text, _ = _of(name)
    names: dict[str, Any] = {}
    exec(generate(text, style=style), names)
    x, w = np.array([[1, 2], [0.3, 1.5]], np.float32), np.array([0.5, 0.2], np.float32)
    if style == "joint":
        _, gradients = names["f_grad"](x, w, 3, np.float32(1))
    else:
        _, cache = names["f_forward"](x, w, 3)
        gradients = names["f_backward"](np.float32(1), cache)
    assert [gradient.dtype for gradient in gradients] == [np.float32, np.float32]
