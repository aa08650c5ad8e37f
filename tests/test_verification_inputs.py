"""Inputs come from examples, or are drawn; where neither can be, nothing is called ok."""

from __future__ import annotations

import inspect
import itertools
from typing import Any

import numpy as np
import pytest

from codegen.pipeline import Parameter
from codegen.verification.author import Author
from codegen.verification.inputs import NoInputsError, example_candidates, random_candidates
from tests.verification_cases import FORK, LAYER, SCRIPT, STAGED, Case, array, report, scalar


def author(*parameters: Parameter, wrt: str, **defaults: Any) -> Author:
    """Return a forward function of these parameters that is never called."""
    signature = inspect.Signature(
        [
            inspect.Parameter(
                parameter.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=defaults.get(parameter.name, inspect.Parameter.empty),
            )
            for parameter in parameters
        ]
    )
    return Author(report("f", parameters, wrt, "f"), print, signature, {"np": np})


def draws(given: Author) -> list[dict[str, Any]]:
    return list(random_candidates(given, 0))


def test_dimension_names_have_one_size_each() -> None:
    shapes = [array("x", "N", "D"), array("w", "D", "M", "N"), array("v", 7, "N+1")]
    first = draws(author(*shapes, wrt="x w v"))[0]
    (n, d), (d_again, m, n_again) = first["x"].shape, first["w"].shape
    assert (d, n) == (d_again, n_again)
    assert len({n, d, m}) == 3
    assert first["v"].shape == (7, n + 1)


def test_a_starred_name_stands_for_two_dimensions_whose_product_others_may_have() -> None:
    shapes = [array("x", "N", "*S"), array("w", "D", "M")]
    found = draws(author(*shapes, wrt="x w"))
    assert all(draw["x"].ndim == 3 for draw in found)
    assert any(draw["w"].shape[0] == np.prod(draw["x"].shape[1:]) for draw in found)


def test_draws_are_the_same_in_every_run_and_of_both_signs() -> None:
    given = author(array("x", "N", "N"), wrt="x")
    one, two = draws(given), draws(given)
    assert all(np.array_equal(a["x"], b["x"]) for a, b in zip(one, two, strict=True))
    assert np.any(one[0]["x"] < 0)
    assert np.any(one[0]["x"] > 0)
    assert np.all(one[1]["x"] > 0)
    assert np.all(np.abs(np.concatenate([draw["x"].ravel() for draw in one])) >= 0.1)


def test_labels_are_in_range_of_every_dimension() -> None:
    shapes = [array("p", "N", "C"), array("y", "N", dtype="int")]
    for draw in draws(author(*shapes, wrt="p")):
        assert draw["y"].dtype.kind == "i"
        assert 0 <= draw["y"].min() <= draw["y"].max() < min(draw["p"].shape)


def test_flags_counts_and_lists_are_drawn_as_what_they_are() -> None:
    parameters = [
        array("mask", "N", dtype="bool"),
        Parameter("n", "integer"),
        Parameter("w", "list"),
        Parameter("v", "list", (2,)),
        scalar("x"),
    ]
    first = draws(author(*parameters, wrt="w v x"))[0]
    assert first["mask"].dtype == bool
    assert first["n"] == 2
    assert [type(entry) for entry in first["w"]] == [float] * 3
    assert len(first["v"]) == 2
    assert type(first["x"]) is float


def test_defaults_are_kept_or_are_near_if_differentiated() -> None:
    parameters = [
        scalar("x"),
        scalar("reg", has_default=True),
        scalar("eps", has_default=True),
        Parameter("mode", "other", has_default=True),
    ]
    found = draws(author(*parameters, wrt="x reg", reg=0.5, eps=1e-5, mode=None))
    assert {(draw["eps"], draw["mode"]) for draw in found} == {(1e-5, None)}
    assert found[0]["reg"] == 0.5
    assert 0 < abs(found[1]["reg"] - 0.5) < 0.02


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        (Parameter("x", "array"), "the shape of x is not known"),
        (Parameter("x", "unknown"), "the rank of x is not known"),
        (Parameter("x", "other"), "x is not a number, an array or a list"),
        (array("x", "N // M"), "the dimension N // M of x is not known"),
    ],
)
def test_nothing_is_guessed_of_what_is_not_known(parameter: Parameter, words: str) -> None:
    with pytest.raises(NoInputsError, match=words):
        draws(author(parameter, wrt="x"))


def test_an_example_is_evaluated_where_the_function_is() -> None:
    given = author(array("x", "N"), scalar("y"), wrt="x", y=2.0)
    first, *nudged = example_candidates(given, "x=np.arange(3)")
    assert np.array_equal(first["x"], np.arange(3))
    assert first["y"] == 2.0
    for other in nudged:
        assert other["y"] == 2.0
        assert np.all(np.abs(other["x"] - first["x"]) > 0.004)
        assert np.all(np.abs(other["x"] - first["x"]) < 0.04)


def test_an_example_that_cannot_be_called_says_why() -> None:
    given = author(array("x", "N"), wrt="x")
    for text, words in [("missing", "NameError"), ("1, 2", "TypeError"), ("np.ones(", "Syntax")]:
        with pytest.raises(NoInputsError, match=words):
            next(example_candidates(given, text))


def test_without_shapes_or_examples_it_is_not_verified_and_never_ok() -> None:
    unknown = [Parameter(name, "array") for name in ("x", "w", "b")]
    answer = LAYER.reported(parameters=tuple(unknown)).answer()
    assert answer.status == 2
    assert answer.lines == [
        "layer: not verified: the shape of x is not known; "
        "add above its def '# codegen: example layer(...)'"
    ]


def test_an_example_makes_up_for_unknown_shapes() -> None:
    unknown = tuple(Parameter(name, "array") for name in ("x", "w", "b"))
    known = LAYER.reported(parameters=unknown, examples=("np.eye(3), np.ones((3, 2)), np.ones(2)",))
    assert known.answer().status == 0
    assert known.edited(("db = np.sum(", "db = np.mean(")).answer().status == 1


def test_a_wrong_gradient_is_failed_even_where_nothing_can_be_verified() -> None:
    """A fault at a point where finite differences cannot judge counts all the same."""
    case = Case(
        "def absolute(x):\n    return abs(x)\n",
        "def absolute_grad(x, dabsolute=1.0):\n    return abs(x), [0.0]\n",
        (report("absolute", [Parameter("x", "unknown")], "x", "absolute", examples=("0.0",)),),
    )
    assert case.answer().status == 1


def test_an_example_on_a_kink_is_judged_close_by() -> None:
    case = LAYER.reported(examples=("np.zeros((2, 3)), np.zeros((3, 4)), np.zeros(4)",))
    assert case.answer().status == 0
    assert case.edited(("db = np.sum(", "db = np.mean(")).answer().status == 1


def test_an_example_that_raises_is_passed_over() -> None:
    assert STAGED.reported(examples=("'a', 2", "1.0, 2.0")).answer().status == 0


def test_a_domain_of_positive_numbers_is_found() -> None:
    case = Case(
        "import math\n\n\ndef g(x):\n    return math.log(x) * math.acosh(x + 0.2)\n",
        "import math\n\n\ndef g_grad(x, dg=1.0):\n"
        "    s = x + 0.2\n    g = math.log(x) * math.acosh(s)\n\n"
        "    # backprop g = math.log(x) * math.acosh(s)\n"
        "    dx = (math.acosh(s) / x + math.log(x) / math.sqrt(s * s - 1)) * dg\n"
        "    return g, dx\n",
        (report("g", [scalar("x")], "x", "g"),),
    )
    assert case.answer().status == 0


def test_a_function_that_is_noisy_or_never_finite_is_not_verified() -> None:
    gradient = "def g_grad(x, dg=1.0):\n    return 0.0, 0.0\n"
    known = (report("g", [scalar("x")], "x", "g"),)
    noisy = Case("import random\n\n\ndef g(x):\n    return random.random()\n", gradient, known)
    assert any(
        "not verified: finite differences by x disagree" in row for row in noisy.answer().lines
    )
    never = Case("def g(x):\n    return float('nan')\n", gradient, known).answer()
    assert never.status == 2
    assert "g: not verified: its value is not a finite number" in never.lines[0]


def test_a_gradient_lost_in_rounding_is_not_verified() -> None:
    case = Case(
        "def g(x):\n    return 1e12 + x\n",
        "def g_grad(x, dg=1.0):\n    return 1e12 + x, 0.9 * dg\n",
        (report("g", [scalar("x")], "x", "g"),),
    )
    answer = case.answer()
    assert answer.status == 2
    assert "lost in the rounding of its value" in answer.lines[0]


def test_a_zero_gradient_beside_a_large_one_is_ok() -> None:
    case = Case(
        "import numpy as np\n\n\ndef g(x, b):\n"
        "    e = np.exp(b)\n    return np.sum(x) * np.sum(e / np.sum(e))\n",
        "import numpy as np\n\n\ndef g_grad(x, b, dg=1.0):\n"
        "    e = np.exp(b)\n    g = np.sum(x) * np.sum(e / np.sum(e))\n\n"
        "    # backprop g = np.sum(x) * np.sum(e / np.sum(e))\n"
        "    dx = np.full(x.shape, dg)\n    db = 0 * b\n    return g, (dx, db)\n",
        (report("g", [array("x", "N"), array("b", "M")], "x b", "g"),),
    )
    assert case.answer().status == 0
    assert case.edited(("db = 0 * b", "db = 1e-5 * b")).answer().status == 1


def test_of_a_large_input_a_sample_is_looked_at_and_it_says_so() -> None:
    case = FORK.reported(examples=("np.ones(5000), np.linspace(0, 1, 5000)",))
    answer = case.answer()
    assert answer.status == 0
    assert "central differences (200 of 5000 entries), tolerance" in answer.lines[0]


def test_a_script_that_cannot_be_judged_asks_for_other_values() -> None:
    (row,) = SCRIPT.reported(examples=()).answer().lines
    assert row.endswith("give the script other example values")


def test_random_points_are_the_same_for_all_processes() -> None:
    assert STAGED.answer().lines == STAGED.answer().lines
    pairs = itertools.pairwise(LAYER.answer().lines for _ in range(2))
    assert all(one == two for one, two in pairs)
