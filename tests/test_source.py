"""Text and places."""

from __future__ import annotations

import ast

import pytest

from codegen.errors import CodegenError
from codegen.source import Source, Span


def call_in(source: Source) -> ast.Call:
    tree = ast.parse(source.text)
    return next(node for node in ast.walk(tree) if isinstance(node, ast.Call))


def refused(data: bytes) -> CodegenError:
    with pytest.raises(CodegenError) as caught:
        Source.from_bytes(data, "forward.py")
    return caught.value


def test_line_ends_become_lf_and_the_byte_order_mark_goes() -> None:
    source = Source.from_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\rc = 3\n", "forward.py")
    assert source.text == "a = 1\nb = 2\nc = 3\n"
    assert source.line(3) == "c = 3"


def test_tabs_and_form_feeds_survive_and_only_lf_ends_a_line() -> None:
    source = Source.from_bytes("a = 1\n\x0c\tb = '\u2028'\n".encode(), "forward.py")
    assert source.line(2) == "\x0c\tb = '\u2028'"
    assert source.line(3) == ""


def test_a_line_that_is_not_there_is_empty() -> None:
    source = Source("forward.py", "a = 1\n")
    assert source.line(0) == ""
    assert source.line(9) == ""


def test_a_coding_line_is_followed() -> None:
    source = Source.from_bytes(b"# coding: latin-1\nx = '\xe9'\n", "forward.py")
    assert source.line(2) == "x = 'é'"


@pytest.mark.parametrize("name", ["no-such-encoding", "rot13", "hex"])
def test_an_unknown_coding_line_is_refused_with_its_place(name: str) -> None:
    error = refused(f"\n# coding: {name}\n".encode())
    assert (error.lineno, error.offset) == (2, 1)
    assert "unknown or not for text" in str(error)


def test_a_coding_line_that_contradicts_the_byte_order_mark_is_refused() -> None:
    assert "byte order mark" in str(refused(b"\xef\xbb\xbf# coding: latin-1\n"))


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"x = 1\r\ny = '\xff'\r\n", (2, 6)),
        (b"\xff\xfex\x00", (1, 1)),
        ("é = '".encode() + b"\xe9'", (1, 6)),
        (b"x = 1\n# \xe9 coding: utf-8\n", (2, 3)),
        (b"x\r\r\r\xe9", (4, 1)),
    ],
)
def test_what_is_not_utf8_is_refused_with_its_place(data: bytes, place: tuple[int, int]) -> None:
    error = refused(data)
    assert (error.lineno, error.offset) == place
    assert error.problems[0].code == "encoding"
    assert "is not UTF-8: byte 0x" in str(error)


def test_a_null_character_is_refused_with_its_place() -> None:
    error = refused(b"x = 1\ny\x00 = 2\n")
    assert (error.lineno, error.offset) == (2, 2)


def test_half_of_a_surrogate_pair_is_refused_with_its_place() -> None:
    with pytest.raises(CodegenError) as caught:
        Source.from_text("x = '\ud800'", "<string>")
    assert caught.value.offset == 6


@pytest.mark.parametrize(
    "text",
    ["y = np.f(x)\n", "β = 'é日本🎉' + np.f(x)\n", "\ty = np.f(x)\n", "if x:\n\x0c  y = np.f(x)\n"],
)
def test_a_span_counts_characters_where_ast_counts_bytes(text: str) -> None:
    source = Source.from_text(text.replace("\t", "if x:\n\t"), "forward.py")
    assert source.segment(source.span(call_in(source))) == "np.f(x)"


def test_a_span_of_several_lines_gives_its_text_back() -> None:
    source = Source("forward.py", "é = g('é',\n  2,\n  'ü') + 1\n")
    span = source.span(call_in(source))
    assert span == Span(1, 4, 3, 6)
    assert source.segment(span) == "g('é',\n  2,\n  'ü')"


def test_nodes_without_a_place_have_that_of_what_is_in_them() -> None:
    source = Source("forward.py", "def f(a, b=1): pass\n")
    function = ast.parse(source.text).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert source.segment(source.span(function.args)) == "a, b=1"
    assert source.span(ast.parse(source.text)) == Span(1, 0, 2, 0)


def test_offsets_into_the_text_have_a_span() -> None:
    source = Source("forward.py", "ab\ncd\n")
    assert source.span_at(1, 4) == Span(1, 1, 2, 1)


def test_the_digest_does_not_depend_on_line_ends() -> None:
    one = Source.from_bytes(b"a = 1\r\n", "a.py")
    other = Source.from_bytes(b"a = 1\n", "b.py")
    assert one.digest() == other.digest()
    assert len(one.digest()) == 64
