"""Arrays under other names, parts of them, and functions that are given them: right or refused."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pytest

import codegen
from codegen.errors import CodegenError
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.alias_programs import PROGRAMS, REFUSED
from tests.control_programs import HEAD
from tests.random_control import without_black


@pytest.fixture(autouse=True)
def _quiet_and_unformatted() -> Iterator[None]:
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_other_names_and_parts_are_followed(name: str, style: str) -> None:
    text = HEAD + PROGRAMS[name]
    options = Options(functions=("f",), style=style)
    made = compile_source(Source.from_text(text, "program.py"), options)
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_followed_is_refused(name: str, golden: Callable[[str, str], None]) -> None:
    with pytest.raises(CodegenError) as caught:
        compile_source(Source.from_text(HEAD + REFUSED[name], "program.py"), Options())
    golden(f"aliases/{name.replace(' ', '_')}.txt", str(caught.value) + "\n")


def test_the_same_memory_may_not_come_in_twice_where_a_part_is_written() -> None:
    text = HEAD + """\
def _scale(v, c):
    v *= c


def f(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"]):
    row = a[1:]
    row *= 2.0
    _scale(a[:-1], 3.0)
    return np.sum(a * b)
"""
    gradient = codegen.grad(text)
    a = np.arange(4.0)
    with pytest.raises(ValueError, match="must not share memory"):
        gradient(a, a)
    with pytest.raises(ValueError, match="must not share memory"):
        gradient(a, a[::-1])
    before = a.copy()
    value, (da, db) = gradient(a, a.copy())
    assert np.array_equal(a, before)
    assert not np.shares_memory(da, db)
    assert value == pytest.approx(float(np.sum(db * a)))


def test_a_number_of_numpy_is_not_written_into() -> None:
    text = HEAD + """\
def _scale(v, c):
    v *= c


def f(x: np.ndarray):
    h = np.sin(x)
    _scale(h, 2.0)
    return np.sum(h)
"""
    gradient = codegen.grad(text)
    value, dx = gradient(np.array([0.3, 0.4]))
    assert value == pytest.approx(2 * np.sum(np.sin([0.3, 0.4])))
    assert dx == pytest.approx(2 * np.cos([0.3, 0.4]))
    with pytest.raises(TypeError, match="does not support item assignment"):
        gradient(np.array(0.3))  # numpy's sine of it is a number, which `v *= c` leaves alone
