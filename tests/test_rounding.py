"""Values without gradient in the middle of programs: rounding, whole numbers, masks, constants."""

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
    generate,
    oracle,
)
from tests.gate_runs import unformatted as without_black

X = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.47]])
HEAD = "import math\nimport numpy as np\nfrom jaxtyping import Float\n\n\n"
DECLARED = ("x", "x: np.ndarray", 'x: Float[np.ndarray, "N D"]')


@pytest.fixture(autouse=True)
def _unformatted(monkeypatch: pytest.MonkeyPatch) -> None:
    without_black(monkeypatch)


def check(program: str, *inputs: Any, wanted: tuple[int, ...] = (0,)) -> None:
    """Compare values and gradients with central differences."""
    text = HEAD + program
    for cotangent in cotangents(author(text)(*inputs)):
        value, found = call(text, inputs, cotangent)
        check_value(text, inputs, value, 1e-14)
        expected, _ = oracle(text, inputs, wanted, cotangent, exact=False)
        compare(found, expected, tuple(inputs[place] for place in wanted), DIFFERENCES)


ROUNDED = (
    "np.floor(x)", "np.ceil(x)", "np.trunc(x)", "np.fix(x)", "np.rint(x)", "np.round(x)",
    "np.round(x, 1)", "np.around(x, decimals=1)", "x.round()", "x.round(1)", "x // 0.77",
    "np.floor_divide(x, 0.77)", "np.sign(x)", "x.astype(int)", "np.heaviside(x, 0.5)",
)  # fmt: skip


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("expression", ROUNDED)
def test_rounding_has_no_gradient(expression: str, declared: str) -> None:
    check(f"def f({declared}):\n    return (np.negative(x) - {expression}) ** 2\n", X)
    check(f"def f({declared}):\n    k = {expression}\n    return np.exp(x) * k\n", X)


@pytest.mark.parametrize("expression", [*ROUNDED, "np.isnan(x)", "x > 0"])
def test_what_is_only_rounded_has_nothing_to_differentiate(expression: str) -> None:
    with pytest.raises(CodegenError, match="nothing to differentiate"):
        codegen.generate(f"{HEAD}def f(x: np.ndarray):\n    return np.sum({expression})\n")


@pytest.mark.parametrize(
    "expression",
    [
        *("math.floor(x)", "math.ceil(x)", "math.trunc(x)", "int(x)", "round(x)", "round(x, 1)"),
        *("round(x, ndigits=1)", "x // 0.7", "divmod(x, 0.7)[0]", "float(round(x))"),
    ],
)
@pytest.mark.parametrize("declared", ["x", "x: float"])
def test_rounding_of_a_number_has_no_gradient(expression: str, declared: str) -> None:
    for x in (2.37, -1.62):
        check(f"def f({declared}):\n    return (x - {expression}) * x\n", x)


MASKS = (
    "(x > 0)", "np.isfinite(x)", "~np.isnan(x)", "~np.isinf(x)", "np.signbit(x)",
    "np.isclose(x, 0.3)", "np.isclose(x, 0.4, atol=0.2)", "np.logical_xor(x > 0, x < 1)",
    "(x > 0).astype(float)", "np.floor(np.abs(x))",
)  # fmt: skip


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("mask", MASKS)
def test_a_mask_multiplies(mask: str, declared: str) -> None:
    check(f"def f({declared}):\n    return np.negative({mask} * x)\n", X)
    check(f"def f({declared}):\n    m = {mask}\n    return x * x * m + np.negative(x)\n", X)


def test_a_mask_may_be_given() -> None:
    mask = np.array([True, False, True])
    check(
        "def f(x: np.ndarray, mask):\n    return np.sum(x * mask)\n", X, mask * 1.0, wanted=(0, 1)
    )
    text = "def f(x: np.ndarray, keep: Bool[np.ndarray, 'D']):\n    return x * keep * x\n"
    check("from jaxtyping import Bool\n\n\n" + text, X, mask)


CONSTANTS = ("np.pi", "np.e", "math.pi", "math.tau", "math.e", "np.exp(-np.inf)", "1 / math.inf")


@pytest.mark.parametrize("constant", CONSTANTS)
def test_constants_are_numbers(constant: str) -> None:
    check(f"def f(x: float):\n    return {constant} * x + x / (2 + {constant})\n", 0.7)


def test_infinity_may_be_written_as_a_text() -> None:
    check("def f(x: float):\n    best = float('inf')\n    return x * x if x < best else 0.0\n", 0.7)
    check("def f(x: float):\n    return max(x * x, float('-inf'))\n", 0.7)


# whole numbers


@pytest.mark.parametrize(
    "part", ["[: n // 2]", "[n // 2 :]", "[n % 2 :: 2]", "[: 2 * (n // 2) - 1]"]
)
def test_whole_numbers_may_be_bounds(part: str) -> None:
    x = np.array([0.3, -1.2, 2.1, 0.7, 1.6])
    check(f"def f(x, n):\n    return np.sum(x{part} ** 2)\n", x, 5)
    check(f"def f(x: np.ndarray):\n    n = len(x)\n    return np.sum(x{part} ** 2)\n", x)


def test_a_rounded_number_may_be_a_bound() -> None:
    x = np.array([0.3, -1.2, 2.1, 0.7, 1.6])
    check("def f(x: np.ndarray):\n    n = int(0.7 * x.size)\n    return np.sum(x[:n] ** 2)\n", x)
    check("def f(x: np.ndarray, q):\n    return np.sum(x[: int(q * x.size)] ** 2)\n", x, 0.6)


# numbers out of arrays, and casts


@pytest.mark.parametrize("declared", DECLARED)
def test_a_number_out_of_an_array(declared: str) -> None:
    check(f"def f({declared}):\n    return float(np.sum(x ** 2)) * 3\n", X)
    check(f"def f({declared}):\n    s = np.mean(x).item()\n    return np.sum(s * x)\n", X)
    check(f"def f({declared}):\n    return float(x[0, 1]) * float(x[1, 1])\n", X)
    check(f"def f({declared}):\n    return x[:1, :1].item() ** 2\n", X)


@pytest.mark.parametrize("asked", ["float", "np.float64", "np.double", "'float64'", "x.dtype"])
def test_a_cast_passes_the_gradient(asked: str) -> None:
    check(f"def f({DECLARED[2]}):\n    return (np.sin(x)).astype({asked}) * x\n", X)


def test_a_cast_to_a_dtype_of_the_run_asks_for_a_float_one() -> None:
    text = f"{HEAD}def f(x: np.ndarray, y: np.ndarray):\n    return np.sin(x).astype(y.dtype)\n"
    gradient = generate(text)
    x = np.array([0.3, -1.2])
    for dtype in (np.float64, np.float32):
        value, dx = gradient(x, np.ones(2, dtype))
        assert value.dtype == dtype
        np.testing.assert_allclose(dx, np.cos(x), rtol=1e-6)
    with pytest.raises(TypeError, match="y must be a float array"):
        gradient(x, np.ones(2, int))


def test_a_cast_to_what_is_not_known_is_refused() -> None:
    text = (
        f"{HEAD}def f(x: np.ndarray, y: np.ndarray):\n    z = x * y\n    return x.astype(z.dtype)\n"
    )
    with pytest.raises(CodegenError, match="not known to be a float dtype"):
        codegen.generate(text)


@pytest.mark.parametrize("copy", ["", ", copy=False", ", copy=True"])
def test_a_cast_to_what_a_parameter_has_is_checked_when_it_runs(copy: str) -> None:
    text = f"def f(x: np.ndarray):\n    return np.sin(x).astype(x.dtype{copy})\n"
    check(text, X)
    namespace: dict[str, Any] = {}
    exec(codegen.generate(HEAD + text), namespace)
    with pytest.raises(TypeError, match="x must be a float array"):
        namespace["f_grad"](np.arange(3))


def test_masks_may_be_cast_to_what_is_not_known() -> None:
    check("def f(x: np.ndarray):\n    return (x > 0).astype(x.dtype) * x\n", X)
