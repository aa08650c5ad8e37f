"""Gates upon gates: small programs in which one gate's result or cotangent meets another's rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.gate_runs import DIFFERENCES, author, call, check_value, compare, cotangents, oracle
from tests.gate_runs import unformatted as without_black

X = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.45]])
ROW = np.array([0.7, -1.4, 0.55])
HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"


@pytest.fixture(autouse=True)
def _unformatted(monkeypatch: pytest.MonkeyPatch) -> None:
    without_black(monkeypatch)


def check(program: str, *inputs: Any, wanted: tuple[int, ...] = (0,)) -> None:
    text = HEAD + program
    for cotangent in cotangents(author(text)(*inputs)):
        value, found = call(text, inputs, cotangent)
        check_value(text, inputs, value, 1e-14)
        expected, _ = oracle(text, inputs, wanted, cotangent, exact=False)
        compare(found, expected, tuple(inputs[place] for place in wanted), DIFFERENCES)


def test_a_parameter_that_nothing_reads_may_be_anything() -> None:
    check("def f(x, s):\n    return s * s\n", X, 0.7, wanted=(1,))


@pytest.mark.parametrize("declared", ["x", "x: np.ndarray", 'x: Float[np.ndarray, "N D"]'])
def test_a_part_of_a_part_has_a_shape(declared: str) -> None:
    check(f"def f({declared}):\n    return np.sum(x[[0, 0]][0] * 2)\n", X)


@pytest.mark.parametrize("declared", ["x", "x: np.ndarray", 'x: Float[np.ndarray, "N D"]'])
def test_a_reduction_may_be_indexed(declared: str) -> None:
    check(f"def f({declared}):\n    return np.sum(x, axis=0)[[0, 0]]\n", X)


@pytest.mark.parametrize("expression", ["s - s", "0 * s", "s**0", "0 / s"])
@pytest.mark.parametrize("declared", ["s", "s: float"])
def test_a_gradient_of_nothing_is_a_float(declared: str, expression: str) -> None:
    check(f"def f({declared}):\n    return {expression}\n", 0.7)


def test_a_scalar_of_numpy_may_be_transposed() -> None:
    check("def f(x: np.ndarray):\n    return np.sum(x).T\n", X)


@pytest.mark.parametrize("declared", ["s", "s: float"])
def test_a_gradient_that_is_the_cotangents_only_entry_is_not_its_memory(declared: str) -> None:
    check(f"def f({declared}):\n    return np.expand_dims(s, 0)\n", 0.7)


@pytest.mark.parametrize("declared", ["x", "x: np.ndarray"])
def test_what_may_have_no_axes_may_be_summed_over_its_first(declared: str) -> None:
    check(f"def f({declared}):\n    return np.sum(x[0], axis=0)\n", X)
    check(f"def f({declared}):\n    return np.sum(x[0], axis=0)\n", ROW)


@pytest.mark.parametrize("declared", ["x, y, z", "x: float, y: float, z: float"])
@pytest.mark.parametrize(
    "expression",
    [
        "math.fsum([x * y, z, math.sin(x)]) * 3",
        "math.fsum((x,)) * y * z",
        "math.prod([x, y * z, 2, math.exp(z)])",
        "math.prod((x, y)) / z",
        "math.dist((x, y), (z, 0.5)) ** 2",
        "math.dist([x, y, z], [y, z, x])",
        "math.hypot(x, y, z) * math.dist([x], [y]) * z",
    ],
)
def test_numbers_may_be_written_out_in_a_list(expression: str, declared: str) -> None:
    text = f"import math\n\n\ndef f({declared}):\n    return {expression}\n"
    check_alone(text, 0.7, -1.3, 0.4)
    named = (
        f"import math\n\n\ndef f({declared}):\n    v = (x, y)\n    return math.dist(v, (z, 1.0))\n"
    )
    check_alone(named, 0.7, -1.3, 0.4)


def test_sizes_may_be_multiplied() -> None:
    text = "import math\n\n\ndef f(x):\n    return math.fsum(x) / math.prod(x.shape)\n"
    check_alone(text, ROW)


def check_alone(text: str, *inputs: Any) -> None:
    wanted = tuple(range(len(inputs)))
    for cotangent in cotangents(author(text)(*inputs)):
        value, found = call(text, inputs, cotangent)
        check_value(text, inputs, value, 1e-14)
        expected, _ = oracle(text, inputs, wanted, cotangent, exact=False)
        compare(found, expected, inputs, DIFFERENCES)
