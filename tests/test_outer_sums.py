"""Outer products that make up one matrix's gradient are written as one product."""

from __future__ import annotations

import warnings

import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.random_control import without_black

HEAD = """\
import numpy as np
from jaxtyping import Float
"""
GIVEN = "A: Float[np.ndarray, 'M N'], x: Float[np.ndarray, 'N'], y: Float[np.ndarray, 'M']"
EXAMPLE = (
    "# codegen: example f(np.ones((3, 2)) * [1.5, -0.3], np.ones(2), np.array([1.0, 2, 0.7]))\n"
)
JOINED = {
    "twice": "    z = np.tanh(A @ x)\n    return z @ A\n",
    "three times": "    z = np.tanh(A @ x)\n    w = np.sin(z @ A)\n    return A @ w\n",
    "two outputs": "    v = A @ x\n    w = np.exp(0.1 * (y @ A))\n    return v, w\n",
    "beside a sum": "    z = np.tanh(A @ x)\n    w = z @ A\n    return np.sum(w) * w\n",
}
APART = {
    "one": "    return np.tanh(A @ x)\n",
    "read between": "    z = np.tanh(A @ x)\n    B = A + 0.0\n    return (z @ B) * np.sum(B)\n",
    "a vector that is written in place": "    x = x + 0.0\n    z = A @ x\n    x *= 2.0\n"
    "    w = z @ A\n    x += w\n    return np.sum(x * x) + np.sum(A @ x)\n",
    "in a loop": "    for t in range(3):\n        x = 0.1 * ((A @ x) @ A)\n    return x\n",
    "scaled": "    z = np.tanh(A @ x)\n    return np.sum(z) * (z @ A)\n",
}


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("name", [*JOINED, *APART])
def test_gradients_are_right(name: str, style: str) -> None:
    text = f"{HEAD}{EXAMPLE}def f({GIVEN}):\n{(JOINED | APART)[name]}"
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = compile_source(Source.from_text(text, "p.py"), Options(("f",), style=style))
        for answer in verify(Job(None, text, made.text, made.functions)):
            assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
    if name in JOINED:
        assert "np.vstack(" in made.text
        assert "np.outer(" not in made.text


def test_no_line_is_left_without_its_gradient() -> None:
    text = f"{HEAD}def f({GIVEN}):\n    v = A @ x\n    w = y @ A\n    return v, w\n"
    made = codegen.generate(text, wrt=("A",))
    assert "dA = np.outer(y, dw)" in made
    assert "dA += np.outer(dv, x)" in made
