"""Arrays written in place: every program is verified at its calls, or refused with the place."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import pytest

import codegen
from codegen.errors import CodegenError
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.control_programs import HEAD
from tests.random_control import without_black
from tests.store_programs import FOUND, PROGRAMS, REFUSED


@pytest.fixture(autouse=True)
def _quiet_and_unformatted() -> Iterator[None]:
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("name", [*PROGRAMS, *FOUND])
def test_stores_are_reversed(name: str, style: str) -> None:
    text = HEAD + (PROGRAMS | FOUND)[name]
    options = Options(functions=("f",), style=style)
    made = compile_source(Source.from_text(text, "program.py"), options)
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_followed_is_refused(name: str, golden: Callable[[str, str], None]) -> None:
    with pytest.raises(CodegenError) as caught:
        compile_source(Source.from_text(HEAD + REFUSED[name], "program.py"), Options())
    golden(f"stores/{name.replace(' ', '_')}.txt", str(caught.value) + "\n")


def test_a_store_into_a_part_of_what_is_taken_as_a_number_is_refused() -> None:
    text = """\
import numpy as np
def f(a: float, given):
    y, N, x = given
    z = a / N * np.exp(x)
    z[np.arange(N), y] -= a / N
    return np.sum(z)
"""
    with pytest.raises(CodegenError) as caught:
        codegen.generate(text)
    assert any("taken as a number" in problem.message for problem in caught.value.problems)
