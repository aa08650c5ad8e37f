"""What a user is told: problems that stop a file, and notes that do not."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from codegen.source import Source, Span

READABLE = "name a file or folder that can be read"  # the way out where one cannot be

_GUTTER = 5  # columns of a line number
_WIDEST = 160  # columns of a source line that is shown whole
_TAB = 4
# Characters that turn the direction of text around: a line must look as Python reads it.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")

_BOLD, _RED, _GREEN, _CYAN, _RESET = "\x1b[1m", "\x1b[1;31m", "\x1b[1;32m", "\x1b[1;36m", "\x1b[0m"


@dataclass(frozen=True)
class Problem:
    """Why nothing is written for a file: a code, a sentence, the place and the way out."""

    code: str
    message: str
    span: Span | None
    help: str | None = None
    related: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True)
class Note:
    """What a user should know of a file that is written all the same."""

    message: str
    span: Span | None = None
    help: str | None = None


class CodegenError(SyntaxError):
    """All problems of one source, in order of place.

    `filename`, `lineno`, `offset` (from 1) and `text` are the first problem's, as for any
    SyntaxError; `problems` has them all, `source` the text they are in; `str()` is the report.
    """

    def __init__(self, problems: Iterable[Problem], source: Source) -> None:
        self.problems = _in_order(problems)
        self.source = source
        if not self.problems:
            raise ValueError("a CodegenError needs at least one problem")
        first = self.problems[0]
        span = first.span
        if span is None:
            super().__init__(first.message)
            self.filename = source.filename
        else:
            where = (span.line, span.column + 1, source.line(span.line))
            super().__init__(
                first.message, (source.filename, *where, span.end_line, span.end_column + 1)
            )
        # A traceback shows the first problem only: notes are how the others get into it.
        if first.help is not None:
            self.add_note(f"help: {first.help}")
        for problem in self.problems[1:]:
            self.add_note(format_problem(problem, source))

    def __str__(self) -> str:
        return "\n".join(format_problem(problem, self.source) for problem in self.problems)

    def __reduce__(self) -> tuple[type[CodegenError], tuple[tuple[Problem, ...], Source]]:
        return (type(self), (self.problems, self.source))


class Problems:
    """Collects what a pass finds, so that it is reported all at once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Problem] = []

    def add(
        self,
        code: str,
        message: str,
        span: Span | None,
        help: str,
        related: Iterable[tuple[str, Span]] = (),
    ) -> None:
        """Note down a problem and go on."""
        self.found.append(Problem(code, message, span, help, tuple(related)))

    def __bool__(self) -> bool:
        return bool(self.found)

    def raise_if_any(self) -> None:
        """Raise CodegenError with everything that was added, if anything was."""
        if self.found:
            raise CodegenError(self.found, self.source)


def format_problem(
    problem: Problem, source: Source, format: str = "text", color: bool = False
) -> str:
    """Return a problem as the user reads it, with no line end.

    `format` is "text" (with the source line and carets), "json" (one object on one line) or
    "github" (a workflow command). Columns are counted from 1 in characters. A source without
    a filename stands for the command line as a whole.
    """
    if format == "json":
        related = [{"message": message, **_json_place(span)} for message, span in problem.related]
        return _json("error", problem.code, problem, source, related)
    if format == "github":
        parts = [f"{problem.message} [{problem.code}]"]
        parts += [f"{text} (line {span.line})" for text, span in problem.related]
        return _github("error", parts, problem, source)
    label = _paint(f"error[{problem.code}]", _RED, color)
    return _text(label, problem.message, problem, source, problem.related, color)


def format_note(note: Note, source: Source, format: str = "text", color: bool = False) -> str:
    """Return a note in one of the formats of `format_problem`."""
    if format == "json":
        return _json("note", None, note, source, [])
    if format == "github":
        return _github("notice", [note.message], note, source)
    return _text(_paint("note", _CYAN, color), note.message, note, source, (), color)


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by place, those without one last; one that was found twice is told once."""
    end = Span(2**62, 0, 2**62, 0)
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.span or end))


def _text(
    label: str,
    message: str,
    item: Problem | Note,
    source: Source,
    related: tuple[tuple[str, Span], ...],
    color: bool,
) -> str:
    place = _paint(_place(source, item.span) + ":", _BOLD, color)
    lines = [f"{place} {label}: {_indented(message, 4)}"]
    if item.span is not None:
        lines += _snippet(source, item.span, color)
    for text, span in related:
        word = _paint("note", _CYAN, color)
        lines.append(f"  {word}: {_place(source, span)}: {_indented(text, 8)}")
        lines += _snippet(source, span, color)
    if item.help is not None:
        lines.append(f"  {_paint('help', _CYAN, color)}: {_indented(item.help, 8)}")
    return "\n".join(lines)


def _place(source: Source, span: Span | None) -> str:
    name = "".join(_visible(character) for character in source.filename) or "codegen"
    return name if span is None else f"{name}:{span.line}:{span.column + 1}"


def _indented(message: str, by: int) -> str:
    return message.replace("\n", "\n" + " " * by)


def _paint(text: str, style: str, color: bool) -> str:
    return f"{style}{text}{_RESET}" if color else text


def _snippet(source: Source, span: Span, color: bool) -> list[str]:
    """The span's first line as a terminal shows it, and the carets below."""
    line = source.line(span.line)
    end = span.end_column if span.end_line == span.line else len(line.rstrip())
    shown, edges = _on_screen(line)
    start = edges[min(span.column, len(line))]
    width = max(edges[min(end, len(line))] - start, 1)
    shown = shown.rstrip()
    if edges[-1] > _WIDEST:
        shown, start, width = _window(line, edges, start, width)
    carets = _paint("^" * width, _GREEN, color)
    number = f"{span.line:>{_GUTTER}}"
    return [f"{number} | {shown}".rstrip(), f"{'':{len(number)}} | {' ' * start}{carets}"]


def _window(line: str, edges: list[int], start: int, width: int) -> tuple[str, int, int]:
    """Cut a very long line around its carets: what is shown, and where the carets go."""
    width = min(width, _WIDEST - 20)
    left = max(0, min(start - (_WIDEST - width) // 2, edges[-1] - _WIDEST))
    seen = [at for at in range(len(line)) if left <= edges[at] and edges[at + 1] <= left + _WIDEST]
    head = "..." if seen[0] > 0 else ""
    tail = "..." if seen[-1] < len(line) - 1 else ""
    shown = head + "".join(_cell(line[at], edges[at]) for at in seen) + tail
    return shown, start - edges[seen[0]] + len(head), width


def _on_screen(line: str) -> tuple[str, list[int]]:
    """Return a line as it is shown, and the screen column of each character and of the end."""
    edges, column, pieces = [0], 0, []
    for character in line:
        piece = _cell(character, column)
        column += sum(_width(part) for part in piece)
        pieces.append(piece)
        edges.append(column)
    return "".join(pieces), edges


def _cell(character: str, column: int) -> str:
    return " " * (_TAB - column % _TAB) if character == "\t" else _visible(character)


def _visible(character: str) -> str:
    """Stand in for what would move the cursor, colour the screen or hide."""
    if character < " ":
        return chr(0x2400 + ord(character))
    if "\x7f" <= character <= "\x9f" or character in _BIDI or "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return character


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _json(
    severity: str,
    code: str | None,
    item: Problem | Note,
    source: Source,
    related: list[dict[str, Any]],
) -> str:
    fields: dict[str, Any] = {"severity": severity, "file": source.filename or None}
    if code is not None:
        fields["code"] = code
    fields["message"] = item.message
    fields.update(_json_place(item.span))
    fields["help"] = item.help
    if code is not None:
        fields["related"] = related
    return json.dumps(fields)


def _json_place(span: Span | None) -> dict[str, int | None]:
    if span is None:
        return {"line": None, "column": None, "end_line": None, "end_column": None}
    return {
        "line": span.line,
        "column": span.column + 1,
        "end_line": span.end_line,
        "end_column": span.end_column + 1,
    }


def _github(command: str, parts: list[str], item: Problem | Note, source: Source) -> str:
    where = [("file", source.filename)] if source.filename else []
    if item.span is not None:
        where += [("line", str(item.span.line)), ("col", str(item.span.column + 1))]
    if item.help is not None:
        parts = [*parts, f"help: {item.help}"]
    properties = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in where)
    return f"::{command} {properties}".rstrip() + f"::{_escaped(chr(10).join(parts))}"


def _escaped(text: str, more: str = "") -> str:
    """Escape as GitHub's runner unescapes: `%` first, then what would end the field."""
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
