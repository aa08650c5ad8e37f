"""What a run says, to whom, and in which format; and the exit status that comes of it."""

from __future__ import annotations

import json
import os
import platform
import sys
import traceback
from typing import TextIO

from codegen.errors import CodegenError, Note, Problem, format_note, format_problem
from codegen.source import Source

DONE, NO, NO_ANSWER, BUG, INTERRUPTED = 0, 1, 2, 70, 130


class Report:
    """Requested text goes to stdout, all else to stderr. `status` is the worst so far."""

    def __init__(
        self,
        format: str | None = None,
        color: str | None = None,
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        """`format` and `color` are as the flags have them; None: by the environment."""
        usual = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
        self.format = format or usual
        self._color = color or "auto"
        self.quiet = quiet
        self.verbose = verbose
        self.status = DONE

    def text(self, text: str) -> None:
        """Print requested text: UTF-8 with LF line ends, whatever the terminal's encoding is."""
        _print(sys.stdout, text)

    def aside(self, text: str) -> None:
        """Print requested text to stderr, where stdout has something else."""
        _print(sys.stderr, text)

    def difference(self, text: str) -> None:
        """Print a diff, colored on a terminal."""
        if self._colored(sys.stdout):
            styles = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
            text = "".join(
                f"{styles[line[0]]}{line}\x1b[0m\n" if line[0] in styles else f"{line}\n"
                for line in text.removesuffix("\n").split("\n")
            )
        self.text(text)

    def problem(self, problem: Problem, source: Source, status: int = NO_ANSWER) -> None:
        """Report a problem, which makes the exit status at least `status`."""
        color = self.format == "text" and self._colored(sys.stderr)
        _print(sys.stderr, format_problem(problem, source, self.format, color) + "\n")
        self.fail(status)

    def error(self, error: CodegenError) -> None:
        """Report all problems of a file."""
        for problem in error.problems:
            self.problem(problem, error.source)

    def note(self, note: Note, source: Source) -> None:
        """Report a note, unless quiet."""
        if not self.quiet:
            color = self.format == "text" and self._colored(sys.stderr)
            _print(sys.stderr, format_note(note, source, self.format, color) + "\n")

    def say(self, text: str) -> None:
        """Say what was done, unless quiet."""
        if not self.quiet:
            self._say(text, "info")

    def detail(self, text: str) -> None:
        """Say more, if verbose."""
        if self.verbose:
            self._say(text, "info")

    def crash(self, shown: str | None) -> None:
        """Report a bug of ours while an exception is handled; `shown` is the file we were at."""
        of = "" if shown is None else f", not in {shown}"
        self._say(
            f"{traceback.format_exc()}"
            f"codegen: this is a bug in codegen{of}\n"
            "  help: please report it with the traceback above, the smallest file that shows it, "
            f"and this: {_versions()}",
            "bug",
        )
        self.fail(BUG)

    def fail(self, status: int) -> None:
        """Make the exit status at least this."""
        self.status = max(self.status, status)

    def _say(self, text: str, severity: str) -> None:
        if self.format == "json":  # every line of stderr is an object then
            text = json.dumps({"severity": severity, "message": text})
        _print(sys.stderr, text + "\n")

    def _colored(self, stream: TextIO) -> bool:
        if self._color != "auto":
            return self._color == "always"
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return stream.isatty()


def _versions() -> str:
    """Return the versions that a bug may depend on, without importing anything of them."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name, distribution in [("codegen", "codegen-backprop"), ("black", "black")]:
        try:
            found.append(f"{name} {version(distribution)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join([*found, f"Python {platform.python_version()}", platform.system()])


def _print(stream: TextIO, text: str) -> None:
    try:
        buffer = getattr(stream, "buffer", None)
        if stream is sys.stdout and buffer is not None:
            stream.flush()
            buffer.write(text.encode("utf-8", "surrogateescape"))
            buffer.flush()
        else:
            stream.write(text)
            stream.flush()
    except BrokenPipeError:
        # The reader has seen enough; what is left to do is still done, without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
