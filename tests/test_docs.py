"""What the docs show is what the tool does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codegen.pipeline import Options, compile_source, show
from codegen.source import Source

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


def test_the_readme_shows_the_golden_output() -> None:
    readme = README.read_text(encoding="utf-8")
    forward, output = re.findall(r"```python\n(.*?)```", readme, re.S)[:2]
    assert forward.removeprefix("# examples/one_line.py\n") == (
        ROOT / "examples" / "one_line.py"
    ).read_text(encoding="utf-8")
    written = (ROOT / "generated" / "one_line_grad.py").read_text(encoding="utf-8")
    assert output in written
