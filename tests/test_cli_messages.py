"""What is said, where, in which format, and with which exit status."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from codegen import pipeline
from codegen.cli import run as cli_run
from tests.cli_project import FORWARD, Project

Golden = Callable[[str, str], None]


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    project = Project(tmp_path, monkeypatch, capsys)
    project.file("src/bad.py", "def f(x):\n    y = x + BAD\n\n\treturn BAD(日本, BAD)\n")
    project.file("src/good.py", f"{FORWARD}# NOTE\n")
    project.file("src/latin.py", "x = 'caf\u00e9'\n").write_bytes(b"x = 'caf\xe9'\n")
    return project


@pytest.mark.parametrize("format", ["text", "json", "github"])
def test_problems_of_all_files_are_reported_and_the_others_written(
    project: Project, golden: Golden, format: str
) -> None:
    result = project.run("src", "--format", format)
    assert result.status == 2
    assert result.out == ""
    golden(f"cli/several_files.{format}.txt", result.err)
    assert project.files() == ["generated/good_grad.py"]


def test_every_line_is_an_object_in_json(project: Project) -> None:
    project.file("src/bug.py", "BUG\n")
    result = project.run("src", "--format", "json", "-v")
    objects = [json.loads(line) for line in result.err.splitlines()]
    assert {one["severity"] for one in objects} == {"error", "note", "info", "bug"}


def test_github_is_the_format_of_its_actions_unless_another_is_asked_for(project: Project) -> None:
    project.monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert project.run("src").err.startswith("::error file=src/bad.py,line=2,col=13::")
    assert project.run("--chekc").err.startswith("::error::unknown flag")
    assert project.run("src", "--format", "text").err.startswith("src/bad.py:2:13: ")
    project.file("pyproject.toml", "[tool.codegen]\nformat = 'json'\n")
    assert project.run("src").err.startswith("{")


def test_quiet_hides_what_is_no_problem(project: Project) -> None:
    result = project.run("src/good.py", "-q")
    assert (result.status, result.err) == (0, "")
    assert "BAD has no gradient rule" in project.run("src/bad.py", "-q").err


def test_verbose_tells_more(project: Project) -> None:
    err = project.run("src/good.py", "-v").err
    assert "src/good.py: f_grad: f by x\n" in err
    assert "generated/good_grad.py: not changed\n" in project.run("src/good.py", "-v").err


def test_notes_are_left_out_where_only_a_comparison_is_asked_for(project: Project) -> None:
    project.run("src/good.py")
    assert "NOTE" not in project.run("src/good.py", "--check").err
    assert "NOTE" not in project.run("src/good.py", "--diff").err
    assert "NOTE" in project.run("src/good.py", "--check", "-v").err


def test_color_is_for_terminals_and_can_be_asked_for(project: Project) -> None:
    def colored(*arguments: str) -> bool:
        return "\x1b[" in project.run("src/bad.py", *arguments).err

    assert not colored()
    assert colored("--color", "always")
    project.monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert colored()
    assert not colored("--color", "never")
    assert not colored("--format", "github")
    project.monkeypatch.setenv("NO_COLOR", "1")
    assert not colored()
    assert colored("--color=always")


def test_a_diff_is_colored_on_a_terminal(project: Project) -> None:
    project.run("src/good.py")
    project.file("src/good.py", FORWARD)
    out = project.run("src/good.py", "--diff", "--color", "always").out
    assert "\x1b[31m-    return 54\x1b[0m\n" in out
    assert "\x1b[32m+    return 47\x1b[0m\n" in out
    assert "\x1b" not in project.run("src/good.py", "--diff").out


def test_a_bug_of_ours_is_70_with_what_to_report_and_the_others_are_written(
    project: Project,
) -> None:
    project.file("bug.py", "def f(x): BUG\n")
    result = project.run("bug.py", "src/bad.py", "src/good.py")
    assert result.status == 70
    assert "Traceback (most recent call last)" in result.err
    assert "ZeroDivisionError: BUG" in result.err
    assert "this is a bug in codegen, not in bug.py" in result.err
    assert "please report it with the traceback above" in result.err
    assert f"Python {sys.version.split()[0]}" in result.err
    assert project.files() == ["generated/good_grad.py"]


def test_a_bug_outside_of_any_file_is_70_too(project: Project) -> None:
    def broken(*_: object) -> None:
        raise AssertionError("planned badly")

    project.monkeypatch.setattr(cli_run.Run, "all", broken)
    result = project.run("src")
    assert result.status == 70
    assert "AssertionError: planned badly" in result.err


def test_an_interrupt_is_130(project: Project) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    project.monkeypatch.setattr(pipeline, "compile_source", interrupted)
    result = project.run("src/good.py")
    assert (result.status, result.err) == (130, "codegen: interrupted\n")
    assert not project.files()


def test_a_file_with_nothing_to_differentiate_is_refused_only_if_it_is_named(
    project: Project,
) -> None:
    project.file("lib/constants.py", "x = 1\n")
    project.file("lib/f.py")
    result = project.run("lib")
    assert result.status == 0
    assert project.files() == ["generated/f_grad.py"]
    result = project.run("lib/constants.py")
    assert result.status == 2
    assert "error[nothing-to-differentiate]" in result.err


def test_an_empty_file_is_refused_only_if_it_is_named(project: Project) -> None:
    project.file("lib/__init__.py", "")
    project.file("lib/blank.py", "\n" * 500)
    project.file("lib/f.py")
    assert project.run("lib").status == 0
    result = project.run("lib/__init__.py")
    assert (result.status, result.err) == (
        2,
        "lib/__init__.py: error[empty]: the file is empty\n  help: write a function\n",
    )


def test_notes_of_several_outputs_of_a_file_are_told_once(project: Project) -> None:
    project.file(
        "pyproject.toml",
        "[[tool.codegen.file]]\npath = 'src/good.py'\n"
        "[[tool.codegen.file]]\npath = 'src/good.py'\nstyle = 'split'\n",
    )
    result = project.run("src/good.py")
    assert result.err.count("NOTE was left out") == 1
    assert project.files() == ["generated/good_grad.py", "generated/good_split.py"]


def test_the_current_folder_may_be_gone(project: Project) -> None:
    gone = project.root / "gone"
    gone.mkdir()
    project.monkeypatch.chdir(gone)
    gone.rmdir()
    result = project.run("a.py")
    assert result.status == 2
    assert "the current folder is gone" in result.err
