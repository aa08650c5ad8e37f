"""A parameter whose default is a fraction is a number, unless something says otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen

HEAD = "import numpy as np\n\n\n"
RELU = HEAD + "def f(x: np.ndarray, alpha=0.25):\n    return np.where(x > 0, x, alpha * x)\n"


def written(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(codegen.generate(text), namespace)
    return namespace


def test_it_is_made_a_number_and_needs_no_helper() -> None:
    text = codegen.generate(RELU)
    assert "    alpha = float(alpha)\n" in text
    assert "_unbroadcast" not in text


def test_an_array_in_its_place_raises() -> None:
    with pytest.raises(TypeError):
        written(RELU)["f_grad"](np.ones(3), np.array([0.1, 0.2, 0.3]))


def test_float32_stays_float32() -> None:
    value, slope = written(RELU)["f_grad"](np.array([1.0, -2.0], np.float32), 0.5)
    assert value.dtype == slope.dtype == np.float32
    np.testing.assert_array_equal(slope, [1.0, 0.5])


def test_its_own_gradient_is_one_number() -> None:
    text = RELU.replace("def f", "# codegen: wrt=x,alpha\ndef f")
    _, (_, slope) = written(text)["f_grad"](np.array([1.0, -2.0, -3.0]), 0.5)
    assert slope == -5.0


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "def f(x: np.ndarray, alpha=0.25):\n    return np.sum(np.exp(alpha) * x)\n",
        HEAD + "def f(x: np.ndarray, alpha=0.25):\n    return np.sum(alpha[0] * x)\n",
        HEAD + "def f(x: np.ndarray, alpha: np.ndarray = 0.25):\n    return np.sum(alpha * x)\n",
        HEAD + "def f(x: np.ndarray, alpha=0.25):\n    '''alpha : ndarray of shape (N,)'''\n"
        "    return np.sum(alpha * x)\n",
        HEAD + "def f(x: np.ndarray, alpha=0.25):\n    s = 2.0 if alpha is None else alpha\n"
        "    return np.sum(s * x)\n",
        HEAD + "def f(x: np.ndarray, alpha=2):\n    return np.sum(x * alpha)\n",
    ],
    ids=["a numpy function", "a subscript", "an annotation", "a docstring", "None", "whole"],
)
def test_what_says_otherwise_leaves_it_as_it_is(text: str) -> None:
    assert "float(alpha)" not in codegen.generate(text)
