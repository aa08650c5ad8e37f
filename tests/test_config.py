"""`[tool.codegen]` in pyproject.toml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from codegen.config import Config, Settings, find, load, parse
from codegen.errors import CodegenError
from codegen.source import Source


def read(text: str, root: Path = Path("/project")) -> Config:
    return parse(Source.from_text(text, "pyproject.toml"), root / "pyproject.toml")


def refused(text: str) -> str:
    with pytest.raises(CodegenError) as caught:
        read(text)
    return str(caught.value)


def test_the_nearest_file_from_the_current_folder_upwards_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b" / "c"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.codegen]\nsources = ['outer']\n")
    assert find(inner) == tmp_path / "pyproject.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.codegen]\nsources = ['inner']\n")
    config = load(inner)
    assert (config.root, config.sources) == (tmp_path / "a", ("inner",))


def test_a_project_without_our_table_has_the_defaults() -> None:
    assert read("[project]\nname = 'x'\n").settings == Settings()


def test_all_keys_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    config = read(
        """
        [tool.codegen]
        sources = ["examples", "nets/a.py"]
        exclude = ["old"]
        output = "gradients"
        function = "f"
        wrt = "x, y"
        of = ["loss", "accuracy"]
        style = "split"
        format = "json"
        color = "never"
        quiet = true

        [[tool.codegen.file]]
        path = "a.py"
        style = "gate"
        """,
        tmp_path,
    )
    assert config.sources == ("examples", "nets/a.py")
    assert config.exclude == ("old",)
    assert config.settings == Settings(
        "gradients", ("f",), ("x", "y"), ("loss", "accuracy"), "split"
    )
    assert (config.format, config.color, config.quiet, config.verbose) == (
        "json",
        "never",
        True,
        False,
    )
    assert [(file.path, file.settings) for file in config.files] == [
        ("a.py", Settings(style="gate"))
    ]


def test_what_is_said_for_a_file_wins_over_what_is_said_for_all() -> None:
    one = Settings(wrt=("x",), style="gate").over(Settings(output="out", wrt=("y",)))
    assert one == Settings(output="out", wrt=("x",), style="gate")


def test_all_that_is_wrong_is_told_at_once(golden: Callable[[str, str], None]) -> None:
    text = """\
[tool.codegen]
suorces = ["examples"]
output = "-"
wrt = 3
of = []
function = ["f", 2]
style = "spilt"
check = true
quiet = "yes"
exclude = "old"

[[tool.codegen.file]]
style = "joint"

[[tool.codegen.file]]
path = "a.py"
"wtr" = "x"
sources = ["examples"]
[other]
suorces = 1
"""
    golden("cli/config.txt", refused(text) + "\n")


@pytest.mark.parametrize("text", ["tool = 3\n", "[tool]\ncodegen = 3\n", "[tool]\ncodegen = []\n"])
def test_a_table_that_is_none_is_refused(text: str) -> None:
    if text.startswith("tool"):
        assert read(text).settings == Settings()  # not ours to judge
    else:
        assert "tool.codegen must be a table" in refused(text)


def test_files_must_be_a_list_of_tables() -> None:
    assert "[[tool.codegen.file]]" in refused("[tool.codegen.file]\npath = 'a.py'\n")


def test_what_is_not_toml_is_refused_with_its_place() -> None:
    with pytest.raises(CodegenError) as caught:
        read("[tool.codegen]\nsources = [\n")
    assert caught.value.filename == "pyproject.toml"
    assert "this is not TOML" in str(caught.value)
    with pytest.raises(CodegenError) as caught:
        read("[tool.codegen]\nwrt = x\n")
    assert caught.value.lineno == 2


def test_keys_in_other_spellings_are_refused_without_a_place() -> None:
    assert refused("tool.codegen.wtr = 'x'\n") == (
        "pyproject.toml: error[config]: unknown key 'wtr' in [tool.codegen]\n"
        "  help: did you mean wrt?"
    )
