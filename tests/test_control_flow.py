"""Branches, loops, exits and early returns: every program is verified at its calls."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests import function_programs
from tests.control_programs import FOUND, HEAD, PROGRAMS
from tests.random_control import without_black


@pytest.fixture(autouse=True)
def _quiet_and_unformatted() -> Iterator[None]:
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("name", PROGRAMS)
def test_control_flow_is_reversed(name: str) -> None:
    _verified(PROGRAMS[name])


@pytest.mark.parametrize("name", function_programs.PROGRAMS)
def test_functions_inside_and_exits_are_followed(name: str) -> None:
    _verified(function_programs.PROGRAMS[name])


@pytest.mark.parametrize("name", FOUND)
def test_what_once_went_wrong_is_right(name: str) -> None:
    _verified(FOUND[name])


def _verified(text: str) -> None:
    made = compile_source(Source.from_text(HEAD + text, "program.py"), Options())
    again = compile_source(Source.from_text(HEAD + text, "program.py"), Options())
    assert made.text == again.text
    for answer in verify(Job(None, HEAD + text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


def test_a_helper_that_only_the_backward_pass_calls_is_carried_over() -> None:
    text = codegen.generate(
        "import numpy as np\nfrom jaxtyping import Float\n\n\n"
        "def _product(t, u):\n    return u * t\n\n\n"
        'def f(w: float, q: Float[np.ndarray, "N"]):\n'
        "    if _product(q[0], q[0]) < w:\n        w = w * q[0]\n        return q\n"
        "    return 2 * q\n",
        wrt=("q",),
    )
    names: dict[str, object] = {}
    exec(text, names)
    for w, slope in ((9.0, 1.0), (1.0, 2.0)):
        _, dq = names["f_grad"](w, np.array([2.0, 3.0]))  # type: ignore[operator]
        assert dq.tolist() == [slope, slope]
