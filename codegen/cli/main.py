"""The command line: what is asked for is done file by file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from codegen.cli.flags import Flags, help_text, parse, usage
from codegen.cli.follow import follow
from codegen.cli.inputs import Inputs, relative
from codegen.cli.jobs import Planner
from codegen.cli.report import INTERRUPTED, NO_ANSWER, Report
from codegen.cli.run import Run
from codegen.config import Config, load
from codegen.errors import READABLE, CodegenError, Problem
from codegen.source import Source

_NOBODY = Source("", "")  # what is wrong is in the command line, not in a file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; without arguments, `sys.argv`'s.

    0 done, up to date or verified; 1 the answer is no; 2 it could not answer; 70 a bug of ours;
    130 interrupted. Nothing is raised.
    """
    flags, problems = parse(sys.argv[1:] if arguments is None else arguments)
    report = Report(flags.format, flags.color, flags.quiet, flags.verbose)
    try:
        if flags.help:
            report.text(help_text())
        elif flags.version:
            from codegen import __version__

            report.text(f"codegen {__version__}\n")
        elif problems:
            for problem in problems:
                report.problem(problem, _NOBODY)
        elif flags.list_gates:
            from codegen.gates.table import listing

            report.text(listing())
        else:
            report = _run(flags, report)
    except KeyboardInterrupt:
        report.say("codegen: interrupted")
        return INTERRUPTED
    except Exception:  # noqa: BLE001 (a bug of ours, whatever it is)
        report.crash(None)
    return report.status


def _run(flags: Flags, report: Report) -> Report:
    """Do what is asked for with the files, and return the report that the project asks for."""
    try:
        here = Path.cwd()
    except OSError:
        report.problem(usage("the current folder is gone", "change to one that exists"), _NOBODY)
        return report
    config = _config(here, report)
    if config is None:
        return report
    loud, soft = (flags.verbose, flags.quiet)
    report = Report(
        flags.format or config.format,
        flags.color or config.color,
        quiet=soft or (config.quiet and not loud),
        verbose=loud or (config.verbose and not soft),
    )
    if config.file is not None:
        report.detail(f"codegen: project {config.root}")
    inputs = Inputs(flags, config, here)
    for line in inputs.skipped:
        report.detail(line)
    for problem, source in inputs.problems:
        report.problem(problem, source)
    jobs, problems = Planner(flags, config, here).plan(inputs.found)
    if flags.follow and not problems:
        more, problems = follow(jobs, flags, config, here)
        jobs = [*jobs, *more]
    for problem, source in problems:
        report.problem(problem, source)
    rules = _rules(config, here, report)
    if not problems and rules is not None:
        Run(flags, report, rules).all(jobs)
    return report


def _rules(config: Config, here: Path, report: Report) -> tuple[Source, ...] | None:
    """Return the project's files of rules; None, told of, where one cannot be read."""
    found = []
    for name in config.rules:
        path = config.root / name
        try:
            found.append(Source.from_bytes(path.read_bytes(), relative(path, here)))
        except (OSError, CodegenError) as error:
            if isinstance(error, CodegenError):
                report.error(error)
            else:
                words = f"the file of rules {name!r} cannot be read: {error.strerror or error}"
                way_out = "paths are relative to the folder of pyproject.toml"
                report.problem(*config.problem("rules", words, way_out))
            return None
    return tuple(found)


def _config(here: Path, report: Report) -> Config | None:
    try:
        return load(here)
    except CodegenError as error:
        report.error(error)
    except OSError as error:
        problem = Problem("unreadable", f"cannot be read: {error.strerror}", None, READABLE)
        report.problem(problem, Source("pyproject.toml", ""), NO_ANSWER)
    return None
