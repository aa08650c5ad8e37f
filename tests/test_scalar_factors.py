"""Numbers that multiply an array one after the other: their gradients are of one sum."""

from __future__ import annotations

import warnings

import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.random_control import without_black

HEAD = """\
import numpy as np
from jaxtyping import Float
"""
GIVEN = "x: Float[np.ndarray, 'N'], a: float, b: Float[np.ndarray, 'M']"
EXAMPLE = "# codegen: example f(np.array([0.3, 1.2, -0.7]), 1.5, np.array([0.2, -0.4]))\n"
PRODUCTS = {  # an expression -> is the product of the numbers put first
    "x * a * b[0]": True,
    "a * x * b[1]": True,
    "b[1] * (x * a)": True,
    "x * 2.0 * a": True,
    "x * a * a": True,
    "x * a * b[0] * b[1]": True,
    "x * a * b[0] + x * b[1] * a": True,
    "-(x * a) * b[0]": False,
    "x * a * np.exp(b[0])": False,  # which is computed once, under a name
    "x * x * a": False,
    "a * b[0] * x": False,  # as it stands
    "x * a * 2.0": False,
}


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("product", PRODUCTS)
def test_gradients_are_right(product: str, style: str) -> None:
    text = f"{HEAD}{EXAMPLE}def f({GIVEN}):\n    return np.tanh({product})\n"
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = compile_source(Source.from_text(text, "p.py"), Options(("f",), style=style))
        for answer in verify(Job(None, text, made.text, made.functions)):
            assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
    if PRODUCTS[product]:
        assert product in made.text  # as the author wrote it
        assert "x @ " in made.text


def test_nothing_is_kept_of_a_loop_of_such_products() -> None:
    text = (
        f"{HEAD}def f({GIVEN}):\n    for i in range(len(b)):\n        x[1:] += x[1:] * a * b[i]\n"
    )
    made = codegen.generate(text, wrt=("x", "a", "b"))
    assert "product" not in made.partition("# backward pass")[0]


def test_what_is_used_twice_stays_a_value_of_its_own() -> None:
    text = f"{HEAD}def f({GIVEN}):\n    y = x * a\n    return y * b[0] + y\n"
    assert "db[0] = y @ df" in codegen.generate(text)
