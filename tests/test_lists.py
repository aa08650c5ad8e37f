"""Lists of numbers or arrays as arguments of numpy functions are what np.array makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.errors import CodegenError
from tests.gate_runs import (
    DIFFERENCES,
    author,
    call,
    check_value,
    compare,
    cotangents,
    oracle,
    unformatted,
)

HEAD = "import numpy as np\nimport scipy.special\nfrom jaxtyping import Float\n\n\n"


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def check(program: str, *inputs: Any) -> None:
    text = HEAD + program
    wanted = tuple(range(len(inputs)))
    for cotangent in cotangents(author(text)(*inputs)):
        value, found = call(text, inputs, cotangent)
        check_value(text, inputs, value, 1e-14)
        expected, _ = oracle(text, inputs, wanted, cotangent, exact=False)
        compare(found, expected, inputs, DIFFERENCES)


@pytest.mark.parametrize(
    "expression",
    [
        "np.max([x, y])",
        "np.sum([x, y, 2.0]) * x",
        "np.mean((x, y * y))",
        "np.sqrt([x * x, 4.0]) * y",
        "np.median([x, y, x * y])",
        "np.cumsum([x, y]) ** 2",
        "np.diff([x, y, x * y])",
        "np.linalg.norm([x, y])",
        "np.dot([x, 2.0], [y, x])",
        "np.outer([1.0, x], [y, y])",
        "np.kron([1, 2], [x, y])",
        "np.convolve([x, y, x], [0.5, 0.5])",
        "np.interp([0.25, 0.75], [0, 1], [x, y])",
        "np.trapezoid([x, y], [0.0, 2.0])",
        "np.where([True, False], [x, y], [y, x])",
        "np.sum([[x, y], [y, 1.0]], axis=1) ** 2",
        "np.maximum([x, y], 0.5)",
        "np.clip([x, y], 0.0, 1.0) * y",
        "scipy.special.expit([x, y])",
        "np.reshape([x, y, x, y], (2, 2)) ** 2",
        "np.diag([x, y]) @ np.ones(2)",
        "np.linalg.det([[x, y], [1.0, x]])",
    ],
)
@pytest.mark.parametrize("declared", ["x, y", "x: float, y: float"])
def test_a_list_of_numbers_is_an_array(expression: str, declared: str) -> None:
    check(f"def f({declared}):\n    return {expression}\n", 0.7, -1.2)


@pytest.mark.parametrize(
    "expression",
    [
        "np.maximum.reduce([x, y, x * y])",
        "np.add.reduce([x, y]) * x",
        "np.mean([x, y], axis=0) * y",
        "np.max([x, y], axis=0)",
        "np.sum([np.sum(x * y), 2.0])",
        "np.sum(np.split(x * y, 3), axis=0)",
        "np.std([x, y], axis=0)",
        "np.logaddexp([0.0, 1.0, 2.0], x) * y",
        "np.concatenate([[x[0]], np.exp([x[1], y[2]])])",
    ],
)
@pytest.mark.parametrize(
    "declared",
    ["x: np.ndarray, y: np.ndarray", 'x: Float[np.ndarray, "N"], y: Float[np.ndarray, "N"]'],
)
def test_a_list_of_arrays_is_an_array(expression: str, declared: str) -> None:
    given = np.array([0.7, -1.4, 0.55]), np.array([0.4, 1.3, -0.9])
    check(f"def f({declared}):\n    return {expression}\n", *given)


def test_a_list_may_have_a_name() -> None:
    check(
        "def f(x, y):\n    rows = [x, y]\n    rows.append(x * y)\n    return np.max(rows)\n",
        0.7,
        1.2,
    )


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("np.max([x, None])", "a none stands among the numbers"),
        ("np.max({'a': x}) + x", "is a dict, where `max` needs a number"),
        ("np.sum([[x], [x, x]])", "the lists have different lengths"),
    ],
)
def test_what_is_no_array_is_refused(expression: str, words: str) -> None:
    with pytest.raises(CodegenError, match=words):
        codegen.generate(f"{HEAD}def f(x: float):\n    return {expression}\n")
