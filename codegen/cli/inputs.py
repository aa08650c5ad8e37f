"""Which files are read: those named, those in the folders named, or the project's sources."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from codegen.cli.flags import Flags, did_you_mean, usage
from codegen.cli.walk import Walk
from codegen.config import Config
from codegen.errors import READABLE, Problem
from codegen.source import Source

STDIN = "<stdin>"


@dataclass(frozen=True)
class Input:
    """One file to read. `path` is None for stdin, `place` where it is or is said to be."""

    shown: str  # in messages, as the user would name it
    path: Path | None
    place: Path | None  # None: stdin without a name
    base: Path | None = None  # the folder below which sub-folders are kept
    walked: bool = False  # found in a folder, not named


class Inputs:
    """All files to read, in order; what is wrong with the request; what was passed over."""

    def __init__(self, flags: Flags, config: Config, here: Path) -> None:
        """Collect them. `here` is the current folder, from which named files are looked for."""
        self._config, self._here = config, here
        outputs = config.root / (config.settings.output or "generated")
        if flags.output is not None:
            outputs = here / flags.output
        self._walk = Walk(config.root, normal(outputs, config.root), config.exclude)
        self.problems: list[tuple[Problem, Source]] = []
        self._found: list[Input] = []
        for name in flags.files:
            if name == "-":
                self._stdin(flags)
            else:
                self._named(name)
        if not flags.files:
            self._sources()

    @property
    def found(self) -> list[Input]:
        """The files, each once: it may have been named twice, or be in two of the folders."""
        unique: dict[Path | None, Input] = {}
        for one in self._found:
            before = unique.get(one.path, one)
            unique[one.path] = replace(before, walked=before.walked and one.walked)
        return list(unique.values())

    @property
    def skipped(self) -> list[str]:
        """A line for each file or folder that was passed over, with the reason."""
        return [
            f"{relative(path, self._here)}: not read: {reason}"
            for path, reason in self._walk.skipped
        ]

    def _stdin(self, flags: Flags) -> None:
        if flags.stdin_filename is None:
            self._found.append(Input(STDIN, None, None))
            return
        place = normal(self._here / flags.stdin_filename, self._config.root)
        self._found.append(Input(flags.stdin_filename, None, place, self._base(place, None)))

    def _named(self, name: str) -> None:
        path = normal(self._here / name, self._config.root)
        problem = self._add(path, Path(name).is_absolute())
        if problem is not None:
            self.problems.append((problem, Source(name, "")))

    def _sources(self) -> None:
        config = self._config
        named = [*config.sources, *(file.path for file in config.files)]
        if not named:
            missing = "there is no pyproject.toml here or above"
            if config.file is not None:
                missing = "[tool.codegen] in pyproject.toml lists no sources"
            self.problems.append((usage(f"no file is named, and {missing}"), Source("", "")))
        for name in named:
            problem = self._add(normal(config.root / name, config.root), absolute=False)
            if problem is not None:
                message = f"{name}: {problem.message}"
                self.problems.append(config.problem("sources", message, problem.help))

    def _add(self, path: Path, absolute: bool) -> Problem | None:
        """Add a file, or the files of a folder; return what is wrong if there is none."""

        def shown(file: Path) -> str:
            return file.as_posix() if absolute else relative(file, self._here)

        before = len(self._found)
        try:
            if not path.is_dir():
                if not path.exists():
                    return _not_there(path)
                self._found.append(Input(shown(path), path, path, self._base(path, None)))
                return None
            for file in self._walk.files(path):
                base = self._base(file, path)
                self._found.append(Input(shown(file), file, file, base, walked=True))
        except OSError as error:
            return Problem("unreadable", f"cannot be read: {error.strerror}", None, READABLE)
        if len(self._found) > before:
            return None
        advice = "generated, hidden, empty and excluded files are not read; -v lists them"
        return Problem("no-file", "no .py file to read is in this folder", None, advice)

    def _base(self, path: Path, named: Path | None) -> Path:
        """Return the folder below which a file's sub-folders are kept.

        A folder of `sources` comes first, so that an output has one place however it is asked for.
        """
        root = self._config.root
        folders = [normal(root / name, root) for name in self._config.sources]
        around = [folder for folder in folders if folder.is_dir() and path.is_relative_to(folder)]
        return max(around, key=lambda folder: len(folder.parts), default=named or path.parent)


def relative(path: Path, folder: Path) -> str:
    """Return a path from a folder, with slashes; on another drive, the name alone."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.name


def normal(path: Path, root: Path) -> Path:
    """Return an absolute path without `..`, as a path below the root if it leads there."""
    path = Path(os.path.abspath(path))  # noqa: PTH100 (resolve() would follow symbolic links)
    if not path.is_relative_to(root):
        try:
            return root / path.resolve().relative_to(root.resolve())
        except (ValueError, OSError, RuntimeError):  # links may go in a circle
            pass
    return path


def _not_there(path: Path) -> Problem:
    beside = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    near = did_you_mean(path.name, beside, cutoff=0.7)
    return Problem("no-file", "there is no such file or folder", None, near)
