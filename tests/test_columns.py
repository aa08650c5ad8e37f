"""--jacobian columns: what scipy.optimize.curve_fit takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import curve_fit

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from tests.verification_cases import Case

HEAD = "import numpy as np\nfrom scipy.special import erf\n\n\n"
X, POINT = np.linspace(0.2, 2.0, 6), (1.3, 0.7)

MODELS = (
    "return a * np.exp(-b * x)",
    "return a * x**b",
    "return a * b",
    "return np.maximum(a * x, b)",
    "return erf(a * x) ** b",
    "return np.clip(x * a, 0, b)",
    "return np.where(x > a, a * x, b)",
    "s = a * b\n    t = s + a\n    return t * x + s",
    "y = a * x\n    y += b\n    y *= b\n    return y",
    "z = b * (x - a)\n    return 1 / (1 + np.exp(-z))",
    "u = (x - a) / b\n    return np.exp(-0.5 * u**2) / (b * np.sqrt(2 * np.pi))",
    "jac = a + x\n    return jac * b",
    "c = np.where(a > 1, b, 2)\n    return c * x + c * a",
    "y = a * b\n    y += x\n    return y",
)


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "<model>", "exec", dont_inherit=True), names)
    return names


def numerical(f: Callable[..., Any], x: Any, point: tuple[float, ...]) -> Any:
    columns = []
    for place in range(len(point)):
        step = np.zeros(len(point))
        step[place] = 1e-6
        above, below = f(x, *(point + step)), f(x, *(point - step))
        columns.append(np.broadcast_to((above - below) / 2e-6, x.shape))
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("body", MODELS)
@pytest.mark.parametrize("shape", [(6,), (2, 3)], ids=str)
def test_columns_are_the_slopes_of_each_entry(body: str, shape: tuple[int, ...]) -> None:
    text = f"{HEAD}def f(x, a, b):\n    {body}\n"
    model, jacobian = run(text)["f"], run(codegen.generate(text, jacobian="columns"))["f_jac"]
    x = X.reshape(shape)
    found = jacobian(x, *POINT)
    assert found.shape == (*shape, 2)
    np.testing.assert_allclose(found, numerical(model, x, POINT), rtol=1e-6, atol=1e-8)
    np.testing.assert_array_equal(x, X.reshape(shape))


def test_scipy_fits_a_model_with_its_columns() -> None:
    text = (
        f"{HEAD}def model(x, height, rate, floor):\n    return height * np.exp(-rate * x) + floor\n"
    )
    model = run(text)["model"]
    jacobian = run(codegen.generate(text, jacobian="columns"))["model_jac"]
    x = np.linspace(0.0, 4.0, 50)
    y = model(x, 2.5, 1.3, 0.5) + 0.01 * np.random.default_rng(0).normal(size=50)
    calls = []

    def counted(*arguments: Any) -> Any:
        calls.append(arguments)
        return jacobian(*arguments)

    ours, covariance = curve_fit(model, x, y, p0=(1.0, 1.0, 0.0), jac=counted)
    theirs, their_covariance = curve_fit(model, x, y, p0=(1.0, 1.0, 0.0))
    assert calls
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    np.testing.assert_allclose(covariance, their_covariance, rtol=1e-4)


def test_nothing_is_multiplied_by_the_cotangent_1() -> None:
    text = f"{HEAD}def f(x, a, b):\n    y = a * x + b\n    return y\n"
    output = codegen.generate(text, jacobian="columns")
    assert "da = x\n" in output
    assert "db = 1\n" in output
    assert "y =" not in output.partition("forward pass")[2].partition("backprop")[0]


def test_more_arrays_of_data_are_declared() -> None:
    text = f"{HEAD}def f(x, z: np.ndarray, a: float, b=2.0):\n    return a * x + b * z\n"
    jacobian = run(codegen.generate(text, jacobian="columns"))["f_jac"]
    np.testing.assert_array_equal(jacobian(X, X**2, 1.0), np.stack([X, X**2], axis=1))


def test_float32_data_has_float32_columns() -> None:
    text = f"{HEAD}def f(x, a, b):\n    return a * np.exp(-b * x)\n"
    jacobian = run(codegen.generate(text, jacobian="columns"))["f_jac"]
    assert jacobian(X.astype(np.float32), *POINT).dtype == np.float32
    assert jacobian(np.arange(3), *POINT).dtype == np.float64


def test_verify_checks_columns() -> None:
    text = (
        f"{HEAD}# codegen: example f(np.linspace(0.0, 2.0, 5), 1.3, 0.7)\n"
        "def f(x, a, b):\n    return a * np.exp(-b * x)\n"
    )
    made = compile_source(Source("model.py", text), Options(jacobian="columns"))
    assert [answer.status for answer in Case(text, made.text, made.functions).answers()] == [0]
    wrong = made.text.replace("db = -x", "db = x")
    assert [answer.status for answer in Case(text, wrong, made.functions).answers()] == [1]


REFUSED = {
    "return np.sum(x * a)": "`sum` is not elementwise",
    "return x[1:] * a": "not elementwise",
    "return np.cumsum(x) * a": "`cumsum` is not elementwise",
    "return a * x / len(x)": "not elementwise",
    "return a * np.argsort(x)": "not elementwise",
    "return a * x + b * np.random.normal()": "draws random numbers",
    "if a > 0:\n        x = a * x\n    return x * b": "not elementwise",
    "return a * x, b * x": "one output",
    "y = a * b\n    y += x\n    return y * y": "in place",
    "return x * (a**b)": "a shape or dtype",
    "return a * x": "by no means, b is not read",
}


@pytest.mark.parametrize("body", REFUSED)
def test_what_has_no_columns_is_refused(body: str) -> None:
    words = REFUSED[body] if "b is not read" not in REFUSED[body] else "`b`"
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(f"{HEAD}def f(x, a, b):\n    {body}\n", jacobian="columns")
    assert words in str(caught.value)
    assert all(problem.help for problem in caught.value.problems)


@pytest.mark.parametrize("text", ["x = 2.0\ny = x * x\n", "def f(x):\n    return x * x\n"])
def test_a_script_and_a_function_of_data_alone_have_no_columns(text: str) -> None:
    with pytest.raises(codegen.CodegenError):
        codegen.generate(text, jacobian="columns")


@pytest.mark.parametrize("more", [{"style": "split"}, {"target": "numba"}, {"returns": "grad"}])
def test_columns_go_with_no_other_form(more: dict[str, str]) -> None:
    text = f"{HEAD}def f(x, a, b):\n    return a * x + b\n"
    with pytest.raises(codegen.CodegenError, match="does not go with"):
        codegen.generate(text, jacobian="columns", **more)  # type: ignore[arg-type]
