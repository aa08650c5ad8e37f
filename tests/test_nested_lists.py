"""Lists in lists of unknown length, against central differences in all three styles."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import pytest

from codegen.errors import CodegenError
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.control_programs import HEAD
from tests.list_result_programs import PROGRAMS as RESULTS
from tests.nested_programs import PROGRAMS, REFUSED
from tests.random_control import without_black


@pytest.fixture(autouse=True)
def _quiet_and_unformatted() -> Iterator[None]:
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_lists_in_lists(name: str, style: str) -> None:
    text = HEAD + PROGRAMS[name]
    options = Options(functions=("f",), style=style)
    made = compile_source(Source.from_text(text, "program.py"), options)
    assert made.text == compile_source(Source.from_text(text, "program.py"), options).text
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
@pytest.mark.parametrize("name", RESULTS)
def test_lists_as_results(name: str, style: str) -> None:
    text = HEAD + RESULTS[name]
    options = Options(functions=("f",), style=style)
    made = compile_source(Source.from_text(text, "program.py"), options)
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


@pytest.mark.parametrize("name", REFUSED)
def test_lists_that_others_see_are_refused(name: str, golden: Callable[[str, str], None]) -> None:
    with pytest.raises(CodegenError) as caught:
        compile_source(
            Source.from_text(HEAD + REFUSED[name], "program.py"), Options(functions=("f",))
        )
    golden(f"nested/{name.replace(' ', '_')}.txt", str(caught.value) + "\n")
