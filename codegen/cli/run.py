"""One file after the other: read, generate, then write, compare, print or verify."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.cli.flags import Flags
from codegen.cli.follow import Folder
from codegen.cli.inputs import Input
from codegen.cli.jobs import Job, Target
from codegen.cli.report import NO, Report
from codegen.config import Settings
from codegen.errors import READABLE, CodegenError, Note, Problem
from codegen.source import Source
from codegen.write import Output, write_whole
from codegen.write_header import State, with_header

if TYPE_CHECKING:
    from codegen.pipeline import Generated, Options

# What the compiler says of a file in which there is nothing for it. In a folder, where nobody
# named the file, that is no reason to fail.
_NOTHING_THERE = frozenset({"empty", "nothing-to-differentiate"})


class Run:
    """Does what the flags ask for with one job at a time; what comes of it is in the report."""

    def __init__(self, flags: Flags, report: Report, rules: tuple[Source, ...] = ()) -> None:
        self.flags, self.report, self.rules = flags, report, rules
        self._up_to_date = 0
        self._several = False

    def all(self, jobs: Sequence[Job]) -> None:
        """Do all jobs, and say what there is to say at the end."""
        self._several = sum(len(job.targets) for job in jobs) > 1
        for job in jobs:
            self._job(job)
        if self.flags.check and self._up_to_date and not self.report.status:
            outputs = "1 output is" if self._up_to_date == 1 else f"{self._up_to_date} outputs are"
            self.report.say(f"{outputs} up to date")

    def _job(self, job: Job) -> None:
        """Do one job; what is wrong with it, or with us, is reported and the next can be done."""
        try:
            source = self._read(job.input)
            if source is None:
                return
            if self.flags.show is not None:
                self._show(job, source, self.flags.show)
            else:
                self._generate(job, source)
        except CodegenError as error:
            if job.input.walked and all(one.code in _NOTHING_THERE for one in error.problems):
                for problem in error.problems:
                    self.report.note(Note(problem.message, problem.span), error.source)
            else:
                self.report.error(error)
        except Exception:  # noqa: BLE001 (a bug of ours; the next file may do)
            self.report.crash(job.input.shown)

    def _read(self, one: Input) -> Source | None:
        try:
            return Source.from_bytes(_bytes(one.path), one.shown)
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            problem = Problem("unreadable", message, None, READABLE)
            self.report.problem(problem, Source(one.shown, ""))
            return None

    def _show(self, job: Job, source: Source, stage: str) -> None:
        from codegen.pipeline import show

        # The stages are of the functions, whatever outputs are made of them.
        text = show(source, _options(job, job.targets[0], self.rules), stage).rstrip("\n")
        heading = f"# {source.filename}\n" if self._several else ""
        self.report.text(f"{heading}{text}\n")

    def _generate(self, job: Job, source: Source) -> None:
        """Generate all outputs of a file before any is written, compared or printed."""
        from codegen.pipeline import compile_source

        made = [
            _Made(job, target, compile_source(source, _options(job, target, self.rules)), source)
            for target in job.targets
        ]
        if self.report.verbose or not (self.flags.check or self.flags.diff):
            for note in dict.fromkeys(note for one in made for note in one.generated.notes):
                self.report.note(note, source)
        made = [one for one in made if one.generated.functions]
        if not made:
            self._nothing(job, source)
            return
        for one in made:
            for function in one.generated.functions:
                of, wrt = ", ".join(function.of), ", ".join(function.wrt)
                self.report.detail(f"{source.filename}: {function.gradient_name}: {of} by {wrt}")
        try:
            self._deliver(job, source, made)
        except OSError as error:
            where = error.filename2 or error.filename or ", ".join(one.shown for one in made)
            message = f"the output cannot be written: {error.strerror or error}: {where}"
            problem = Problem("unwritable", message, None, "name another place with -o")
            self.report.problem(problem, _of(source.filename))
            return
        if self.flags.verify:
            for one in made:
                self._verify(one, source)

    def _nothing(self, job: Job, source: Source) -> None:
        if not job.input.walked:
            message = "no function in this file has something to differentiate"
            way_out = "return a float that is computed from a parameter"
            problem = Problem("nothing-to-differentiate", message, None, way_out)
            self.report.problem(problem, source)

    def _deliver(self, job: Job, source: Source, made: list[_Made]) -> None:
        outputs = []
        for one in made:
            if one.target.output is not None:
                outputs.append((one.target, Output(one.target.output, one.text)))
            elif self.flags.check or self.flags.diff:
                message = "there is no output to compare with: it would go to stdout"
                advice = "name the file that it was written to: -o PATH"
                self.report.problem(Problem("usage", message, None, advice), _of(source.filename))
            else:
                self.report.text(one.text)
        if self.flags.diff:
            self._diff(outputs)
        if self.flags.check:
            self._check(job, outputs)
        if not (self.flags.check or self.flags.diff):
            self._write(outputs)

    def _diff(self, outputs: list[tuple[Target, Output]]) -> None:
        for target, output in outputs:
            difference = output.difference(target.shown)
            if difference:
                self.report.difference(difference)
                self.report.fail(NO)

    def _check(self, job: Job, outputs: list[tuple[Target, Output]]) -> None:
        says = {
            State.MISSING: "there is no such file",
            State.STALE: f"is not what {job.input.shown} gives now",
            State.EDITED: "was edited by hand",
            State.FOREIGN: "was not written by codegen",
        }
        for target, output in outputs:
            state = output.state()
            if state is State.SAME:
                self._up_to_date += 1
                self.report.detail(f"{target.shown}: up to date")
                continue
            advice = f"{target.command} writes it"
            if state in (State.EDITED, State.FOREIGN):
                advice = f"{target.command} --diff shows what would change"
            problem = Problem(state.value, says[state], None, advice)
            self.report.problem(problem, _of(target.shown), NO)

    def _write(self, outputs: list[tuple[Target, Output]]) -> None:
        changed = []
        refused = False
        for target, output in outputs:
            state = output.state()
            if state is State.SAME:
                self.report.detail(f"{target.shown}: not changed")
                continue
            changed.append((target, output))
            if state in (State.EDITED, State.FOREIGN) and not self.flags.force:
                refused = True
                says = "was edited by hand, and is not overwritten"
                if state is State.FOREIGN:
                    says = "was not written by codegen, and is not overwritten"
                advice = "--force overwrites it, --diff shows what would change"
                problem = Problem(state.value, says, None, advice)
                self.report.problem(problem, _of(target.shown), NO)
        if not refused:
            write_whole([output for _, output in changed])
            for target, _ in changed:
                self.report.say(f"wrote {target.shown}")

    def _verify(self, one: _Made, source: Source) -> None:
        from codegen.verification import verify_file

        path = None if one.job.input.path is None else str(one.job.input.path)
        found = verify_file(path, source, one.generated, header_lines=one.header_lines)
        # The lines are of functions; which file's is said if there are several.
        heading = [f"{one.shown}:"] if self._several else []
        lines = "".join(f"{line}\n" for line in [*heading, *found.lines])
        if one.target.output is None and not (self.flags.check or self.flags.diff):
            self.report.aside(lines)  # stdout has the module
        else:
            self.report.text(lines)
        self.report.fail(found.status)


class _Made:
    """One output of a file as it was generated, and the text to write, header included."""

    def __init__(self, job: Job, target: Target, generated: Generated, source: Source) -> None:
        self.job, self.target, self.generated = job, target, generated
        self.text = generated.text
        if job.name is not None:
            self.text = with_header(generated.text, job.name, target.command, source.digest())
        self.header_lines = self.text.count("\n") - generated.text.count("\n")
        self.shown = job.input.shown if target.output is None else target.shown


def _options(job: Job, target: Target, rules: tuple[Source, ...]) -> Options:
    from codegen.pipeline import Options

    asked, said = target.asked, target.defaults
    defaults = None
    if said != Settings():
        defaults = Options(said.function, said.wrt, said.of, **vars(target.form))
    form = vars(target.form)
    place = job.input.place
    folder = Folder(None if place is None else place.parent, Path.cwd())
    return Options(
        asked.function,
        asked.wrt,
        asked.of,
        defaults=defaults,
        rules=rules,
        neighbours=folder,
        **form,
    )


def _bytes(path: Path | None) -> bytes:
    if path is not None:
        return path.read_bytes()
    buffer = getattr(sys.stdin, "buffer", None)
    return buffer.read() if buffer is not None else sys.stdin.read().encode("utf-8")


def _of(shown: str) -> Source:
    """Return a source for problems of an output as a whole."""
    return Source(shown, "")
