"""What the docs show is what the tool does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codegen import fence
from codegen.gates import table
from codegen.pipeline import Options, compile_source, show
from codegen.source import Source
from codegen.text import numba_table

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "how-it-works.md"
README = ROOT / "README.md"


def blocks(text: str) -> dict[str, str]:
    """Return the fenced blocks of a page by their language."""
    return dict(re.findall(r"```(\w+)\n(.*?)```", text, re.S))


def test_how_it_works_shows_real_output(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    source = Source("f.py", blocks(text)["python"])
    real = {stage: show(source, Options(), stage) for stage in ("ir", "reverse", "statements")}
    real["output"] = compile_source(source, Options()).text
    if request.config.getoption("--update"):
        for kind, body in real.items():
            text = re.sub(
                rf"```{kind}\n.*?```", lambda _, k=kind, b=body: f"```{k}\n{b}```", text, flags=re.S
            )
        PAGE.write_text(text, encoding="utf-8")
    shown = blocks(text)
    assert {kind: shown[kind] for kind in real} == real


def test_the_page_of_gates_is_the_table(request: pytest.FixtureRequest) -> None:
    path = ROOT / "docs" / "gates.md"
    if request.config.getoption("--update"):
        path.write_text(table.page(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == table.page()


def test_the_refused_constructs_are_those_of_the_fence(request: pytest.FixtureRequest) -> None:
    path = ROOT / "docs" / "language.md"
    text = path.read_text(encoding="utf-8")
    head, rest = text.split("<!-- from codegen/fence.py -->\n")
    tail = rest.split("<!-- end -->\n")[1]
    wanted = f"{head}<!-- from codegen/fence.py -->\n\n{fence.page()}\n\n<!-- end -->\n{tail}"
    if request.config.getoption("--update"):
        path.write_text(wanted, encoding="utf-8")
        text = wanted
    assert text == wanted


def test_what_numba_compiles_is_listed_from_the_table(request: pytest.FixtureRequest) -> None:
    path = ROOT / "docs" / "numba.md"
    text = path.read_text(encoding="utf-8")
    mark = "<!-- from codegen/text/numba_table.py -->\n"
    head, rest = text.split(mark)
    tail = rest.split("<!-- end -->\n")[1]
    wanted = f"{head}{mark}\n{numba_table.page()}\n\n<!-- end -->\n{tail}"
    if request.config.getoption("--update"):
        path.write_text(wanted, encoding="utf-8")
        text = wanted
    assert text == wanted
    written = compile_source(Source("f.py", blocks(text)["python"]), Options(target="numba"))
    assert blocks(text)["output"] in written.text


def test_every_link_of_the_docs_leads_somewhere() -> None:
    for page in [README, ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_shows_the_golden_output() -> None:
    readme = README.read_text(encoding="utf-8")
    forward, output = re.findall(r"```python\n(.*?)```", readme, re.S)[:2]
    assert forward.removeprefix("# examples/one_line.py\n") == (
        ROOT / "examples" / "one_line.py"
    ).read_text(encoding="utf-8")
    written = (ROOT / "generated" / "one_line_grad.py").read_text(encoding="utf-8")
    assert output in written


def test_the_hooks_run_the_command_line() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    hooks = dict(re.findall(r"- id: (\S+)\n.*?entry: ([^\n]+)", text, re.S))
    assert hooks == {"codegen": "python -m codegen", "codegen-check": "python -m codegen --check"}
    workflow = (ROOT / "docs" / "ci" / "github-actions.yml").read_text(encoding="utf-8")
    assert "python -m codegen --check --format github" in workflow


PAIR = re.compile(r"<!-- (\S+) -> (\S+) -->\n(.*?)<!-- end -->\n", re.S)


def side_by_side(left: str, right: str) -> str:
    """Return a table with an example and what is generated from it, without the header."""
    output = (ROOT / right).read_text(encoding="utf-8")
    output = re.sub(r"\A(#[^\n]*\n)+\n", "", output)
    texts = (ROOT / left).read_text(encoding="utf-8"), output
    cells = "".join(f"<td>\n\n```python\n{text}```\n\n</td>" for text in texts)
    head = f"<tr><th>{left}</th><th>{right}</th></tr>"
    return f"<table>\n{head}\n<tr valign=top>{cells}</tr>\n</table>\n"


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
def test_the_page_of_a_style_shows_golden_files(style: str, request: pytest.FixtureRequest) -> None:
    path = ROOT / "docs" / "styles" / f"{style}.md"
    text = path.read_text(encoding="utf-8")
    wanted = PAIR.sub(
        lambda m: f"<!-- {m[1]} -> {m[2]} -->\n{side_by_side(m[1], m[2])}<!-- end -->\n", text
    )
    assert wanted.count("<table>") == len(PAIR.findall(text)) > 0
    if request.config.getoption("--update"):
        path.write_text(wanted, encoding="utf-8")
        text = wanted
    assert text == wanted
