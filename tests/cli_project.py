"""A project in a folder of its own, and the command line run in it, in this process.

The compiler is replaced by one that is fast and says what it was asked: these tests are about
files, flags and messages. In a forward file, the word BAD is a problem, NOTE gets a note, BUG
raises, and a file without functions has nothing to differentiate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from codegen import pipeline
from codegen.cli.main import main
from codegen.errors import Note, Problems
from codegen.pipeline import FunctionReport, Generated, Options
from codegen.source import Source

FORWARD = "import math\n\n\ndef f(x):\n    return math.exp(x)\n"


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


class Project:
    def __init__(
        self,
        root: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.root = root
        self.monkeypatch = monkeypatch
        self.capsys = capsys
        self.compiled: list[tuple[Source, Options]] = []
        monkeypatch.chdir(root)
        for name in ("GITHUB_ACTIONS", "NO_COLOR", "TERM"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(pipeline, "compile_source", self.compile)
        monkeypatch.setattr(pipeline, "show", lambda source, _, stage: f"{stage} of {source.text}")

    def compile(self, source: Source, options: Options) -> Generated:
        self.compiled.append((source, options))
        problems = Problems(source)
        for found in re.finditer("BAD", source.text):
            span = source.span_at(found.start(), found.end())
            problems.add("no-gate", "BAD has no gradient rule", span, "use GOOD")
        problems.raise_if_any()
        if "BUG" in source.text:
            raise ZeroDivisionError("BUG")
        if not source.text.strip():
            problems.add("empty", "the file is empty", None, "write a function")
            problems.raise_if_any()
        places = re.finditer("NOTE", source.text)
        notes = tuple(
            Note("NOTE was left out", source.span_at(at.start(), at.end())) for at in places
        )
        names = re.findall(r"^def (\w+)", source.text, re.MULTILINE)
        body = "import math\n" + "".join(
            f"\n\ndef {name}_{options.style}(x):\n    return {len(source.text)}\n" for name in names
        )
        reports = tuple(
            FunctionReport(name, f"{name}_grad", (), ("x",), (name,), (f"d{name}",), None)
            for name in names
        )
        return Generated(body, notes, reports)

    def file(self, name: str, text: str = FORWARD) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        return path

    def text(self, name: str) -> str:
        return (self.root / name).read_bytes().decode("utf-8")

    def files(self, folder: str = "generated") -> list[str]:
        """Return the files under a folder, sorted."""
        under = (self.root / folder).rglob("*")
        return sorted(path.relative_to(self.root).as_posix() for path in under if path.is_file())

    def regenerate_line(self, name: str) -> str:
        return self.text(name).splitlines()[1].removeprefix("# Regenerate: ")

    def run(self, *arguments: str) -> Result:
        self.capsys.readouterr()
        status = main(arguments)
        out, err = self.capsys.readouterr()
        return Result(status, out, err)
