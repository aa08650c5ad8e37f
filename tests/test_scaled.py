"""Scaled normalization: the short derivation where it holds, the long one everywhere else."""

from __future__ import annotations

import numpy as np
import pytest

from codegen import generate
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.control_programs import HEAD

ROWS = "np.array([[0.1, 1.2], [-0.7, 0.4], [1.5, -0.3]])"
CALL = f"# codegen: example f({ROWS}, np.array([1.1, 0.9]), np.array([0.2, -0.1]))\n"
DEF = (
    'def f(x: Float[np.ndarray, "N D"], gamma: Float[np.ndarray, "D"],'
    ' beta: Float[np.ndarray, "D"]):\n'
)
HAT = """\
    mean = np.mean(x, axis=0)
    std = np.sqrt(np.var(x, axis=0) + 1e-5)
    x_hat = (x - mean) / std
"""
SHORT = {
    "batch": f"{HAT}    return gamma * x_hat + beta\n",
    "the scale behind": f"{HAT}    out = x_hat * gamma + beta\n    return out * out\n",
    "mean and deviation that keep their axes": """\
    mean = x.mean(axis=0, keepdims=True)
    std = np.sqrt(x.var(axis=0, keepdims=True) + 1e-5)
    x_hat = (x - mean) / std
    y = gamma * x_hat + beta
    return np.tanh(y)
""",
    "x is used twice": f"{HAT}    out = gamma * x_hat + beta\n    return out * x\n",
    "in a branch": """\
    if x.shape[0] > 2:
        mean = np.mean(x, axis=0)
        std = np.sqrt(np.var(x, axis=0) + 1e-5)
        x_hat = (x - mean) / std
    else:
        std = 2 * np.ones(x.shape[1])
        x_hat = x / std
    out = gamma * x_hat + beta
    return out * out
""",
}
LONG = {
    "by rows": """\
    mean = np.mean(x, axis=1, keepdims=True)
    std = np.sqrt(np.var(x, axis=1, keepdims=True) + 1e-5)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta
""",
    "of everything": """\
    mean = np.mean(x)
    std = np.sqrt(np.var(x) + 1e-5)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta
""",
    "no shift": f"{HAT}    return gamma * x_hat\n",
    "used beside": f"{HAT}    return gamma * x_hat + beta + x_hat * x_hat\n",
    "the scale is used later": f"{HAT}    return (gamma * x_hat + beta) * gamma\n",
    "a scale of the data's shape": f"{HAT}    return (gamma * x) * x_hat + beta\n",
    "in a branch beside a deviation that learns": """\
    if x.shape[0] > 2:
        mean = np.mean(x, axis=0)
        std = np.sqrt(np.var(x, axis=0) + 1e-5)
        x_hat = (x - mean) / std
    else:
        std = np.sqrt(np.abs(gamma) + 1.0)
        x_hat = x / std
    out = gamma * x_hat + beta
    return out * out
""",
    "in each turn": """\
    for t in range(2):
        mean = np.mean(x, axis=0)
        std = np.sqrt(np.var(x, axis=0) + 1e-5)
        x_hat = (x - mean) / std
        x = gamma * x_hat + beta + x
    return x * x
""",
    "two shifts": f"{HAT}    return gamma * x_hat + beta + np.sin(beta)\n",
}


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("name", [*SHORT, *LONG])
def test_the_sums_of_scale_and_shift_are_taken_once(name: str, style: str) -> None:
    text = HEAD + CALL + DEF + (SHORT | LONG)[name]
    made = compile_source(Source.from_text(text, "program.py"), Options(style=style))
    is_short = "mean, std and scale included" in made.text
    assert is_short == (name in SHORT), made.text
    assert ("dx_hat" in made.text) != is_short, made.text
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


def test_images_are_normalized_over_all_but_channels() -> None:
    call = (
        "# codegen: example f(np.arange(24.0).reshape(2, 3, 2, 2) ** 1.5 % 5, "
        "np.array([1.1, 0.9, 1.3]).reshape(1, 3, 1, 1), np.array([0.2, -0.1, 0.5])"
        ".reshape(1, 3, 1, 1))"
    )
    text = f"""{HEAD}{call}
def f(
    x: Float[np.ndarray, "N C H W"],
    gamma: Float[np.ndarray, "1 C 1 1"],
    beta: Float[np.ndarray, "1 C 1 1"],
):
    mean = np.mean(x, axis=(0, 2, 3), keepdims=True)
    std = np.sqrt(np.var(x, axis=(0, 2, 3), keepdims=True) + 1e-5)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta
"""
    made = compile_source(Source.from_text(text, "program.py"), Options())
    assert "mean, std and scale included" in made.text
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


def test_single_precision_stays() -> None:
    names: dict[str, object] = {}
    exec(generate(HEAD + DEF + SHORT["batch"]), names)
    x = np.array([[0.1, 1.2], [-0.7, 0.4]], np.float32)
    _, gradients = names["f_grad"](x, x[0], x[1])  # type: ignore[operator]
    assert {gradient.dtype for gradient in gradients} == {np.dtype(np.float32)}
