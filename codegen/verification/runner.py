"""`--verify` from the outside: start a process, wait no longer than allowed, read its answers."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from codegen.pipeline import Generated
from codegen.source import Source
from codegen.verification.job import COULD_NOT, FAILED, VERIFIED, Answer, Job

_ROOT = str(Path(__file__).resolve().parents[2])  # the folder that holds codegen
# Not `-m`, which does not look in the current folder under PYTHONSAFEPATH; and once our modules
# are imported, only the author's folder is on the path besides what is installed.
_START = (
    f"import sys; sys.path.insert(0, {_ROOT!r}); from codegen.verification.worker import main;"
    " del sys.path[0]; sys.path[:] = filter(None, sys.path); main()"
)


@dataclass(frozen=True)
class VerificationReport:
    """What to print, and the exit status: 0 verified, 1 failed, 2 it could not answer."""

    lines: list[str]
    status: int


def verify_file(
    forward_path: str | None,
    source: Source,
    generated: Generated,
    *,
    time_limit: float = 300.0,
    header_lines: int = 0,
) -> VerificationReport:
    """Check what was generated against finite differences of the author's functions.

    The forward file is run, in a process of its own with the file's folder as the current one, and
    stopped after `time_limit` seconds; `forward_path` is None if the source has no file, which
    then runs in the current folder. Line numbers in the report count `header_lines` lines above
    the generated text. A crash or a hang of the author's code is reported, status 2.

    >>> from codegen.request import FunctionReport, Parameter
    >>> x = Parameter("x", "scalar")
    >>> square = FunctionReport("f", "f_grad", (x,), ("x",), ("f",), ("df",), None)
    >>> wrong = Generated("def f_grad(x, df=1.0): return x * x, 3 * x * df", (), (square,))
    >>> verify_file(None, Source("<stdin>", "def f(x): return x * x"), wrong)
    ... # doctest: +NORMALIZE_WHITESPACE
    VerificationReport(lines=['f: x: largest deviation 5.0e-01 from central differences,
    tolerance 1e-06: FAILED'], status=1)
    """
    path = None if forward_path is None else Path(forward_path).resolve()
    folder = Path.cwd() if path is None else path.parent
    job = Job(
        None if path is None else str(path),
        source.text,
        generated.text,
        generated.functions,
        header_lines,
        generated.modules,
    )
    with (
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as told,
        tempfile.TemporaryFile() as errors,
    ):
        asked.write(job.to_json().encode() + b"\n")
        asked.seek(0)
        end = _run(folder, (asked, told, errors), time_limit)
        told.seek(0)
        answers = _complete_lines(told.read().decode())
    return _report(job, answers, end)


def _run(
    folder: Path, files: tuple[IO[bytes], IO[bytes], IO[bytes]], time_limit: float
) -> str | None:
    """Run the worker; return in words why it did not end well, or None.

    It reads and writes files, not pipes: a process that the author's code leaves behind holds
    nothing that is waited for.
    """
    asked, told, errors = files
    process = subprocess.Popen(
        [sys.executable, "-c", _START, str(folder)],
        cwd=_ROOT,
        stdin=asked,
        stdout=told,
        stderr=errors,
        start_new_session=True,
    )
    try:
        status = process.wait(time_limit)
    except subprocess.TimeoutExpired:
        return f"it was stopped after {time_limit:g} s"
    finally:
        _stop(process)
    if status == 0:
        return None
    if status < 0:
        with contextlib.suppress(ValueError):
            return f"the process was ended by {signal.Signals(-status).name}"
    return f"the process ended with status {status}{_last_line(errors)}"


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().split("\n")
    return f" ({lines[-1].strip()})" if lines[-1] else ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the worker and what it started, if they are still there."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _complete_lines(text: str) -> list[Answer]:
    """Return the answers that were written whole: the last may have been cut off."""
    return [Answer.from_json(line) for line in text.split("\n")[:-1]]


def _report(job: Job, answers: list[Answer], end: str | None) -> VerificationReport:
    lines = [line for answer in answers for line in answer.lines]
    statuses = [answer.status for answer in answers]
    answered = {answer.function for answer in answers}
    missing = [report.name for report in job.functions if report.name not in answered]
    if None not in answered and missing:
        reason = end or "the author's code ended the process"
        lines += [f"{name}: not verified: {reason}" for name in missing]
        statuses.append(COULD_NOT)
    if not statuses:
        return VerificationReport(["not verified: there is no gradient function"], COULD_NOT)
    for status in (FAILED, COULD_NOT):
        if status in statuses:
            return VerificationReport(lines, status)
    return VerificationReport(lines, VERIFIED)
