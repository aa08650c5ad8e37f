"""What is written for each file, where, and with which options."""

from __future__ import annotations

import os
import shlex
import unicodedata
from dataclasses import dataclass, fields, replace
from pathlib import Path

from codegen.cli.flags import Flags, usage
from codegen.cli.inputs import STDIN, Input, normal, relative
from codegen.config import Config, Settings
from codegen.errors import Problem
from codegen.request import Form
from codegen.source import Source
from codegen.write_header import is_generated

_SUFFIXES = {"joint": "_grad", "split": "_split", "gate": "_gate"}


@dataclass(frozen=True)
class Target:
    """One output of a file. `asked` is what flags say, `defaults` what pyproject.toml says."""

    form: Form
    asked: Settings
    defaults: Settings
    output: Path | None  # None: stdout
    shown: str  # the output in messages
    command: str  # what writes it again, from the project's folder


@dataclass(frozen=True)
class Job:
    """A file and its outputs, which are written all or none."""

    input: Input
    name: str | None  # the file in the header; None: no header
    targets: tuple[Target, ...]


class Planner:
    """Turns files into jobs, by the flags and pyproject.toml."""

    def __init__(self, flags: Flags, config: Config, here: Path) -> None:
        """`here` is the current folder, which `-o` is relative to."""
        self.flags, self.config, self.here = flags, config, here
        self.asked = Settings(function=flags.function, wrt=flags.wrt, of=flags.of)

    def plan(self, inputs: list[Input]) -> tuple[list[Job], list[tuple[Problem, Source]]]:
        """Return a job for each file, and what contradicts itself (then nothing may be run)."""
        problems: list[tuple[Problem, Source]] = []
        jobs = []
        for one in inputs:
            try:
                jobs.append(self._job(one))
            except _NotPlannedError as error:
                problems.append((error.problem, Source(one.shown, "")))
            except (OSError, RuntimeError) as error:  # too long, or links in a circle
                problems.append((usage(f"its output has no place: {error}"), Source(one.shown, "")))
        if self.flags.show is None:
            problems += [(problem, Source("", "")) for problem in _collisions(jobs)]
        return jobs, problems

    def _job(self, one: Input) -> Job:
        place = one.place
        name = None if place is None else relative(place, self.config.root)
        # The header is comments of one line in UTF-8, whatever a file may be called.
        if not _is_one_line(name or ""):
            raise _NotPlannedError(usage("a name with control characters", "rename the file"))
        entries = self._entries(place)
        made = [self._target(one, entry, entries) for entry in entries]
        unique = {(t.form, t.defaults, t.output): t for t in made}
        if name is None and made[0].output is not None:
            name = STDIN
        return Job(one, name, tuple(unique.values()))

    def _entries(self, place: Path | None) -> list[Settings]:
        """Return what pyproject.toml says for a file: once, or once for each of its outputs."""
        root, general = self.config.root, self.config.settings
        entries = [
            entry.settings.over(general)
            for entry in self.config.files
            if normal(root / entry.path, root) == place
        ]
        style = self.flags.style
        of_style = [entry for entry in entries if style in (entry.style or "joint", None)]
        return of_style or entries or [general]

    def _target(self, one: Input, entry: Settings, entries: list[Settings]) -> Target:
        usual = entry.form()
        asked = {field.name: getattr(self.flags, field.name) for field in fields(Form)}
        form = replace(usual, **{name: value for name, value in asked.items() if value})
        output = self._output(one, form, entry)
        if output is not None and not _is_one_line(str(output)):
            raise _NotPlannedError(usage("its output would have control characters in its name"))
        shown = "<stdout>" if output is None else self._shown(output)
        nothing = {field.name: None for field in fields(Form)}
        defaults = replace(entry, output=None, **nothing)
        command = self._command(one, form, usual, output, entries)
        return Target(form, self.asked, defaults, output, shown, command)

    def _shown(self, output: Path) -> str:
        if self.flags.output is not None and Path(self.flags.output).is_absolute():
            return output.as_posix()
        return relative(output, self.here)

    def _output(self, one: Input, form: Form, entry: Settings) -> Path | None:
        asked = self.flags.output
        if asked == "-" or (asked is None and one.path is None):
            return None
        if asked is None:
            return self._usual(one, form, entry)
        if one.place is None and _is_folder(asked, self.here / asked):
            advice = "--stdin-filename NAME says what the file from stdin is called"
            raise _NotPlannedError(usage(f"-o {asked} is a folder", advice))
        return normal(_below(asked, self.here, one, one.base, form), self.config.root)

    def _usual(self, one: Input, form: Form, entry: Settings, alone: bool = False) -> Path:
        """Return where an output goes without `-o`; `alone`: if the file is named by itself."""
        base = one.base
        if alone and one.place is not None and not self._in_sources(one.base):
            base = one.place.parent
        output = entry.output or "generated/"
        return normal(_below(output, self.config.root, one, base, form), self.config.root)

    def _in_sources(self, base: Path | None) -> bool:
        root = self.config.root
        return any(normal(root / name, root) == base for name in self.config.sources)

    def _command(
        self,
        one: Input,
        form: Form,
        unasked: Form,
        output: Path | None,
        entries: list[Settings],
    ) -> str:
        """Return the command that writes this output again when run in the project's folder."""
        root, asked = self.config.root, self.asked
        words = ["python", "-m", "codegen"]
        words.append("-" if one.place is None else _argument(relative(one.place, root)))
        words += [word for name in asked.function or () for word in ("--function", name)]
        words += ["--wrt", ",".join(asked.wrt)] if asked.wrt else []
        words += [word for name in asked.of or () for word in ("--of", name)]
        for field in fields(Form):
            value = getattr(form, field.name)
            if value != getattr(unasked, field.name):
                words += [f"--{field.name}", *([] if value is True else [value])]
        if output is not None:
            usual = [self._usual(one, form, other, alone=True) for other in entries if one.place]
            if output not in usual:
                words += ["-o", _argument(relative(output, root))]
        return shlex.join(words)


class _NotPlannedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _below(text: str, folder: Path, one: Input, base: Path | None, form: Form) -> Path:
    """Return the file that an output path from a folder means for an input."""
    path = folder / text
    if one.place is None or not _is_folder(text, path):
        return path
    below = Path() if base is None else one.place.parent.relative_to(base)
    suffix = "_jac" if form.jacobian is not None else _SUFFIXES[form.style]
    return path / below / f"{one.place.stem}{suffix}{'_debug' * form.debug}.py"


def _is_folder(text: str, path: Path) -> bool:
    """Tell whether an output path means a folder, also one that is not there yet."""
    if path.exists():
        return path.is_dir()
    return text.endswith(("/", os.sep)) or not path.suffix


def _argument(path: str) -> str:
    """Return a path that cannot be taken for a flag."""
    return f"./{path}" if path.startswith("-") else path


def _collisions(jobs: list[Job]) -> list[Problem]:
    """Find outputs that two inputs claim, and outputs that are themselves inputs.

    An output of ours may be differentiated in turn: it is written before it is read.
    """
    found = []
    inputs = {_real(job.input.place): job for job in jobs if job.input.place is not None}
    claimed: dict[str, Job] = {}
    for place, job in enumerate(jobs):
        for target in job.targets:
            key = "-" if target.output is None else _real(target.output)
            if key in inputs and not (inputs[key] in jobs[place + 1 :] and _is_ours(target.output)):
                message = f"{target.shown} is an input: it would be overwritten"
                found.append(usage(message, "name another file: -o PATH"))
            if key in claimed:
                found.append(_both(claimed[key], job, target))
            claimed[key] = job
    return found


def _is_ours(path: Path | None) -> bool:
    try:
        return path is not None and is_generated(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return False


def _both(one: Job, other: Job, target: Target) -> Problem:
    if one is other:
        message = f"two outputs of {other.input.shown} would be written to {target.shown}"
        return usage(message, "give each [[tool.codegen.file]] its output or style")
    inputs = f"{one.input.shown} and {other.input.shown}"
    advice = "name a folder: -o FOLDER/ keeps the files apart, and sub-folders if a folder is read"
    return usage(f"{inputs} would both be written to {target.shown}", advice)


def _is_one_line(name: str) -> bool:
    """Tell whether a name can stand in a comment: no line ends, no halves of surrogate pairs."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name)


def _real(path: Path) -> str:
    try:
        return os.path.normcase(path.resolve())
    except (OSError, RuntimeError):  # links in a circle: opening it will say so
        return os.path.normcase(path)
