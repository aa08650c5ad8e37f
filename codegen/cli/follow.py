"""Modules beside a forward file: what it imports of them, and `--follow`, which writes them too."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from codegen.cli.flags import Flags
from codegen.cli.inputs import Input, relative
from codegen.cli.jobs import Job, Planner
from codegen.config import Config
from codegen.errors import Problem
from codegen.source import Source


class Folder(Mapping[str, Source]):
    """The modules of one folder by name, read when they are asked for."""

    def __init__(self, folder: Path | None, here: Path) -> None:
        self.folder, self.here = folder, here

    def __getitem__(self, name: str) -> Source:
        path = self._path(name)
        if path is None:
            raise KeyError(name)
        return Source.from_bytes(path.read_bytes(), relative(path, self.here))

    def __contains__(self, name: object) -> bool:
        return self._path(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter([] if self.folder is None else [p.stem for p in self.folder.glob("*.py")])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _path(self, name: object) -> Path | None:
        if self.folder is None or not isinstance(name, str) or not name.isidentifier():
            return None
        path = self.folder / f"{name}.py"
        return path if path.is_file() else None


def follow(
    jobs: list[Job], flags: Flags, config: Config, here: Path
) -> tuple[list[Job], list[tuple[Problem, Source]]]:
    """Return jobs for what the files of other jobs import of their neighbours, in split style."""
    found: dict[tuple[Path, Path], None] = {}  # a module, and the folder of the output
    stack = [
        (job.input.place, target.output.parent)
        for job in jobs
        for target in job.targets
        if job.input.place is not None and target.output is not None
    ]
    while stack:
        place, folder = stack.pop()
        for name in _imported(place):
            path = place.parent / f"{name}.py"
            if path.is_file() and (path, folder) not in found:
                found[path, folder] = None
                stack.append((path, folder))
    more: list[Job] = []
    problems: list[tuple[Problem, Source]] = []
    for path, folder in found:
        output = relative(folder / f"{path.stem}_split.py", here)
        asked = replace(
            flags,
            style="split",
            output=output,
            function=None,
            wrt=None,
            of=None,
            target=None,
            returns=None,
            jacobian=None,
            debug=False,
        )
        planned, wrong = Planner(asked, config, here).plan(
            [Input(relative(path, here), path, path, path.parent)]
        )
        more += planned
        problems += wrong
    known = {t.output for job in jobs for t in job.targets}
    return [job for job in more if not {t.output for t in job.targets} & known], problems


def _imported(path: Path) -> list[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []  # told of where the file itself is read
    nodes = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return [node.module for node in nodes if node.module and "." not in node.module]
