"""Values without gradient are computed as the author has them, and nothing flows into them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.errors import CodegenError
from tests.gate_runs import (
    EXACT,
    author,
    call,
    check_value,
    compare,
    cotangents,
    oracle,
    unformatted,
)

HEAD = "import math\n\nimport numpy as np\nfrom jaxtyping import Float, Int\n\n\n"
X = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.45]])
SQUARE = np.array([[1.2, -0.4, 0.3], [0.5, 0.9, -1.1], [-0.2, 0.6, 2.0]])


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def check(program: str, *inputs: Any, wanted: tuple[int, ...] = (0,)) -> None:
    text = HEAD + program
    for cotangent in cotangents(author(text)(*inputs)):
        value, found = call(text, inputs, cotangent)
        check_value(text, inputs, value, 1e-14)
        expected, _ = oracle(text, inputs, wanted, cotangent, exact=True)
        compare(found, expected, tuple(inputs[place] for place in wanted), EXACT)


each_typing = pytest.mark.parametrize("declared", ["x", "x: np.ndarray", "x: {}"])


@each_typing
@pytest.mark.parametrize(
    "expression",
    [
        "x * x.shape[0] + x.shape[1] * len(x) - x.ndim",
        "np.sum(x) / x.size + np.size(x, axis=1) + np.size(x) * np.sum(x * x)",
        "x * np.zeros(x.shape) + np.ones_like(x)",
        "np.sum(x * np.ones(x.shape[1:]))",
        "np.sum(x + np.ones(x.shape[:1])[:, None])",
        "x + np.zeros((2, 3), dtype=x.dtype)",
        "x * np.full(x.shape, 3.0)",
        "x * np.full_like(x, 2.0, dtype=float) * np.zeros_like(x)",
        "np.broadcast_to(x[0], (4, 3)) * np.full((4, 3), 2.0)",
        "x * np.arange(3)",
        "x * np.arange(1, 4) + x * np.arange(0.0, 1.5, 0.5)",
        "x * np.linspace(0, 1, 3)",
        "x @ np.eye(3) + x @ np.identity(3) + np.eye(2, 3)",
        "x * np.eye(2, 3, 1) + x * np.eye(2, 3, k=-1)",
        "x * np.tri(2, 3) + x * np.tri(2, 3, -1)",
        "np.sin(np.pi * x) + np.e * x - np.euler_gamma",
        "np.where(x > -np.inf, x, 0.0)",
        "x[:, np.newaxis] * x",
        "x / (np.sum(x * x) + np.finfo(float).eps)",
        "np.maximum(x, np.finfo(np.float32).tiny) + np.iinfo(int).max * 0 * x",
        "np.minimum(x, np.finfo(x.dtype).max)",
        "x[np.argsort(np.sum(x, axis=1))]",
        "np.take(x, np.argsort(x[0]), axis=1) * np.arange(3)",
        "x[x.argsort(axis=0), np.arange(3)] * np.arange(6).reshape(2, 3)",
        "x[0][np.argsort(x[0])] * np.arange(3.0)",
        "x.ravel()[np.argsort(x, axis=None)] * np.arange(6)",
        "np.array([[1, 0, 2], [3, 4, 5]]) * x",
        "x * np.array([1.0, 2.0, 3.0], dtype=float)",
        "np.shape(x)[0] * x",
    ],
)
def test_they_are_right_in_an_expression(expression: str, declared: str) -> None:
    annotated = declared.format("Float[np.ndarray, 'N D']")
    check(f"def f({annotated}):\n    return {expression}\n", X)


@pytest.mark.parametrize("declared", ["n", "n: int"])
@pytest.mark.parametrize(
    "expression",
    [
        "np.sum(x) * np.ones(n)",
        "np.sum(x) * np.zeros((n, 2))",
        "np.full(n, np.sum(x))",
        "x[0, 0] * np.eye(n) + np.tri(n, n, 1)",
        "x[0, :n] * np.arange(n)",
        "x.reshape(n, -1)",
        "np.linspace(0, 1, n) * x[0, 0]",
        "np.tril(x, n - 3) + np.triu(x, n)",
        "np.trace(x, n - 2)",
        "np.diag(x[0], n)",
        "np.sum(x) * np.ones(n + 1)",
        "x[0, : n - 1] * np.arange(2 * n - 4)",
    ],
)
def test_a_count_may_be_a_parameter(expression: str, declared: str) -> None:
    check(f"def f(x: np.ndarray, {declared}):\n    return {expression}\n", X, 3)


@pytest.mark.parametrize(
    "expression", ["x * np.ones(s)", "np.full(s, x[0, 0])", "x.reshape(s) * 2"]
)
@pytest.mark.parametrize("given", [(2, 3), (1, 2, 3)])
def test_a_size_may_be_a_tuple(expression: str, given: tuple[int, ...]) -> None:
    check(f"def f(x, s):\n    return {expression}\n", X, given)


def test_a_range_between_numbers_has_a_gradient() -> None:
    check("def f(x, y):\n    return np.linspace(x, y, 5) ** 2\n", 0.3, 1.4, wanted=(0, 1))
    text = HEAD + "def f(a, b):\n    return np.sum(np.arange(a, 3.1, b) ** 2)\n"
    value, (da, db) = call(text, (0.3, 0.7), None)
    row = 0.3 + 0.7 * np.arange(5)
    assert value == pytest.approx(np.sum(row**2))
    assert da == pytest.approx(np.sum(2 * row))
    assert db == pytest.approx(np.sum(2 * row * np.arange(5)))


def test_whole_bounds_of_a_range_may_index() -> None:
    check("def f(x, a, b):\n    return x[np.arange(a, b)] ** 2\n", X[0], 1, 3)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("def f(x: float, y: np.ndarray):\n    return np.full(2, x, dtype=y.dtype) * y\n", "dtype"),
        ("def f(x: float, y: np.ndarray):\n    return np.array([x], y.dtype) * y\n", "dtype"),
        ("def f(x: np.ndarray):\n    return np.ravel(x, order='F') * 2\n", "order='C'"),
        ("def f(x: np.ndarray):\n    return np.trace(x, 0, 1, 2)\n", "axes"),
        ("def f(x: np.ndarray):\n    return np.take(x, [1], mode='clip')\n", "mode"),
        ("def f(x: np.ndarray):\n    return np.concatenate(x)\n", "parts one by one"),
        ("def f(x: np.ndarray, k):\n    return x.transpose(k, 0)\n", "literal integers"),
        ("def f(x: float):\n    return np.sum(np.array([[x, 1.0], [x]]))\n", "different lengths"),
        (
            "def f(x: Float[np.ndarray, 'N'], y: float):\n    return np.stack([x, y])\n",
            "dimensions",
        ),
        ("def f(x: Float[np.ndarray, '3 4']):\n    return np.squeeze(x, axis=0)\n", "squeezed"),
    ],
)
def test_what_cannot_be_told_is_refused_by_its_name(program: str, said: str) -> None:
    with pytest.raises(CodegenError, match=said):
        codegen.generate(HEAD + program)


def test_a_result_of_whole_numbers_has_no_gradient() -> None:
    text = HEAD + "def f(x: np.ndarray, s: float):\n    return np.full(3, s, dtype=int) * x\n"
    value, found = call(text, (np.array([1.0, 2.0, 3.0]), 2.7), None)
    assert np.array_equal(value, [2.0, 4.0, 6.0])
    assert len(found) == 1


def test_the_interpreter_knows_shapes_by_their_names() -> None:
    check(
        "def f(x: np.ndarray):\n    a = np.vstack([x, x.T])\n    b = np.moveaxis(a, 0, 1)\n"
        "    return np.trace(b @ a) + np.sum(np.diag(a)) + np.sum(np.tril(a, -1))\n",
        SQUARE,
    )
