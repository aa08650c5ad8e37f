"""--check, --diff, --force, --show, --verify, --list-gates, stdin and stdout."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.pipeline import Generated
from codegen.source import Source
from tests.cli_project import FORWARD, Project

OUTPUT = "generated/a_grad.py"


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    return Project(tmp_path, monkeypatch, capsys)


@pytest.fixture
def written(project: Project) -> Project:
    """A project with a.py and its output."""
    project.file("a.py")
    assert project.run("a.py").status == 0
    return project


def edit(project: Project) -> str:
    text = project.text(OUTPUT).replace("return", "return 2 *")
    project.file(OUTPUT, text)
    return text


def stdin(project: Project, data: bytes) -> None:
    project.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_an_output_is_not_touched_when_its_bytes_would_not_change(written: Project) -> None:
    before = (written.root / OUTPUT).stat()
    result = written.run("a.py", "--force")
    assert (result.status, result.err) == (0, "")
    after = (written.root / OUTPUT).stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_an_output_with_crlf_line_ends_is_up_to_date(written: Project) -> None:
    crlf = written.text(OUTPUT).replace("\n", "\r\n")
    written.file(OUTPUT, crlf)
    assert written.run("a.py", "--check").status == 0
    assert written.run("a.py", "--diff").status == 0
    assert written.run("a.py").status == 0
    assert written.text(OUTPUT) == crlf


def test_a_source_with_crlf_line_ends_gives_the_same_bytes(written: Project) -> None:
    before = written.text(OUTPUT)
    written.file("a.py", FORWARD.replace("\n", "\r\n"))
    written.run("a.py")
    assert written.text(OUTPUT) == before


def test_a_stale_output_is_written_again(written: Project) -> None:
    written.file("a.py", FORWARD + "# more\n")
    result = written.run("a.py")
    assert (result.status, result.err) == (0, f"wrote {OUTPUT}\n")
    assert written.run("a.py", "--check").status == 0


def test_a_hand_edited_output_is_not_overwritten_without_force(written: Project) -> None:
    edited = edit(written)
    result = written.run("a.py")
    assert result.status == 1
    assert f"{OUTPUT}: error[edited]: was edited by hand" in result.err
    assert written.text(OUTPUT) == edited
    assert written.run("a.py", "--force").status == 0
    assert written.text(OUTPUT) != edited


def test_a_file_that_is_not_ours_is_not_overwritten_without_force(project: Project) -> None:
    project.file("a.py")
    project.file(OUTPUT, "by_hand = 1\n")
    result = project.run("a.py")
    assert result.status == 1
    assert f"{OUTPUT}: error[foreign]: was not written by codegen" in result.err
    assert project.text(OUTPUT) == "by_hand = 1\n"
    assert project.run("a.py", "--force").status == 0


def test_check_says_what_is_missing_stale_or_edited_and_writes_nothing(project: Project) -> None:
    for name in ("a", "b", "c", "d", "e"):
        project.file(f"src/{name}.py")
    project.run("src")
    edit(project)
    project.file("src/b.py", FORWARD + "# more\n")
    (project.root / "generated/c_grad.py").unlink()
    project.file("generated/d_grad.py", "x = 1\n")
    before = [project.text(name) for name in project.files()]
    result = project.run("src", "--check")
    assert result.status == 1
    assert "a_grad.py: error[edited]: was edited by hand" in result.err
    assert "b_grad.py: error[stale]: is not what src/b.py gives now" in result.err
    assert "c_grad.py: error[missing]: there is no such file" in result.err
    assert "d_grad.py: error[foreign]: was not written by codegen" in result.err
    assert "e_grad.py" not in result.err
    assert "help: python -m codegen src/b.py writes it" in result.err
    assert [project.text(name) for name in project.files()] == before


def test_check_of_what_is_up_to_date_is_0(written: Project) -> None:
    result = written.run("a.py", "--check")
    assert (result.status, result.out, result.err) == (0, "", "1 output is up to date\n")
    assert written.run("a.py", "--check", "-q").err == ""


def test_check_sees_a_change_of_flags(written: Project) -> None:
    assert written.run("a.py", "--check", "--wrt", "x").status == 1


def test_a_file_with_problems_is_2_whatever_else_is_stale(written: Project) -> None:
    written.file("a.py", FORWARD + "# more\n")
    written.file("b.py", "def g(x): BAD\n")
    assert written.run("a.py", "b.py", "--check").status == 2


def test_diff_prints_and_writes_nothing(written: Project) -> None:
    assert written.run("a.py", "--diff").status == 0
    before = written.text(OUTPUT)
    written.file("a.py", FORWARD + "# more\n")
    result = written.run("a.py", "--diff")
    assert result.status == 1
    assert result.err == ""
    lines = result.out.splitlines()
    assert lines[:2] == [f"--- {OUTPUT}", f"+++ {OUTPUT}"]
    assert "-    return 47" in lines
    assert "+    return 54" in lines
    assert written.text(OUTPUT) == before


def test_diff_and_check_together_print_and_report(written: Project) -> None:
    edit(written)
    result = written.run("a.py", "--diff", "--check")
    assert result.status == 1
    assert result.out.startswith(f"--- {OUTPUT}\n")
    assert "error[edited]" in result.err


def test_stdin_goes_to_stdout_without_a_header(project: Project) -> None:
    stdin(project, FORWARD.encode())
    result = project.run("-")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("import math\n")
    assert project.compiled[0][0] == Source("<stdin>", FORWARD)
    assert not project.files()


def test_stdin_with_a_name_is_as_the_file_of_that_name(written: Project) -> None:
    stdin(written, FORWARD.encode())
    result = written.run("-", "--stdin-filename", "a.py")
    assert result.out == written.text(OUTPUT)
    stdin(written, FORWARD.encode())
    assert written.run("-", "--stdin-filename", "a.py", "-o", "generated/", "--check").status == 0


def test_stdin_without_a_name_can_go_to_a_file(project: Project) -> None:
    stdin(project, FORWARD.encode())
    assert project.run("-", "-o", "out.py").status == 0
    assert project.text("out.py").startswith(
        "# Generated by codegen from <stdin>. Do not edit.\n"
        "# Regenerate: python -m codegen - -o out.py\n"
    )
    stdin(project, FORWARD.encode())
    result = project.run("-", "-o", "out/")
    assert result.status == 2
    assert "--stdin-filename NAME says what the file from stdin is called" in result.err


def test_problems_of_stdin_have_its_name(project: Project) -> None:
    stdin(project, b"x = '\xff'\n")
    assert project.run("-").err.startswith("<stdin>:1:6: error[encoding]")
    stdin(project, b"BAD\n")
    assert project.run("-", "--stdin-filename", "my/a.py").err.startswith("my/a.py:1:1: error")


def test_a_file_can_go_to_stdout_as_it_would_be_written(written: Project) -> None:
    result = written.run("a.py", "-o", "-")
    assert (result.status, result.out, result.err) == (0, written.text(OUTPUT), "")


def test_stdout_cannot_be_checked(project: Project) -> None:
    stdin(project, FORWARD.encode())
    result = project.run("-", "--check")
    assert result.status == 2
    assert "no output to compare with" in result.err
    assert result.out == ""


@pytest.mark.parametrize("stage", ["ir", "reverse", "statements"])
def test_a_stage_is_shown_and_nothing_written(project: Project, stage: str) -> None:
    project.file("a.py", "x = 1\n")
    result = project.run("a.py", "--show", stage)
    assert (result.status, result.out, result.err) == (0, f"{stage} of x = 1\n", "")
    assert not project.files()


def test_stages_of_several_files_are_told_apart(project: Project) -> None:
    project.file("one/a.py", "x = 1\n")
    project.file("two/a.py", "y = 1\n")
    assert project.run("one", "two", "--show", "ir").out == (
        "# one/a.py\nir of x = 1\n# two/a.py\nir of y = 1\n"
    )


@dataclass
class Found:
    lines: list[str]
    status: int


@pytest.fixture
def verified(project: Project) -> list[tuple[str | None, str, int]]:
    """Replace the verification: "right" in the source makes it succeed, "unclear" undecided."""
    calls = []

    def verify_file(
        path: str | None, source: Source, generated: Generated, *, header_lines: int
    ) -> Found:
        calls.append((path, generated.text, header_lines))
        status = 0 if "right" in source.text else 2 if "unclear" in source.text else 1
        return Found([f"f: {status}"], status)

    module: Any = ModuleType("codegen.verification")
    module.verify_file = verify_file
    project.monkeypatch.setitem(sys.modules, "codegen.verification", module)
    return calls


@pytest.mark.parametrize(("word", "status"), [("right", 0), ("wrong", 1), ("unclear", 2)])
def test_verify_writes_and_tells_what_it_found(
    project: Project, verified: list[tuple[str | None, str, int]], word: str, status: int
) -> None:
    path = project.file("a.py", f"{FORWARD}# {word}\n")
    result = project.run("a.py", "--verify")
    assert (result.status, result.out) == (status, f"f: {status}\n")
    (found, text, header_lines), *others = verified
    assert not others
    assert found == str(path)
    assert project.text(OUTPUT).split("\n", header_lines)[-1] == text


def test_verify_and_check_go_together(
    project: Project, verified: list[tuple[str | None, str, int]]
) -> None:
    project.file("a.py", f"{FORWARD}# right\n")
    result = project.run("a.py", "--verify", "--check")
    assert (result.status, result.out) == (1, "f: 0\n")
    assert len(verified) == 1
    assert not project.files()


def test_what_was_found_is_told_by_file_and_apart_from_the_module(
    project: Project, verified: list[tuple[str | None, str, int]]
) -> None:
    project.file("a.py", f"{FORWARD}# right\n")
    project.file("b.py", f"{FORWARD}# wrong\n")
    result = project.run("a.py", "b.py", "--verify")
    assert (result.status, result.out) == (
        1,
        f"{OUTPUT}:\nf: 0\ngenerated/b_grad.py:\nf: 1\n",
    )
    stdin(project, FORWARD.encode())
    result = project.run("-", "--verify")
    assert (result.out.startswith("import math"), result.err) == (True, "f: 1\n")
    assert verified[-1][0] is None
    assert verified[-1][2] == 0


def test_the_gates_are_listed(project: Project) -> None:
    module: Any = ModuleType("codegen.gates.table")
    module.listing = lambda: "np.exp\n"
    project.monkeypatch.setitem(sys.modules, "codegen.gates", ModuleType("codegen.gates"))
    project.monkeypatch.setitem(sys.modules, "codegen.gates.table", module)
    result = project.run("--list-gates")
    assert (result.status, result.out, result.err) == (0, "np.exp\n", "")
