"""The text of a forward file, and places in it."""

from __future__ import annotations

import ast
import codecs
import hashlib
import io
import re
import tokenize
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, NoReturn

_BOM = "\ufeff"


class Span(NamedTuple):
    """A stretch of source: lines from 1, columns from 0 in characters, the end not included."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Source:
    """The text of one file, with LF line ends and no byte order mark, and the name to show."""

    filename: str
    text: str

    @classmethod
    def from_bytes(cls, data: bytes, filename: str) -> Source:
        """Decode a file as Python would: UTF-8 unless a coding line (PEP 263) names another.

        Raises CodegenError with the place of the first byte that cannot be decoded, of an
        unknown coding line, or of a character that no Python file may hold.
        """
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(_first_two_lines(data)).readline)
        except SyntaxError:
            # Python refuses an unreadable first line here too; that has its own message below.
            if _is_utf8(_first_two_lines(data)):
                _refuse_coding(data, filename)
            encoding = "utf-8"
        body = data.removeprefix(codecs.BOM_UTF8)
        try:
            text = body.decode("utf-8" if encoding == "utf-8-sig" else encoding)
        except UnicodeDecodeError as error:
            _refuse_bytes(body, filename, encoding.removesuffix("-sig"), error)
        except (LookupError, ValueError):  # a codec that is not for text, like rot13
            _refuse_coding(data, filename)
        return cls.from_text(text, filename)

    @classmethod
    def from_text(cls, text: str, filename: str) -> Source:
        """Take text as it is but for line ends and a byte order mark.

        Raises CodegenError if it holds a null character or half of a surrogate pair.
        """
        text = _lf(text.removeprefix(_BOM))
        # Neither can be in a Python file; `ast.parse` would answer with a ValueError.
        bad = re.search("[\0\ud800-\udfff]", text)
        if bad is not None:
            kind = "a null character" if bad[0] == "\0" else "half of a surrogate pair"
            shown = cls(filename, re.sub("[\0\ud800-\udfff]", "\ufffd", text))
            _refuse(f"the file is not Python text: it holds {kind}", shown, bad.start())
        return cls(filename, text)

    @cached_property
    def lines(self) -> list[str]:
        """All lines, without line ends. Only LF ends a line here, as in Python's own parser."""
        return self.text.split("\n")

    @cached_property
    def is_ascii(self) -> bool:
        """True if bytes and characters of the text are counted alike."""
        return self.text.isascii()

    def line(self, number: int) -> str:
        """Return a line by its number from 1, without its end; "" where there is none."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    def span(self, node: ast.AST) -> Span:
        """Return the place of a node; for one without a place, the stretch of what is in it."""
        if isinstance(node, ast.Module):
            return Span(1, 0, len(self.lines), len(self.lines[-1]))
        line = getattr(node, "lineno", None)
        if line is None:
            inner = [self.span(child) for child in ast.iter_child_nodes(node)]
            inner = [span for span in inner if span.line]
            if not inner:
                return Span(0, 0, 0, 0)
            start, end = min(inner), max(inner, key=lambda span: (span.end_line, span.end_column))
            return Span(start.line, start.column, end.end_line, end.end_column)
        column = getattr(node, "col_offset", 0)
        end_line = getattr(node, "end_lineno", None) or line
        end_column = getattr(node, "end_col_offset", None)
        if end_column is None:
            end_column = column
        return Span(
            line, self._characters(line, column), end_line, self._characters(end_line, end_column)
        )

    def segment(self, span: Span) -> str:
        """Return the text of a span, over several lines if it is."""
        if span.line == span.end_line:
            return self.line(span.line)[span.column : span.end_column]
        middle = self.lines[span.line : span.end_line - 1]
        first = self.line(span.line)[span.column :]
        return "\n".join([first, *middle, self.line(span.end_line)[: span.end_column]])

    def span_at(self, start: int, end: int) -> Span:
        """Return the span between two offsets into the text, in characters."""
        line, column = self._place(start)
        end_line, end_column = self._place(end)
        return Span(line, column, end_line, end_column)

    def digest(self) -> str:
        """Return the sha256 of the text, in hexadecimal."""
        return digest(self.text)

    def _place(self, offset: int) -> tuple[int, int]:
        before = self.text[:offset]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)

    def _characters(self, number: int, offset: int) -> int:
        """Turn an offset in UTF-8 bytes, as `ast` counts, into one in characters."""
        if self.is_ascii or (line := self.line(number)).isascii():
            return offset
        return len(line.encode("utf-8")[:offset].decode("utf-8", "ignore"))


def digest(text: str) -> str:
    """Return the sha256, in hexadecimal, of text as UTF-8 with LF line ends."""
    return hashlib.sha256(_lf(text).encode("utf-8", "surrogatepass")).hexdigest()


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _first_two_lines(data: bytes) -> bytes:
    return b"\n".join(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", 2)[:2])


def _refuse_bytes(body: bytes, filename: str, encoding: str, error: UnicodeDecodeError) -> NoReturn:
    shown = _lossy(body, filename, encoding)
    # What precedes the bad byte decodes, so its length is the place in the shown text.
    before = _lf(body[: error.start].decode(encoding, "replace"))
    name = "UTF-8" if encoding == "utf-8" else encoding
    _refuse(
        f"the file is not {name}: byte 0x{body[error.start]:02x} cannot be decoded",
        shown,
        len(before),
        "save the file as UTF-8, or name its encoding in the first line: # coding: latin-1",
    )


def _refuse_coding(data: bytes, filename: str) -> NoReturn:
    shown = _lossy(data.removeprefix(codecs.BOM_UTF8), filename, "utf-8")
    # Our own words: Python's differ between versions.
    reason = "an encoding that is unknown or not for text"
    if data.startswith(codecs.BOM_UTF8):
        reason = "another encoding than UTF-8, which the byte order mark stands for"
    number = next((n for n in (1, 2) if "coding" in shown.line(n)), 1)
    at = sum(len(line) + 1 for line in shown.lines[: number - 1])
    _refuse(
        f"the coding line names {reason}",
        shown,
        at,
        "save the file as UTF-8 and remove the coding line",
        end=at + len(shown.line(number)),
    )


def _lossy(body: bytes, filename: str, encoding: str) -> Source:
    return Source(filename, _lf(body.decode(encoding, "replace").replace("\0", "\ufffd")))


def _refuse(
    message: str, shown: Source, at: int, help: str | None = None, end: int | None = None
) -> NoReturn:
    from codegen.errors import CodegenError, Problem  # errors imports this module

    span = shown.span_at(at, at + 1 if end is None else end)
    raise CodegenError([Problem("encoding", message, span, help)], shown)
