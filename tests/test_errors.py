"""What a user reads when something is wrong."""

from __future__ import annotations

import json
import pickle
import traceback
from collections.abc import Callable

import pytest

from codegen.errors import CodegenError, Note, Problem, Problems, format_note, format_problem
from codegen.source import Source, Span

FFT = Source("forward.py", "\n\n\n\n\n\n    y = np.fft.fft(x) + 1\n")
NO_GATE = Problem(
    "no-gate",
    "np.fft.fft has no gradient rule",
    Span(7, 8, 7, 21),
    "python -m codegen --list-gates shows what is supported; "
    "CONTRIBUTING.md says how to add a gate",
)


def carets(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the shown line and the line of carets, for a span of the first line."""
    shown = format_problem(Problem("c", "m", Span(1, start, 1, end)), Source("a.py", text))
    _, line, marks = shown.split("\n")
    return line.partition("| ")[2], marks.partition("| ")[2]


def test_a_problem_is_shown_as_the_design_says() -> None:
    assert format_problem(NO_GATE, FFT) == (
        "forward.py:7:9: error[no-gate]: np.fft.fft has no gradient rule\n"
        "    7 |     y = np.fft.fft(x) + 1\n"
        "      |         ^^^^^^^^^^^^^\n"
        "  help: python -m codegen --list-gates shows what is supported; "
        "CONTRIBUTING.md says how to add a gate"
    )


def test_carets_stand_under_the_span_whatever_is_before_it() -> None:
    assert carets("\ty = bad", 5, 8) == ("    y = bad", "        ^^^")
    assert carets("y\t= bad", 4, 7) == ("y   = bad", "      ^^^")
    assert carets("日本 = bad", 5, 8) == ("日本 = bad", "       ^^^")
    assert carets("e\u0301 = bad", 5, 8) == ("e\u0301 = bad", "    ^^^")
    assert carets("y = '日本'", 4, 8) == ("y = '日本'", "    ^^^^^^")


def test_there_is_always_a_caret() -> None:
    assert carets("x = 1", 3, 3) == ("x = 1", "   ^")
    assert carets("x = (", 5, 6) == ("x = (", "     ^")
    assert carets("", 0, 0) == ("", "^")
    assert carets("x = 1", 40, 50) == ("x = 1", "     ^")


def test_what_would_move_the_cursor_is_made_visible() -> None:
    assert carets("\x0cx = '\x1b[31m\u202e' + bad", 16, 19)[0] == "␌x = '␛[31m\ufffd' + bad"


def test_a_span_of_several_lines_shows_its_first() -> None:
    source = Source("a.py", "y = f(x,  \n      1)\n")
    assert format_problem(Problem("c", "m", Span(1, 4, 2, 8)), source) == (
        "a.py:1:5: error[c]: m\n    1 | y = f(x,\n      |     ^^^^"
    )


def test_a_long_line_is_cut_around_its_carets() -> None:
    text = "y = " + "a + " * 200 + "bad" + " + b" * 200
    line, marks = carets(text, 804, 807)
    assert len(line) < 180
    assert line.startswith("...")
    assert line.endswith("...")
    assert line[marks.index("^") :][:3] == "bad"
    line, marks = carets(text, 0, len(text))
    assert line.startswith("y = a")
    assert len(marks) < 180
    line, marks = carets("(" * 200 + "日" * 200, 200, 210)
    assert "日" in line
    assert len(marks.strip()) == 20


def test_a_large_line_number_keeps_the_bars_in_one_column() -> None:
    source = Source("a.py", "\n" * 123_455 + "bad\n")
    lines = format_problem(Problem("c", "m", Span(123_456, 0, 123_456, 3)), source).split("\n")
    assert lines[1:] == ["123456 | bad", "       | ^^^"]


def test_both_places_of_a_problem_are_shown(golden: Callable[[str, str], None]) -> None:
    source = Source("forward.py", "def f(A):\n    b = A[0]\n    A[0] = 1.0\n    return b * 2\n")
    problem = Problem(
        "alias",
        "b is read after its base was written\nand this cannot be followed",
        Span(4, 11, 4, 12),
        "copy it: b = A[0].copy()\nor read it before",
        (("b is a view of A", Span(2, 8, 2, 12)), ("A is written here", Span(3, 4, 3, 8))),
    )
    golden("cli/two_places.txt", format_problem(problem, source) + "\n")
    github = format_problem(problem, source, "github")
    assert github.startswith("::error file=forward.py,line=4,col=12::b is read")
    assert "b is a view of A (line 2)" in github
    related = json.loads(format_problem(problem, source, "json"))["related"]
    assert [one["line"] for one in related] == [2, 3]


def test_json_is_one_object_on_one_line_with_places_from_1() -> None:
    text = format_problem(NO_GATE, FFT, "json")
    assert "\n" not in text
    assert json.loads(text) == {
        "severity": "error",
        "file": "forward.py",
        "code": "no-gate",
        "message": "np.fft.fft has no gradient rule",
        "line": 7,
        "column": 9,
        "end_line": 7,
        "end_column": 22,
        "help": NO_GATE.help,
        "related": [],
    }


def test_github_commands_are_escaped() -> None:
    source = Source("a,b:c%.py", "x = 1\n")
    text = format_problem(Problem("c", "50% of\nx: y, z", Span(1, 0, 1, 1), "do"), source, "github")
    assert text == ("::error file=a%2Cb%3Ac%25.py,line=1,col=1::50%25 of%0Ax: y, z [c]%0Ahelp: do")


def test_a_problem_without_a_place_names_the_file_only() -> None:
    source = Source("a.py", "")
    problem = Problem("empty", "the file is empty", None)
    assert format_problem(problem, source) == "a.py: error[empty]: the file is empty"
    assert format_problem(problem, source, "github") == (
        "::error file=a.py::the file is empty [empty]"
    )
    assert json.loads(format_problem(problem, source, "json"))["line"] is None


def test_a_problem_of_the_command_line_names_no_file() -> None:
    source = Source("", "")
    problem = Problem("usage", "unknown flag --x", None)
    assert format_problem(problem, source) == "codegen: error[usage]: unknown flag --x"
    assert format_problem(problem, source, "github") == "::error::unknown flag --x [usage]"
    assert json.loads(format_problem(problem, source, "json"))["file"] is None


def test_notes_come_in_the_same_formats() -> None:
    note = Note("eps was left out", Span(7, 4, 7, 5), "--wrt asks for it")
    assert format_note(note, FFT) == (
        "forward.py:7:5: note: eps was left out\n"
        "    7 |     y = np.fft.fft(x) + 1\n"
        "      |     ^\n"
        "  help: --wrt asks for it"
    )
    assert format_note(note, FFT, "github") == (
        "::notice file=forward.py,line=7,col=5::eps was left out%0Ahelp: --wrt asks for it"
    )
    assert json.loads(format_note(note, FFT, "json"))["severity"] == "note"
    assert format_note(Note("all fine"), FFT) == "forward.py: note: all fine"


def test_color_adds_nothing_but_color() -> None:
    import re

    colored = format_problem(NO_GATE, FFT, color=True)
    assert colored != format_problem(NO_GATE, FFT)
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == format_problem(NO_GATE, FFT)


def three() -> CodegenError:
    source = Source("forward.py", "a = 1\nb = 2\n")
    late = Problem("late", "on the second line", Span(2, 4, 2, 5))
    whole = Problem("whole", "of the file", None)
    early = Problem("early", "on the first line", Span(1, 4, 1, 5), "some help")
    return CodegenError([late, whole, early, late], source)


def test_problems_are_in_order_of_place_and_each_is_told_once() -> None:
    assert [problem.code for problem in three().problems] == ["early", "late", "whole"]


def test_an_error_is_a_syntax_error_at_its_first_problem() -> None:
    error = three()
    assert isinstance(error, SyntaxError)
    assert (error.filename, error.lineno, error.offset, error.text) == ("forward.py", 1, 5, "a = 1")
    assert error.msg == "on the first line"


def test_the_text_of_an_error_is_the_whole_report() -> None:
    assert str(three()) == (
        "forward.py:1:5: error[early]: on the first line\n"
        "    1 | a = 1\n"
        "      |     ^\n"
        "  help: some help\n"
        "forward.py:2:5: error[late]: on the second line\n"
        "    2 | b = 2\n"
        "      |     ^\n"
        "forward.py: error[whole]: of the file"
    )


def test_a_traceback_tells_of_all_problems() -> None:
    text = "".join(traceback.format_exception_only(three()))
    assert 'File "forward.py", line 1' in text
    for word in ("on the first line", "help: some help", "on the second line", "of the file"):
        assert word in text


def test_an_error_without_a_place_still_names_its_file() -> None:
    error = CodegenError([Problem("empty", "the file is empty", None)], Source("a.py", ""))
    assert (error.filename, error.lineno, error.offset, error.text) == ("a.py", None, None, None)
    assert "the file is empty" in "".join(traceback.format_exception_only(error))


def test_an_error_can_be_pickled() -> None:
    copy = pickle.loads(pickle.dumps(three()))
    assert str(copy) == str(three())


def test_a_pass_can_report_all_it_finds() -> None:
    problems = Problems(Source("a.py", "x = 1\n"))
    problems.raise_if_any()
    assert not problems
    related = [("there", Span(1, 2, 1, 3))]
    problems.add("two", "second", Span(1, 4, 1, 5), "write it")
    problems.add("one", "first", Span(1, 0, 1, 1), "leave it out", related=related)
    with pytest.raises(CodegenError) as caught:
        problems.raise_if_any()
    assert [problem.code for problem in caught.value.problems] == ["one", "two"]
