"""The process that runs the author's file: a job on stdin, an answer a line for each function.

`runner.py` starts it, with the folder of the forward file as its argument.
"""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Iterator
from typing import Any, TextIO

import numpy as np

from codegen.pipeline import FunctionReport
from codegen.verification.author import Author, NotRunnableError, function_of_file, run_file, script
from codegen.verification.check import GENERATED, Checker, Findings
from codegen.verification.job import COULD_NOT, FAILED, VERIFIED, Answer, Job
from codegen.verification.locate import first_wrong_line
from codegen.verification.objects import method_of_file
from codegen.verification.probe import TOLERANCE
from codegen.verification.styles import as_joint, with_value


def main() -> None:
    """Verify one job; what the author's code prints or reads is kept off the protocol."""
    job = Job.from_json(sys.stdin.readline())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    folder = sys.argv[1]
    os.chdir(folder)
    sys.path.insert(0, folder)
    sys.argv = [job.path or "-"]
    for answer in verify(job):
        _send(answer, answers)


def verify(job: Job) -> Iterator[Answer]:
    """Run the forward file and the gradient module, and yield an answer for each function."""
    try:
        whole = any(not report.is_script for report in job.functions)
        forward = run_file(job.path, job.source) if whole else {}
    except NotRunnableError as error:
        yield Answer(None, [f"not verified: {error}"], COULD_NOT)
        return
    gradients: dict[str, Any] = {"__name__": "generated_gradient"}
    try:
        for name, text in job.modules:
            sys.modules[name] = made = types.ModuleType(name)
            exec(compile(text, f"<{name}>", "exec", dont_inherit=True), made.__dict__)
        exec(compile(job.text, GENERATED, "exec", dont_inherit=True), gradients)
    except Exception as error:  # noqa: BLE001 - it is what is being verified
        if isinstance(error, ModuleNotFoundError) and error.name == "numba":
            yield Answer(None, ["not verified: numba is not installed"], COULD_NOT)
            return
        yield Answer(None, [f"FAILED: importing what was written raises {error!r}"], FAILED)
        return
    for report in job.functions:
        yield _verify_function(report, job, forward, gradients)


def _verify_function(
    report: FunctionReport, job: Job, forward: dict[str, Any], gradients: dict[str, Any]
) -> Answer:
    if report.stops:
        words = "an assignment is marked `# codegen: stop`, which finite differences cannot follow"
        return Answer(report.name, [f"{report.name}: not verified: {words}"], COULD_NOT)
    try:
        if report.is_script:
            author = script(report, job.source)
        elif report.of_class is not None:
            author = method_of_file(report, forward)
        else:
            author = function_of_file(report, forward)
        gradient = as_joint(report, gradients)
        if gradient is not None and (report.returns == "grad" or report.jacobian is not None):
            gradient = with_value(author, gradient)
        if gradient is None:
            raise NotRunnableError(f"there is no gradient of {report.name} in what was written")
    except NotRunnableError as error:
        return Answer(report.name, [f"{report.name}: not verified: {error}"], COULD_NOT)
    with np.errstate(all="ignore"):
        found = Checker(author, gradient, job.text, job.header_lines).run()
        lines = list(_lines(report, found))
        lines += _first_wrong_line(author, found, job)
    if found.faults or any(deviation > TOLERANCE for deviation in found.deviations.values()):
        return Answer(report.name, lines, FAILED)
    known = all(name in found.deviations for name in report.wrt)
    return Answer(report.name, lines, VERIFIED if known else COULD_NOT)


def _lines(report: FunctionReport, found: Findings) -> Iterator[str]:
    """Yield the report of one function: a line for each input, and one for each broken promise."""
    name = report.name
    for wrt in report.wrt:
        own = [fault for fault in found.faults if fault.input == wrt]
        deviation = found.deviations.get(wrt)
        if deviation is not None and (np.isfinite(deviation) or not own):
            of = f" ({found.samples[wrt]})" if wrt in found.samples else ""
            verdict = "ok" if deviation <= TOLERANCE else "FAILED"
            oracle = f"largest deviation {deviation:.1e} from central differences{of}"
            yield f"{name}: {wrt}: {oracle}, tolerance {TOLERANCE:.0e}: {verdict}"
        for fault in own:
            yield f"{name}: {wrt}: FAILED: {fault.words}"
    for fault in found.faults:
        if fault.input is None:
            yield f"{name}: FAILED: {fault.words}"
    is_told = bool(found.faults and report.examples)  # it needs no other examples
    if any(wrt not in found.deviations for wrt in report.wrt) and not is_told:
        reason = found.reasons[0] if found.reasons else "no call gave gradients to compare"
        way_out = f"add above its def '# codegen: example {name}(...)'"
        if report.of_class is not None:
            call = f"{name}(...).{report.of_class.method}(...)"
            way_out = f"add above its def '# codegen: example {call}'"
        if report.is_script:
            way_out = "give the script other example values"
        yield f"{name}: not verified: {reason}; {way_out}"


def _first_wrong_line(author: Author, found: Findings, job: Job) -> Iterator[str]:
    line = first_wrong_line(author, job.text, found.wrong_at) if found.wrong_at else None
    if line is not None:
        words = job.text.split("\n")[line - 1].strip()
        where = f"{line + job.header_lines}: {words}"
        yield f"{author.report.name}: the first gradient line that disagrees: {where}"


def _send(answer: Answer, answers: TextIO) -> None:
    answers.write(answer.to_json() + "\n")
    answers.flush()
