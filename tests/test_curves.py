"""Curves by their values at some places: what is stated at knots, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.errors import CodegenError
from tests.gate_runs import EXACT, author, call, check_value, compare, cotangents, oracle

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"
KNOTS = np.array([0.0, 1.0, 3.0])
HEIGHTS = np.array([0.5, 2.5, -0.5])


@pytest.mark.parametrize(
    ("x", "slope", "knots", "heights"),
    [
        (0.0, 2.0, [-2.0, 0.0, 0.0], [1.0, 0.0, 0.0]),
        (1.0, -1.5, [0.0, 1.5, 0.0], [0.0, 1.0, 0.0]),
        (3.0, 0.0, [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]),
        (-0.5, 0.0, [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]),
        (3.5, 0.0, [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]),
    ],
)
@pytest.mark.parametrize("typing", ["x: float", "x: np.ndarray", "x"])
def test_at_a_knot_the_slope_is_that_to_the_right(
    x: float, slope: float, knots: list[float], heights: list[float], typing: str
) -> None:
    text = f"{HEAD}def f({typing}, xp, fp):\n    return np.interp(x, xp, fp)\n"
    given = np.array(x) if "ndarray" in typing else x
    value, (dx, dxp, dfp) = codegen.grad(text)(given, KNOTS, HEIGHTS)
    assert value == np.interp(x, KNOTS, HEIGHTS)
    assert dx == slope
    assert np.shape(dx) == ()
    assert np.allclose(dxp, knots, rtol=0, atol=1e-15)
    assert np.allclose(dfp, heights, rtol=0, atol=1e-15)


def test_the_knots_may_be_a_list() -> None:
    text = f"{HEAD}def f(x: float, y: float):\n    return np.interp(x, [0.0, 1.0], [y, 3 * y])\n"
    value, (dx, dy) = codegen.grad(text)(0.25, 2.0)
    assert (value, dx, dy) == (3.0, 4.0, 1.5)
    text = f"{HEAD}def f(x: float):\n    return np.interp(x, [0, 1], (2, 6))\n"
    assert codegen.grad(text)(0.25) == (3.0, 4.0)


def test_without_an_axis_a_slope_is_that_of_a_row() -> None:
    text = HEAD + "def f(y):\n    return np.sum(np.gradient(y) ** 2)\n"
    y = np.array([1.0, 4.0, 2.0])
    assert np.allclose(codegen.grad(text)(y)[1], [-6.5, 10.0, -3.5])
    with pytest.raises(ValueError, match="name the axis"):
        codegen.grad(text.replace("** 2", "").replace("np.sum", "np.array"))(np.ones((3, 3)))


PLANE = np.array([[0.3, -1.2, 2.1, 0.4], [-0.7, 1.6, 0.45, -0.3], [0.2, 0.9, -0.5, 1.7]])


@pytest.mark.parametrize("typing", ["y", "y: np.ndarray", 'y: Float[np.ndarray, "N M"]'])
@pytest.mark.parametrize(
    "steps", ["", ", 0.1", ", 0.1, 0.2", ", 2, np.array([0.1, 0.4, 1.2, 1.5])", ", edge_order=2"]
)
def test_the_slopes_along_all_axes_are_unpacked(typing: str, steps: str) -> None:
    text = f"{HEAD}def f({typing}):\n    a, b = np.gradient(y{steps})\n    return a * b + a**2\n"
    for cotangent in cotangents(author(text)(PLANE)):
        value, found = call(text, (PLANE,), cotangent)
        check_value(text, (PLANE,), value, 1e-14)
        expected, _ = oracle(text, (PLANE,), (0,), cotangent, exact=True)
        compare(found, expected, (PLANE,), EXACT)


def test_the_slope_of_a_row_is_no_list() -> None:
    text = "import numpy as np\n\n\ndef f(y):\n    a, b = np.gradient(y)\n    return a * b\n"
    with pytest.raises(ValueError, match="axis 1"):
        codegen.grad(text)(np.array([1.0, 2.0]))
    with pytest.raises(CodegenError, match="axis 1 is out of range"):
        codegen.generate(
            text.replace("(y)", '(y: Float[np.ndarray, "N"])', 1).replace(
                "import", "from jaxtyping import Float\nimport", 1
            )
        )


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("np.gradient(y)[0]", "np.gradient along all axes gives a list of arrays"),
        ("np.gradient(y, axis=(0, 1))[0]", "np.gradient along several axes gives a list"),
        ("np.gradient(y, 0.1, 0.2)[0]", "takes 2 positional arguments"),
        ("np.gradient(y, axis=0, edge_order=3)", "edge_order is 1 or 2"),
        ("np.interp(0.5, y[0], y[1], period=3.0)", "np.interp with `period=`"),
        ("np.interp(0.5, y[0], y[1], left=y[0, 0])", "`left` must be a literal here"),
        ("np.interp(0.5, y, y[1])", "the knots of np.interp are rows"),
        ("np.trapz(y)", "np.trapz has no gradient rule"),
    ],
)
def test_what_has_no_rule_is_refused_by_name(expression: str, words: str) -> None:
    text = f'{HEAD}def f(y: Float[np.ndarray, "N M"]):\n    return {expression}\n'
    with pytest.raises(CodegenError, match=words) as caught:
        codegen.generate(text)
    assert all(problem.help for problem in caught.value.problems)


@pytest.mark.parametrize(
    "expression",
    [
        "np.gradient(x, h)",
        "np.trapezoid(x, dx=h)",
        "np.interp(x, x + h, x)",
        "np.gradient(x, x + h)",
    ],
)
def test_float32_stays_with_a_number_beside_it(expression: str) -> None:
    text = HEAD + f'def f(x: Float[np.ndarray, "N"], h: float):\n    return {expression}\n'
    gradients: Any = codegen.grad(text)(np.array([0.5, 1.0, 2.5], np.float32), 0.25)[1]
    assert gradients[0].dtype == np.float32
