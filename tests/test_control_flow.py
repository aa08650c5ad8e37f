"""Branches, loops, exits and early returns: every program is verified at its calls."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
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


@pytest.mark.parametrize("name", FOUND)
def test_what_once_went_wrong_is_right(name: str) -> None:
    _verified(FOUND[name])


def _verified(text: str) -> None:
    made = compile_source(Source.from_text(HEAD + text, "program.py"), Options())
    again = compile_source(Source.from_text(HEAD + text, "program.py"), Options())
    assert made.text == again.text
    for answer in verify(Job(None, HEAD + text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
