"""Arguments: what is accepted, what is refused, and what reaches the compiler."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from codegen.cli.flags import TABLE, Flags, help_text, parse
from codegen.pipeline import Options
from tests.cli_project import Project


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    return Project(tmp_path, monkeypatch, capsys)


def read(*arguments: str) -> Flags:
    flags, problems = parse(arguments)
    assert not problems, problems
    return flags


def refused(*arguments: str) -> list[str]:
    _, problems = parse(arguments)
    assert all(problem.code == "usage" for problem in problems)
    return [f"{problem.message} ({problem.help})" for problem in problems]


def test_flags_and_files_come_in_any_order() -> None:
    flags = Flags(files=("a.py", "-"), output="out/", wrt=("x", "y"), check=True, quiet=True)
    assert read("a.py", "-o", "out/", "--wrt", "x,y", "-", "--check", "-q") == flags
    assert read("-qoout/", "--wrt=x, y", "a.py", "--check", "-") == flags
    long = "--output=out/ a.py --quiet --wrt x --wrt y,x --check -"
    assert read(*long.split()) == flags


def test_what_follows_two_dashes_is_a_file() -> None:
    assert read("-q", "--", "-v", "--check").files == ("-v", "--check")


def test_stdout_is_an_output() -> None:
    assert read("a.py", "-o", "-").output == "-"
    assert read("a.py", "-o-").output == "-"
    assert read("a.py", "--output=-").output == "-"


def test_names_are_repeated_or_joined_and_each_counts_once() -> None:
    assert read("-f", "f", "--function", "g,f", "--of", "loss").function == ("f", "g")


def test_flags_are_not_abbreviated() -> None:
    assert refused("--func", "f") == ["unknown flag --func (did you mean --function?)"]


def test_an_unknown_flag_is_refused_with_the_nearest() -> None:
    assert refused("--chekc") == ["unknown flag --chekc (did you mean --check?)"]
    assert refused("-verify") == ["unknown flag -verify (did you mean --verify?)"]
    assert refused("-x") == ["unknown flag -x (python -m codegen --help lists the flags)"]
    assert refused("--") == []


def test_all_that_is_wrong_with_the_arguments_is_told() -> None:
    assert len(refused("--chekc", "--style", "joined", "--wrt", "-q", "--check=1", "")) == 5


@pytest.mark.parametrize(
    "arguments",
    [
        ("-o",),
        ("--wrt", "--check"),
        ("--output=",),
        ("--wrt", "x,,y"),
        ("--of", ""),
        ("--style", "Joint"),
        ("--show", "ast"),
        ("--check=yes",),
        ("--style", "joint", "--style", "split"),
        ("-q", "-v"),
        ("--check", "--force"),
        ("--show", "ir", "--check"),
        ("a.py", "--stdin-filename", "b.py"),
        ("-", "-"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], project: Project) -> None:
    assert refused(*arguments)
    project.file("a.py")
    result = project.run(*arguments)
    assert result.status == 2
    assert not result.out
    assert result.err.startswith("codegen: error[usage]: ")
    assert not project.compiled


def test_help_names_every_flag_and_wins_over_what_is_wrong(
    project: Project, golden: Callable[[str, str], None]
) -> None:
    result = project.run("--chekc", "-h")
    assert (result.status, result.err) == (0, "")
    assert result.out == help_text()
    assert all(f"--{flag.name}" in result.out for flag in TABLE)
    assert all(len(line) <= 88 for line in result.out.splitlines())
    golden("cli/help.txt", result.out)


def test_the_version_is_printed(project: Project) -> None:
    result = project.run("--version")
    assert result.status == 0
    assert result.out.startswith("codegen ")


def test_flags_reach_the_compiler(project: Project) -> None:
    project.file("a.py")
    project.run("a.py", "-f", "f", "--wrt", "x,y", "--of", "loss", "--style", "split")
    assert project.compiled[0][1] == Options(("f",), ("x", "y"), ("loss",), "split")


def test_the_target_reaches_the_compiler_and_the_header_by_flag_and_by_pyproject(
    project: Project,
) -> None:
    project.file("a.py")
    project.run("a.py", "--target", "numba")
    assert project.compiled[-1][1].target == "numba"
    line = project.text("generated/a_grad.py").split("\n")[1]
    assert line == "# Regenerate: python -m codegen a.py --target numba"
    project.file("pyproject.toml", "[tool.codegen]\ntarget = 'numba'\n")
    project.run("a.py")
    assert project.compiled[-1][1].target == "numba"
    line = project.text("generated/a_grad.py").split("\n")[1]
    assert line == "# Regenerate: python -m codegen a.py"
    project.run("a.py", "--target", "numpy")
    assert project.compiled[-1][1].target == "numpy"
    assert "--target must be numpy or numba" in project.run("a.py", "--target", "jax").err


def test_what_pyproject_says_reaches_the_compiler_apart_so_that_a_mark_can_win(
    project: Project,
) -> None:
    project.file("a.py")
    project.file("b.py")
    project.file(
        "pyproject.toml",
        "[tool.codegen]\nwrt = 'x'\nstyle = 'split'\n"
        "[[tool.codegen.file]]\npath = 'b.py'\nstyle = 'gate'\nof = 'loss'\n",
    )
    project.run("a.py", "b.py", "-f", "f")
    (_, of_a), (_, of_b) = project.compiled
    assert of_a == Options(("f",), None, None, "split", Options(None, ("x",), None, "split"))
    assert of_b == Options(("f",), None, None, "gate", Options(None, ("x",), ("loss",), "gate"))
    project.run("b.py", "--style", "joint")
    assert project.compiled[-1][1].style == "joint"


def test_a_flag_wins_over_quiet_in_pyproject(project: Project) -> None:
    project.file("a.py")
    project.file("pyproject.toml", "[tool.codegen]\nquiet = true\nformat = 'json'\n")
    assert project.run("a.py").err == ""
    assert "a.py" in project.run("a.py", "-v", "--format", "text").err


def test_what_is_wrong_in_pyproject_stops_the_run(project: Project) -> None:
    project.file("a.py")
    project.file("pyproject.toml", "[tool.codegen]\nsuorces = ['a.py']\n")
    result = project.run("a.py")
    assert result.status == 2
    assert "did you mean sources?" in result.err
    assert not project.compiled
    assert project.run("--help").status == 0
