"""Slopes where a formula that is right on paper overflows, cancels or divides 0 by 0."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.gate_runs import call, unformatted

HEAD = "import math\nimport numpy as np\n\n\n"


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def gradients(program: str, *inputs: Any) -> tuple[Any, ...]:
    """Return the gradients of a one-line function, with numpy's warnings as errors."""
    with np.errstate(divide="raise", invalid="raise"):
        _, found = call(HEAD + program, inputs, None)
    return tuple(found)


# (expression, the parameters and their values, the slopes)
CARE: dict[str, tuple[str, dict[str, float], tuple[float, ...]]] = {
    "hypot of tiny numbers": ("np.hypot(x, y)", {"x": 3e-200, "y": -4e-200}, (0.6, -0.8)),
    "hypot of huge numbers": ("math.hypot(x, y)", {"x": 3e200, "y": -4e200}, (0.6, -0.8)),
    "hypot of four numbers": (
        "math.hypot(x, y, z, w)",
        {"x": 1.0, "y": 1.0, "z": -1.0, "w": 1.0},
        (0.5, 0.5, -0.5, 0.5),
    ),
    "hypot at the origin": ("np.hypot(x, y)", {"x": 0.0, "y": 0.0}, (0.0, 0.0)),
    "arctan2 of tiny numbers": (
        "np.arctan2(y, x)",
        {"y": 1e-200, "x": 1e-200},
        (5e199, -5e199),
    ),
    "arctan2 of huge numbers": ("math.atan2(y, x)", {"y": 1e200, "x": 0.0}, (0.0, -1e-200)),
    "arctan2 at the origin": ("np.arctan2(y, x)", {"y": 0.0, "x": 0.0}, (0.0, 0.0)),
    "atan of a huge number": ("math.atan(x)", {"x": 1e200}, (0.0,)),
    "asinh of a huge number": ("math.asinh(x)", {"x": -1e160}, (0.0,)),
    "logaddexp far apart": ("np.logaddexp(x, y)", {"x": 1e4, "y": -1e4}, (1.0, 0.0)),
    "logaddexp far down": ("np.logaddexp(x, y)", {"x": -1e4, "y": -1e4}, (0.5, 0.5)),
    "log1p next to 0": ("np.log1p(x)", {"x": 1e-20}, (1.0,)),
    "expm1 next to 0": ("np.expm1(x)", {"x": 1e-20}, (1.0,)),
    "expm1 far down": ("math.expm1(x)", {"x": -1e3}, (0.0,)),
    "arccosh next to 1": (
        "np.arccosh(x)",
        {"x": 1 + 2.0**-30},
        (1 / math.sqrt(2.0**-29 + 2.0**-60),),
    ),
    "sinc at 0": ("np.sinc(x)", {"x": 0.0}, (0.0,)),
    "sinc next to 0": ("np.sinc(x)", {"x": 1e-16}, (-(math.pi**2) / 3 * 1e-16,)),
    "fmod just below a multiple": ("math.fmod(x, y)", {"x": 0.9, "y": 0.1}, (1.0, -8.0)),
    "remainder just below a multiple": ("x % y", {"x": 0.9, "y": 0.1}, (1.0, -8.0)),
    "tanh far out": ("np.tanh(x)", {"x": 1e3}, (0.0,)),
}


@pytest.mark.parametrize("case", CARE.values(), ids=CARE)
def test_the_slope_is_right(case: tuple[str, dict[str, float], tuple[float, ...]]) -> None:
    expression, values, slopes = case
    declared = ", ".join(f"{name}: float" for name in values)
    found = gradients(f"def f({declared}):\n    return {expression}\n", *values.values())
    assert found == pytest.approx(slopes, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("cut", [0.00999, 0.01001])
def test_both_forms_of_sinc_agree_where_they_meet(cut: float) -> None:
    (found,) = gradients("def f(x: float):\n    return np.sinc(x)\n", cut)
    z = math.pi * cut
    series = sum((-1) ** k * 2 * k * z ** (2 * k - 1) / math.factorial(2 * k + 1) for k in range(8))
    assert found == pytest.approx(math.pi * series, rel=1e-11)


# masks keep singular slopes out: (what is singular, its condition, an entry outside)
SINGULAR = {
    "log1p": ("np.log1p(x)", "x > -1", -1.0),
    "log2": ("np.log2(x)", "x > 0", 0.0),
    "log10": ("np.log10(x)", "x > 0", -1.0),
    "sqrt": ("np.sqrt(x)", "x > 0", 0.0),
    "cbrt": ("np.cbrt(x)", "x > 0", 0.0),
    "arcsin": ("np.arcsin(x)", "np.abs(x) < 1", 1.0),
    "arccos": ("np.arccos(x)", "np.abs(x) < 1", 2.0),
    "arccosh": ("np.arccosh(x)", "x > 1", 1.0),
    "arctanh": ("np.arctanh(x)", "np.abs(x) < 1", -1.0),
    "reciprocal": ("np.reciprocal(x)", "x != 0", 0.0),
    "division": ("1 / x", "x != 0", 0.0),
    "power": ("x ** -1.5", "x > 0", 0.0),
    "own power": ("x ** x", "x > 0", -1.5),
    "float_power": ("np.float_power(x, -0.5)", "x > 0", 0.0),
}
INSIDE = np.array([0.4, 0.7, 0.2, 0.9])
FORMS = {
    "folded": "    return np.sum(np.where({c}, {e}, 0.0))\n",
    "one stage": "    s = {e}\n    return np.sum(np.where({c}, s, 0.0))\n",
    "two stages": "    s = {e}\n    t = s * s\n    return np.sum(np.where({c}, t, 0.0))\n",
    "stage before": "    y = 1.0 * x\n    s = {y}\n    return np.sum(np.where({c}, 3 * s, 0.0))\n",
}


@pytest.mark.parametrize("declared", ["x", 'x: Float[np.ndarray, "N"]'])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", SINGULAR.values(), ids=SINGULAR)
def test_a_mask_keeps_what_is_singular_out(
    case: tuple[str, str, float], form: str, declared: str
) -> None:
    expression, condition, outside = case
    shift = 2.0 if condition == "x > 1" else 0.0
    good = INSIDE + shift
    x = np.append(good, outside)
    body = FORMS[form].format(c=condition, e=expression, y=expression.replace("x", "y"))
    text = f"{HEAD}from jaxtyping import Float\n\n\ndef f({declared}):\n{body}"
    with np.errstate(all="ignore"):
        _, (dx,) = call(text, (x,), None)
        _, (expected,) = call(text, (good,), None)
    assert dx[-1] == 0.0
    assert dx[:-1] == pytest.approx(expected)
    assert np.isfinite(expected).all()
    assert np.all(expected != 0.0)


# casts


def test_a_cotangent_goes_back_through_a_cast_in_the_precision_of_its_input() -> None:
    text = HEAD + "def f(x: np.ndarray):\n    y = x.astype({})\n    return np.sum(y * y)\n"
    x = np.array([0.5, -1.25, 3.0])
    for given in (np.float32, np.float64):
        for asked in ("np.float32", "float", "'float64'", "np.float16"):
            value, (dx,) = call(text.format(asked), (x.astype(given),), None)
            assert dx.dtype == given
            assert np.array_equal(dx, 2 * x)
            assert value == np.sum(x * x)


def test_a_cast_to_whole_numbers_has_no_gradient() -> None:
    text = HEAD + "def f(x: np.ndarray):\n    return np.sum((x - x.astype(int)) ** 2)\n"
    x = np.array([0.5, -1.25, 3.75])
    _, (dx,) = call(text, (x,), None)
    assert np.array_equal(dx, 2 * (x - np.trunc(x)))
