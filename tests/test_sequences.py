"""Built-ins over lists of numbers, arrays of one axis, and several numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.verification.oracle import central_difference
from tests.gate_runs import unformatted as without_black

W = [0.4, -1.3, 2.1, 0.9]


@pytest.fixture(autouse=True)
def _unformatted(monkeypatch: pytest.MonkeyPatch) -> None:
    without_black(monkeypatch)


def check(text: str, *inputs: Any) -> str:
    """Compare value and gradients with differences; return the gradient's text."""
    names: dict[str, Any] = {}
    exec(text, names)
    f_grad = codegen.grad(text)
    value, found = f_grad(*inputs)
    assert value == pytest.approx(names["f"](*inputs), abs=1e-14)
    gradients = found if isinstance(found, tuple) and len(inputs) > 1 else (found,)
    for ours, theirs, given in zip(
        gradients, central_difference(names["f"], inputs), inputs, strict=True
    ):
        assert isinstance(ours, type(given))
        assert np.shape(ours) == np.shape(given)
        assert np.allclose(ours, theirs, rtol=1e-7, atol=1e-9), f"{ours}, not {theirs}\n{text}"
    return codegen.generate(text)


LISTS = {
    "mean": "sum(w) / len(w)",
    "variance": "(w[0] - sum(w) / len(w)) ** 2",
    "range": "max(w) - min(w)",
    "sum twice": "sum(w) * sum(w)",
    "sum less sum": "sum(w) ** 2 - 3 * sum(w)",
    "item first": "w[1] * sum(w)",
    "item last": "max(w) * sum(w) + w[-1]",
    "every kind": "sum(w) * max(w) - min(w) * w[2] + w[0] * w[1]",
    "choice": "sum(w) if w[0] > 0 else max(w)",
    "other choice": "max(w) if w[0] < 0 else sum(w) * min(w)",
    "part of a line": "2.0 * (sum(w) - 1.0) / (1.0 + max(w))",
    "several numbers": "max(w[0], w[1], w[2]) * min(w[3], w[2], 0.5)",
    "written out": "sum([w[0] * w[1], w[2], 1.0]) * max((w[3], 0.3, sum(w)))",
    "a list of one": "sum([w[0]]) * max([w[1]]) * sum((w[2],))",
    "nothing": "sum([]) + w[0]",
    "any and all": "sum(w) * any([w[0] > 0, w[1] > 0]) * all([w[2] > 0])",
}


@pytest.mark.parametrize("expression", LISTS.values(), ids=list(LISTS))
def test_a_list_of_numbers(expression: str) -> None:
    check(f"def f(w: list[float]):\n    return {expression}\n", W)
    check(f"def f(w: list[float]):\n    s = {expression}\n    return s * s + s\n", W)


def test_a_mean_reads_as_one_line() -> None:
    text = check("def f(w: list[float]):\n    return sum(w) / len(w)\n", W)
    assert "    dw = [df / len(w)] * len(w)\n" in text


def test_ties_share_equally() -> None:
    def slopes(text: str, w: Any) -> Any:
        return codegen.grad(text)(w)[1]

    assert slopes("def f(w: list[float]):\n    return max(w)\n", [2.0, 0.5, 2.0]) == [0.5, 0.0, 0.5]
    assert slopes("def f(w: list[float]):\n    return min(w)\n", [1.0, 1.0]) == [0.5, 0.5]
    numbers = codegen.grad("def f(a: float, b: float, c: float):\n    return max(a, b, c)\n")
    assert numbers(1.0, 1.0, 0.5)[1] == (0.5, 0.5, 0.0)
    assert numbers(np.float64(1), np.float64(1), np.float64(1))[1] == (1 / 3, 1 / 3, 1 / 3)


def test_whole_numbers_have_float_gradients() -> None:
    _, dw = codegen.grad("def f(w: list[float]):\n    return max(w) * sum(w)\n")([1, 2, 3])
    assert dw == [3.0, 3.0, 9.0]
    assert all(isinstance(d, float) for d in dw)


def test_the_callers_list_is_not_written_to() -> None:
    w = list(W)
    _, dw = codegen.grad("def f(w: list[float]):\n    return max(w) * sum(w) + w[0]\n")(w)
    assert w == W
    assert dw is not w


def test_a_script_has_a_list() -> None:
    script = "w = [1.0, 2.0, 3.0]\ns = sum(w) * w[0] + max(w)\nloss = s * s\n"
    assert codegen.grad(script)([1.0, 2.0, 3.0])[1] == [126.0, 18.0, 36.0]


def test_names_within_a_comprehension_give_way() -> None:
    text = (
        "def f(w: list[float], w_i: float, dw_i: float):\n    return max(w) * w_i - sum(w) * dw_i\n"
    )
    check(text, W, 0.3, 0.7)


@pytest.mark.parametrize("declared", ["x", "x: np.ndarray"])
@pytest.mark.parametrize(
    "expression",
    ["sum(x) / len(x)", "max(x) * sum(x)", "min(x) ** 2", "sum([sum(x), max(x), 2.0])"],
)
def test_an_array_of_one_axis(expression: str, declared: str) -> None:
    text = f"import numpy as np\n\n\ndef f({declared}):\n    return {expression}\n"
    check(text, np.array(W))
    assert codegen.grad(text)(np.array(W, np.float32))[1].dtype == np.float32


def test_a_sum_of_arrays_written_out_is_broadcast() -> None:
    text = "import numpy as np\n\n\ndef f(x: np.ndarray, y: np.ndarray, s: float):\n"
    check(text + "    return np.sum(np.exp(sum([x, y * s, 1.0])))\n", np.eye(2), np.ones(2), 0.3)
    check(
        text + "    parts = x, y, s * x\n    return np.sum(sum(parts) ** 2)\n",
        np.eye(2),
        np.ones(2),
        0.3,
    )


def test_losses_of_two_layers_add_up() -> None:
    text = (
        "import numpy as np\n\n\ndef f(u, v):\n"
        "    total = sum([np.sum(u * u), np.sum(v * v)])\n    return 0.5 * total\n"
    )
    assert "du = 2 * dtotal * u" in check(text, np.array(W), np.eye(2))
