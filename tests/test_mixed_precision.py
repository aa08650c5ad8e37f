"""Float32 stays float32; where numpy promotes the forward pass, the gradient follows."""

from __future__ import annotations

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.contract import gradient_fault
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

NUMPY = "import numpy as np\n\n\n"
X = np.array([1.0, -2.0, 0.5], np.float32)
Y = np.array([0.3, 1.7, -0.9])


@pytest.mark.parametrize(
    "expression",
    ["x * 2 + x / 3.0", "np.exp(x) * 0.5", "x**2 * x", "np.where(x > 0, x, 0.1 * x)", "x / len(x)"],
)
def test_numbers_of_python_leave_float32_alone(expression: str) -> None:
    value, dx = codegen.grad(NUMPY + f"def f(x: np.ndarray):\n    return {expression}\n")(X)
    assert value.dtype == dx.dtype == np.float32


def test_a_float64_array_promotes_the_gradients_of_what_it_meets() -> None:
    text = NUMPY + "def f(x: np.ndarray, y: np.ndarray):\n    return x * y\n"
    value, (dx, dy) = codegen.grad(text)(X, Y)
    assert value.dtype == dx.dtype == dy.dtype == np.float64
    np.testing.assert_array_equal(dx, Y)
    np.testing.assert_array_equal(dy, X)


@pytest.mark.parametrize("expression", ["x * y", "x * 2 + y", "np.exp(x) / y"])
def test_verification_takes_promotion_for_what_it_is(expression: str) -> None:
    text = f"# codegen: example f(np.ones(3, np.float32), np.ones(3))\n{NUMPY}"
    text += f"def f(x: np.ndarray, y: np.ndarray):\n    return {expression}\n"
    made = compile_source(Source.from_text(text, "prog.py"), Options())
    (answer,) = verify(Job(None, text, made.text, made.functions))
    assert answer.status == VERIFIED, answer.lines


def test_verification_does_not_take_a_leak_for_promotion() -> None:
    wide, narrow = np.ones(2), np.ones(2, np.float32)
    assert gradient_fault(wide, narrow, promoted=True) is None
    assert gradient_fault(wide, narrow) == "the gradient is float64, not float32"
    assert gradient_fault(narrow, wide, promoted=True) == "the gradient is float32, not float64"


def test_a_float64_number_of_numpy_promotes_too() -> None:
    text = NUMPY + "def f(x: np.ndarray):\n    return x * np.exp(0.5)\n"
    value, dx = codegen.grad(text)(X)
    assert value.dtype == dx.dtype == np.float64
    np.testing.assert_array_equal(dx, np.full(3, np.exp(0.5)))


@pytest.mark.parametrize("expression", ["x * y + x", "x + x * y"])
def test_a_sum_of_both_is_right_to_single_precision(expression: str) -> None:
    text = NUMPY + f"def f(x: np.ndarray, y: np.ndarray):\n    return {expression}\n"
    _, (dx, _) = codegen.grad(text)(X, Y)
    assert dx.dtype in (np.float32, np.float64)
    np.testing.assert_allclose(dx, Y + 1, rtol=1e-6)


def test_integers_have_gradients_in_double_precision() -> None:
    _, dx = codegen.grad(NUMPY + "def f(x: np.ndarray):\n    return x * x\n")(np.array([1, 2]))
    assert dx.dtype == np.float64


@pytest.mark.parametrize(
    "expression",
    [
        "np.take(x, i)[1:]",
        "np.take_along_axis(x, i, axis=0)[:2]",
        "np.meshgrid(x, y)[0][0]",
        "np.broadcast_arrays(x, y)[0][:2]",
        "np.insert(x, 0, y)[1:]",
        "np.delete(x, 1)[1:]",
        "np.split(x, 3)[0] * x[2:]",
        "np.partition(x, 1)[:2]",
        "np.maximum.accumulate(x)[1:]",
    ],
)
def test_what_only_picks_or_counts_does_not_promote(expression: str) -> None:
    """Whole numbers that pick entries, and arrays that say how long a row is."""
    declared = "x: np.ndarray, y: np.ndarray, i: np.ndarray"
    text = f"{NUMPY}def f({declared}):\n    return np.sum({expression} ** 2)\n"
    _, found = codegen.grad(text, wrt="x")(X, Y, np.array([0, 2, 2]))
    assert found.dtype == np.float32
