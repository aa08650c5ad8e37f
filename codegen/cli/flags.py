"""The flags: one table, for reading arguments, printing help and checking pyproject.toml."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from codegen.errors import Problem
from codegen.request import JACOBIANS, RETURNS, STYLES, TARGETS


@dataclass(frozen=True)
class Flag:
    """One flag. `kind` is "switch", "word" (any value) or "names" (repeatable, `x,y` too)."""

    name: str
    kind: str
    help: str
    short: str | None = None
    metavar: str = ""
    choices: tuple[str, ...] = ()
    in_config: bool = False  # may stand in pyproject.toml
    for_file: bool = False  # ... also under [[tool.codegen.file]]

    @property
    def field(self) -> str:
        """The attribute of `Flags` that holds it."""
        return self.name.replace("-", "_")


def _word(name: str, metavar: str, help: str, **more: Any) -> Flag:
    return Flag(name, "word", help, metavar=metavar, **more)


def _choice(name: str, choices: tuple[str, ...], help: str, **more: Any) -> Flag:
    return Flag(name, "word", help, metavar="|".join(choices), choices=choices, **more)


TABLE = (
    _word(
        "output",
        "PATH",
        "file, folder, or '-' for stdout\n(default: generated/<stem>_grad.py, _split or _gate)",
        short="o",
        in_config=True,
        for_file=True,
    ),
    _word("stdin-filename", "NAME", "the name to show for '-'"),
    Flag(
        "function",
        "names",
        "only this function (repeatable; default: every public\ntop-level function, or __all__)",
        short="f",
        metavar="NAME",
        in_config=True,
        for_file=True,
    ),
    Flag(
        "wrt",
        "names",
        "inputs to differentiate (default: all used as numbers)",
        metavar="x,y",
        in_config=True,
        for_file=True,
    ),
    Flag(
        "of",
        "names",
        "which returned values (repeatable)",
        metavar="NAME",
        in_config=True,
        for_file=True,
    ),
    _choice("style", STYLES, "what to write (default: joint)", in_config=True, for_file=True),
    _choice(
        "target",
        TARGETS,
        "what runs it: numba compiles it, or it is refused\n(default: numpy)",
        in_config=True,
        for_file=True,
    ),
    _choice(
        "returns",
        RETURNS,
        "grad: gradients only, without the value\n(default: both)",
        in_config=True,
        for_file=True,
    ),
    _choice(
        "jacobian",
        JACOBIANS,
        "of a function that is elementwise in its data: a column\nfor each scalar parameter",
        in_config=True,
        for_file=True,
    ),
    Flag(
        "debug",
        "switch",
        "the same code with a check after each gradient line",
        in_config=True,
        for_file=True,
    ),
    Flag(
        "check",
        "switch",
        "generate again and compare; 1 if an output is missing,\nstale or edited by hand",
    ),
    Flag("diff", "switch", "print the unified diff, write nothing; 1 if not empty"),
    Flag("follow", "switch", "write the modules of its folder that a file imports, too"),
    Flag("verify", "switch", "run the output against finite differences"),
    Flag("force", "switch", "overwrite a hand-edited output"),
    _choice("show", ("ir", "reverse", "statements"), "print a stage of the pipeline"),
    Flag("list-gates", "switch", "what it can differentiate"),
    _choice(
        "format",
        ("text", "json", "github"),
        "how problems are reported (default: text;\ngithub under GITHUB_ACTIONS)",
        in_config=True,
    ),
    _choice(
        "color",
        ("auto", "always", "never"),
        "colored messages (default: auto; NO_COLOR counts)",
        in_config=True,
    ),
    Flag("quiet", "switch", "no notes, no 'wrote ...'", short="q", in_config=True),
    Flag("verbose", "switch", "more detail", short="v", in_config=True),
    Flag("version", "switch", "print the version"),
    Flag("help", "switch", "print this text", short="h"),
)

_USAGE = """\
usage: python -m codegen [flags] FILE|FOLDER|- ...

Write the gradient function of a numpy forward function, as plain numpy.

  python -m codegen forward.py       writes generated/forward_grad.py
  python -m codegen examples/        every .py file in it
  python -m codegen - < forward.py   stdin to stdout
  python -m codegen                  the sources listed in pyproject.toml
"""
_STATUS = """\
exit status: 0 done, up to date or verified; 1 the answer is no; 2 could not answer;
70 a bug of codegen; 130 interrupted
"""


@dataclass(frozen=True)
class Flags:
    """What was asked for on the command line; None and False: not asked for."""

    files: tuple[str, ...] = ()
    output: str | None = None
    stdin_filename: str | None = None
    function: tuple[str, ...] | None = None
    wrt: tuple[str, ...] | None = None
    of: tuple[str, ...] | None = None
    style: str | None = None
    target: str | None = None
    returns: str | None = None
    jacobian: str | None = None
    debug: bool = False
    check: bool = False
    diff: bool = False
    follow: bool = False
    verify: bool = False
    force: bool = False
    show: str | None = None
    list_gates: bool = False
    format: str | None = None
    color: str | None = None
    quiet: bool = False
    verbose: bool = False
    version: bool = False
    help: bool = False


def help_text() -> str:
    """Return what `--help` prints."""
    lines = [_USAGE]
    for flag in TABLE:
        head = f"-{flag.short}, --{flag.name}" if flag.short else f"--{flag.name}"
        head = f"  {head} {flag.metavar}".rstrip()
        first, *rest = flag.help.split("\n")
        if len(head) > 28:
            lines.append(head)
            head = ""
        lines.append(f"{head:<30}{first}")
        lines += [" " * 30 + more for more in rest]
    return "\n".join([*lines, "", _STATUS])


def parse(arguments: Sequence[str]) -> tuple[Flags, list[Problem]]:
    """Read the arguments, flags and files in any order; return also what is wrong with them."""
    reader = _Reader(list(arguments))
    flags = reader.read()
    return flags, reader.problems + (_conflicts(flags) if not reader.problems else [])


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in `x,y`, or () if one of them is empty."""
    names = [name.strip() for name in text.split(",")]
    return tuple(dict.fromkeys(names)) if all(names) else ()


def did_you_mean(
    word: str, known: Iterable[str], prefix: str = "", cutoff: float = 0.6
) -> str | None:
    """Return a help line with the known word that is nearest, if one is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return f"did you mean {prefix}{near[0]}?" if near else None


def one_of(choices: Sequence[str]) -> str:
    """Return "a, b or c"."""
    return f"{', '.join(choices[:-1])} or {choices[-1]}"


def usage(message: str, help: str | None = None) -> Problem:
    """Return a problem of the command line as a whole."""
    return Problem("usage", message, None, help or "python -m codegen --help lists the flags")


class _Reader:
    """Takes the arguments one by one; all that is wrong is told at once."""

    def __init__(self, waiting: list[str]) -> None:
        self.waiting = waiting
        self.values: dict[str, Any] = {}
        self.files: list[str] = []
        self.problems: list[Problem] = []

    def read(self) -> Flags:
        while self.waiting:
            argument = self.waiting.pop(0)
            if argument == "--":
                self.files += self.waiting
                break
            if argument.startswith("--"):
                self._long(argument)
            elif argument.startswith("-") and argument != "-":
                self._short(argument)
            elif argument:
                self.files.append(argument)
            else:
                self.problems.append(usage("a file name is empty"))
        return replace(Flags(files=tuple(self.files)), **self.values)

    def _long(self, argument: str) -> None:
        name, equals, value = argument[2:].partition("=")
        flag = next((flag for flag in TABLE if flag.name == name), None)
        if flag is None:
            self._unknown(f"--{name}", did_you_mean(name, [flag.name for flag in TABLE], "--"))
        elif flag.kind != "switch":
            self._value(flag, value if equals else self._next(flag))
        elif equals:
            self.problems.append(usage(f"--{name} takes no value"))
        else:
            self.values[flag.field] = True

    def _short(self, argument: str) -> None:
        """Read `-q`, `-qv`, `-o PATH`, `-oPATH` or `-o=PATH`."""
        for at, letter in enumerate(argument[1:], start=1):
            flag = next((flag for flag in TABLE if flag.short == letter), None)
            if flag is None:
                # A long flag with one dash is the likely slip.
                near = did_you_mean(argument[1:], [flag.name for flag in TABLE], "--")
                self._unknown(argument, near)
                return
            if flag.kind != "switch":
                rest = argument[at + 1 :].removeprefix("=")
                self._value(flag, rest or self._next(flag))
                return
            self.values[flag.field] = True

    def _next(self, flag: Flag) -> str | None:
        """Take the next argument as a value, unless it is a flag or there is none."""
        if self.waiting and (self.waiting[0] == "-" or not self.waiting[0].startswith("-")):
            return self.waiting.pop(0)
        self.problems.append(usage(f"--{flag.name} needs a value: --{flag.name} {flag.metavar}"))
        return None

    def _value(self, flag: Flag, value: str | None) -> None:
        if value is None:
            return
        if flag.choices and value not in flag.choices:
            near = did_you_mean(value, flag.choices)
            message = f"--{flag.name} must be {one_of(flag.choices)}, not {value!r}"
            self.problems.append(usage(message, near))
        elif flag.kind == "names":
            names = split_names(value)
            if not names:
                self.problems.append(usage(f"--{flag.name} needs names, not {value!r}"))
            so_far = self.values.get(flag.field, ())
            self.values[flag.field] = tuple(dict.fromkeys((*so_far, *names)))
        elif not value:
            self.problems.append(usage(f"--{flag.name} needs a value, not an empty one"))
        elif self.values.get(flag.field, value) != value:
            before = self.values[flag.field]
            self.problems.append(usage(f"--{flag.name} is both {before!r} and {value!r}"))
        else:
            self.values[flag.field] = value

    def _unknown(self, shown: str, help: str | None) -> None:
        self.problems.append(usage(f"unknown flag {shown}", help))


def _conflicts(flags: Flags) -> list[Problem]:
    """Flags that contradict each other."""
    found = []
    pairs = [("quiet", "verbose"), ("check", "force"), ("diff", "force")]
    pairs += [("show", other) for other in ("check", "diff", "verify", "force", "output")]
    for one, other in pairs:
        if getattr(flags, one) and getattr(flags, other):
            found.append(usage(f"--{one} and --{other} do not go together"))
    if flags.stdin_filename is not None and "-" not in flags.files:
        found.append(usage("--stdin-filename is only for '-'", "name '-' to read from stdin"))
    if flags.files.count("-") > 1:
        found.append(usage("stdin can be read only once: '-' is named twice"))
    return found
