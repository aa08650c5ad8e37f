"""Cross-entropy: a softmax and the log of one entry of each row are gone back through as one."""

from __future__ import annotations

import numpy as np
import pytest

from codegen import generate
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.control_programs import HEAD

CALL = (
    "# codegen: example f(np.array([[0.1, 1.2, -0.4], [-0.7, 0.4, 0.9]]), np.array([2, 0]),"
    " np.array([0.3, 1.5]))\n"
)
DEF = (
    'def f(x: Float[np.ndarray, "N C"], y: Int[np.ndarray, "N"], w: Float[np.ndarray, "N"]):\n'
    "    N = x.shape[0]\n"
)
P = """\
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
"""
TOGETHER = {
    "a mean": f"{P}    return -np.sum(np.log(p[np.arange(N), y])) / N\n",
    "names for all": f"""\
{P}    rows = np.arange(N)
    p_y = p[rows, y]
    logs = np.log(p_y)
    return -np.mean(logs)
""",
    "weights of rows": f"{P}    return -np.sum(w * np.log(p[np.arange(N), y]))\n",
    "a loss for each row": f"{P}    losses = -np.log(p[np.arange(N), y])\n    return losses\n",
    "of a product, in place": """\
    scores = x * 2.0
    scores -= np.max(scores, axis=1, keepdims=True)
    p = np.exp(scores)
    p /= np.sum(p, axis=1, keepdims=True)
    return np.sum(w) - np.sum(np.log(p[np.arange(N), y]))
""",
    "row after row": """\
    loss = 0.0
    for i in range(N):
        e = np.exp(x[i])
        p = e / np.sum(e)
        loss -= w[i] * np.log(p[y[i]])
    return loss
""",
    "accuracy beside": f"""\
{P}    right = np.mean(np.argmax(p, axis=1) == y)
    loss = -np.sum(np.log(p[np.arange(N), y]))
    return loss * right
""",
    "x is used again": f"{P}    return np.sum(x * x) - np.sum(np.log(p[np.arange(N), y]))\n",
}
APART = {
    "entropy beside": f"""\
{P}    return np.sum(p * p) - np.sum(np.log(p[np.arange(N), y]))
""",
    "some rows": f"{P}    return -np.sum(np.log(p[np.arange(1), y[:1]]))\n",
    "rows in another order": f"{P}    return -np.sum(np.log(p[np.arange(N)[::-1], y]))\n",
    "no logarithm": f"{P}    return -np.sum(p[np.arange(N), y])\n",
    "the entries are used beside": f"""\
{P}    q = p[np.arange(N), y]
    return np.sum(q) - np.sum(np.log(q))
""",
    "by columns": """\
    e = np.exp(x)
    p = e / np.sum(e, axis=0)
    return -np.sum(np.log(p[np.arange(N), y]))
""",
    "p is returned": f"{P}    loss = -np.sum(np.log(p[np.arange(N), y]))\n    return loss, p\n",
    "one entry of all": f"{P}    return -np.log(p[0, y[0]])\n",
    "in an arm": f"""\
{P}    loss = np.sum(w)
    if N > 1:
        loss = loss - np.sum(np.log(p[np.arange(N), y]))
    return loss
""",
}
# together or not: what is read changes in between
CHANGING = {
    "losses that are stored": """\
    losses = np.zeros(N)
    for i in range(N):
        e = np.exp(x[i])
        p = e / np.sum(e)
        losses[0] *= 0.5
        losses[i] = -np.log(p[y[i]]) + losses[0]
    return losses
""",
    "labels that change in between": """\
    y = y.copy()
    loss = 0.0
    for t in range(3):
        e = np.exp(x * (t + 1))
        p = e / np.sum(e, axis=1, keepdims=True)
        y[0] = t
        loss = loss - np.sum(np.log(p[np.arange(N), y]))
    return loss
""",
    "weights that change in between": """\
    w = w.copy()
    loss = 0.0
    for t in range(3):
        e = np.exp(x * (t + 1))
        p = e / np.sum(e, axis=1, keepdims=True)
        w[0] *= 1.5
        loss = loss - np.sum(w * np.log(p[np.arange(N), y]))
    return loss
""",
}


def _program(name: str) -> str:
    return f"{HEAD}from jaxtyping import Int\n\n{CALL}{DEF}{(TOGETHER | APART | CHANGING)[name]}"


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("name", [*TOGETHER, *APART, *CHANGING])
def test_a_softmax_is_gone_back_through_with_its_logarithm(name: str, style: str) -> None:
    text = _program(name)
    made = compile_source(Source.from_text(text, "program.py"), Options(style=style))
    if name not in CHANGING:
        assert ("the log of one entry included" in made.text) == (name in TOGETHER), made.text
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


@pytest.mark.parametrize("name", TOGETHER)
def test_single_precision_stays(name: str) -> None:
    names: dict[str, object] = {}
    exec(generate(_program(name)), names)
    x, w = np.array([[0.1, 1.2], [-0.7, 0.4]], np.float32), np.array([0.3, 1.5], np.float32)
    value, gradients = names["f_grad"](x, np.array([1, 0]), w)  # type: ignore[operator]
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    assert {gradient.dtype for gradient in gradients} == {np.asarray(value).dtype}


def test_probabilities_of_0_cost_nothing() -> None:
    """Where a probability is 0 the loss is infinite, and the gradient is still p less 1."""
    names: dict[str, object] = {}
    exec(generate(_program("a mean")), names)
    with np.errstate(divide="ignore"):
        loss, dx = names["f_grad"](  # type: ignore[operator]
            np.array([[0.0, 800.0]]), np.array([0]), np.array([1.0])
        )
    assert loss == np.inf
    np.testing.assert_array_equal(dx, [[-1.0, 1.0]])
