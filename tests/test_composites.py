"""Composites: what is recognised as a whole, what is not, and slopes at the ends of the range."""

from __future__ import annotations

import numpy as np
import pytest

import codegen
from tests.gate_runs import author, call, compare, cotangents, oracle, unformatted

HEAD = "import math\nimport numpy as np\nfrom jaxtyping import Float\n\n\n"
ARRAY = 'x: Float[np.ndarray, "N D"]'
X = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.45]])


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def backward(body: str, declared: str = ARRAY) -> list[str]:
    """Return the lines of the backward pass of `def f(x)`, without comments and the cotangent's."""
    text = codegen.generate(f"{HEAD}def f({declared}):\n{body}")
    lines = [line.strip() for line in text.split("# backprop", 1)[1].splitlines()[1:]]
    return [line for line in lines if line and not line.startswith(("#", "return"))]


WHOLE = {
    "sigmoid": ("1 / (1 + np.exp(-x))", "dx = (1 - f) * f * df"),
    "sigmoid of a product": ("1 / (1 + np.exp(-3 * x))", "dx = -3 * (f - 1) * f * df"),
    "softplus": ("np.log1p(np.exp(x))", "dx = -np.expm1(-f) * df"),
    "softplus of -x": ("np.log(np.exp(-x) + 1.0)", "dx = np.expm1(-f) * df"),
    "log of a sum": (
        "np.log(np.exp(x).sum(axis=1, keepdims=True))",
        "dx = np.exp(x - f) * df",
    ),
    "maximum taken out": (
        "np.log(np.sum(np.exp(x - np.amax(x, axis=1, keepdims=True)), 1, keepdims=True))"
        " + np.amax(x, axis=1, keepdims=True)",
        "dx = np.exp(x - f) * df",
    ),
    "maximum of all taken out": (
        "np.max(x) + np.log(np.sum(np.exp(x - np.max(x)), axis=0))",
        "dx = np.exp(x - f) * df",
    ),
    "softmax": (
        "np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)",
        "dx = f * (df - np.sum(f * df, axis=1, keepdims=True))",
    ),
    "softmax, maximum taken out": (
        "np.exp(x - x.max()) / np.exp(x - x.max()).sum(axis=1, keepdims=True)",
        "dx = f * (df - np.sum(f * df, axis=1, keepdims=True))",
    ),
}


@pytest.mark.parametrize("case", WHOLE.values(), ids=WHOLE)
def test_it_is_one_gate(case: tuple[str, str]) -> None:
    expression, line = case
    assert backward(f"    return {expression}\n") == [line]


def test_the_maximum_may_have_a_name() -> None:
    body = (
        "    m = np.max(x, axis=1, keepdims=True)\n"
        "    return m + np.log(np.sum(np.exp(x - m), axis=1, keepdims=True))\n"
    )
    assert backward(body) == ["dx = np.exp(x - f) * df"]


def test_a_helper_that_is_a_composite_stays_a_call() -> None:
    text = codegen.generate(
        f"{HEAD}def _softplus(t):\n    return np.log1p(np.exp(t))\n\n\n"
        f"def f({ARRAY}):\n    return _softplus(2 * x)\n"
    )
    assert "f = _softplus(2 * x)" in text


# What looks alike but is something else: taken gate by gate.
APART = {
    "another base": "np.log(2 + np.exp(x))",
    "two arguments": "np.exp(x) / (1 + np.exp(2 * x))",
    "a sum over another axis": (
        "np.max(x, axis=1, keepdims=True)"
        " + np.log(np.sum(np.exp(x - np.max(x, axis=0, keepdims=True)), axis=0, keepdims=True))"
    ),
    "a maximum that varies along the sum": (
        "np.max(x, axis=0, keepdims=True)"
        " + np.log(np.sum(np.exp(x - np.max(x, axis=0, keepdims=True)), axis=1, keepdims=True))"
    ),
    "another maximum": "np.max(x * x) + np.log(np.sum(np.exp(x - np.max(x * x))))",
    "a shift that is no maximum": (
        "x[:, :1] + np.log(np.sum(np.exp(x - x[:, :1]), axis=1, keepdims=True))"
    ),
    "sums that do not broadcast back": (
        "np.exp(x[:, :2]) / np.sum(np.exp(x[:, :2]), axis=1)"  # columns by sums of rows
    ),
    "another sum": "np.exp(x) / np.sum(np.exp(2 * x), axis=1, keepdims=True)",
    "a mean": "np.log(np.mean(np.exp(x), axis=1))",
}


@pytest.mark.parametrize("expression", APART.values(), ids=APART)
def test_what_looks_alike_is_not_taken_for_it(expression: str) -> None:
    text = f"{HEAD}def f({ARRAY}):\n    return {expression}\n"
    for cotangent in cotangents(author(text)(X)):
        _, found = call(text, (X,), cotangent)
        expected, _ = oracle(text, (X,), (0,), cotangent, exact=False)
        compare(found, expected, (X,), 1e-6)


def test_a_name_is_the_maximum_only_of_what_it_was_taken_of() -> None:
    text = (
        f"{HEAD}def f({ARRAY}):\n    m = np.max(x, axis=1, keepdims=True)\n    x = x * 2\n"
        "    return m + np.log(np.sum(np.exp(x - m), axis=1, keepdims=True))\n"
    )
    _, found = call(text, (X,), None)
    expected, _ = oracle(text, (X,), (0,), None, exact=False)
    compare(found, expected, (X,), 1e-6)


def test_two_draws_are_two_numbers() -> None:
    text = (
        f"{HEAD}def f({ARRAY}):\n"
        "    return np.exp(x * np.random.rand()) / (1 + np.exp(x * np.random.rand()))\n"
    )
    assert "(1 - f) * f" not in codegen.generate(text)


# ends of the range

ENDS = np.array([-1e3, -40.0, 0.0, 40.0, 1e3])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("spelling", ["np.log(1 + np.exp(x))", "np.log1p(np.exp(x))"])
def test_softplus_is_finite_wherever_its_slope_is(spelling: str) -> None:
    text = f"{HEAD}def f(x: np.ndarray):\n    return np.sum({spelling})\n"
    _, (dx,) = call(text, (ENDS,), None)
    assert dx == pytest.approx(np.array([0.0, 0.0, 0.5, 1.0, 1.0]), abs=1e-15)


def test_softplus_of_a_number_is_finite() -> None:
    text = f"{HEAD}def f(x):\n    return math.log1p(math.exp(x))\n"
    for x, slope in ((-1e3, 0.0), (-40.0, np.exp(-40.0)), (0.0, 0.5), (700.0, 1.0)):
        _, (dx,) = call(text, (x,), None)
        assert dx == pytest.approx(slope, rel=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_choice_of_two_sigmoids_is_finite() -> None:
    text = (
        f"{HEAD}def f(x: np.ndarray):\n"
        "    return np.sum(np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x))))\n"
    )
    _, (dx,) = call(text, (ENDS,), None)
    assert dx == pytest.approx(np.array([0.0, np.exp(-40.0), 0.25, np.exp(-40.0), 0.0]), abs=1e-15)


@pytest.mark.parametrize("shift", [0.0, 1e3, -1e3, 1e6])
def test_the_maximum_taken_out_keeps_large_numbers_finite(shift: float) -> None:
    x = X + shift
    bodies = (
        "np.max(x) + np.log(np.sum(np.exp(x - np.max(x))))",
        "np.sum(np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x))) * np.arange(3))",
    )
    for body in bodies:
        text = f"{HEAD}def f(x: np.ndarray):\n    return {body}\n"
        _, (moved,) = call(text, (x,), None)
        _, (plain,) = call(text, (X,), None)
        assert moved == pytest.approx(plain, rel=1e-8)


# kinks that cancel


@pytest.mark.parametrize(
    "loss",
    [
        "np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))",
        "np.maximum(-z, 0) + (1 - y) * z + np.log(1 + np.exp(-np.abs(z)))",
    ],
)
def test_the_stable_loss_of_logits_has_its_slope_at_zero_weights(loss: str) -> None:
    text = (
        "import numpy as np\n\n\n"
        "def f(w: np.ndarray, X: np.ndarray, y: np.ndarray):\n"
        f"    z = X @ w\n    return np.sum({loss})\n"
    )
    features, y = np.array([[1.0, 2.0], [-1.0, 0.5], [0.3, 0.7]]), np.array([0.0, 1.0, 1.0])
    for w in (np.zeros(2), np.array([0.4, -0.9])):
        _, (dw, *_) = call(text, (w, features, y), None)
        p = 1 / (1 + np.exp(-features @ w))
        assert dw == pytest.approx(features.T @ (p - y))


def test_a_relu_elsewhere_keeps_its_slope_at_zero() -> None:
    text = (
        "import numpy as np\n\n\ndef f(z: np.ndarray, x: np.ndarray):\n"
        "    return np.sum(np.maximum(x, 0) + np.log1p(np.exp(-np.abs(z))))\n"
    )
    _, (dz, dx) = call(text, (np.zeros(2), np.zeros(2)), None)
    assert np.array_equal(dx, [0.0, 0.0])
    assert np.array_equal(dz, [0.0, 0.0])
