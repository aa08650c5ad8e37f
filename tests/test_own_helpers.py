"""Helpers of ours in a file are gates, told by their text; all else of their names is not."""

from __future__ import annotations

import numpy as np
import pytest

import codegen
from codegen.templating import helper_text

USE = """\
import numpy as np


{helper}


def f(x):
    return np.sum(np.sin(_unbroadcast(x, (3,))))
"""
GRID = np.arange(6.0).reshape(2, 3)


def gradient(text: str) -> tuple[str, object]:
    made = codegen.generate(text)
    names: dict[str, object] = {}
    exec(made, names)
    return made, names["f_grad"](GRID)[1]  # type: ignore[operator]


def test_a_helper_is_a_gate_and_is_carried_once() -> None:
    made, found = gradient(USE.format(helper=helper_text("_unbroadcast")))
    assert made.count("def _unbroadcast") == 1
    assert "= _unbroadcast(" in made
    np.testing.assert_allclose(found, np.tile(np.cos(GRID.sum(0)), (2, 1)))


def test_numpy_may_have_another_name() -> None:
    text = USE.format(helper=helper_text("_unbroadcast")).replace("np.", "numpy.")
    text = text.replace("import numpy as np", "import numpy")
    made, found = gradient(text)
    assert made.count("def _unbroadcast") == 1
    np.testing.assert_allclose(found, np.tile(np.cos(GRID.sum(0)), (2, 1)))


def test_a_function_of_the_same_name_is_the_authors() -> None:
    own = "def _unbroadcast(d, shape):\n    return 2 * np.sum(d, axis=0)"
    _, found = gradient(USE.format(helper=own))
    np.testing.assert_allclose(found, np.tile(2 * np.cos(2 * GRID.sum(0)), (2, 1)))


def test_a_helper_that_calls_another_function_of_that_name_is_the_authors() -> None:
    """Told by its own text alone it would be taken for ours, and its gradient would be wrong."""
    text = f"""\
import numpy as np


def _unbroadcast(d, shape):
    return 3 * d


{helper_text("_matmul_grad_left")}


def f(d: float, x: float, y: float):
    return _matmul_grad_left(d, x, y)
"""
    with pytest.raises(codegen.CodegenError):
        codegen.generate(text)


def test_a_helper_whose_builtins_mean_something_else_is_the_authors() -> None:
    helper = "range = reversed\n\n\n" + helper_text("_unbroadcast")
    with pytest.raises(codegen.CodegenError):
        codegen.generate(USE.format(helper=helper))


def test_a_variable_of_that_name_hides_it() -> None:
    text = USE.format(helper=helper_text("_unbroadcast"))
    text += "\n\ndef g(_unbroadcast: float):\n    return _unbroadcast**2\n"
    with pytest.raises(codegen.CodegenError):
        codegen.generate(text)


def test_a_helper_is_no_value() -> None:
    text = USE.format(helper=helper_text("_unbroadcast"))
    text = text.replace("def f(x):\n", "def f(x):\n    g = _unbroadcast\n")
    with pytest.raises(codegen.CodegenError, match="is no value"):
        codegen.generate(text)
