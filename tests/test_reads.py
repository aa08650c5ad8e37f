"""Reads of parts of an array, by every kind of index, against the complex step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from tests.gate_runs import (
    EXACT,
    author,
    call,
    check_value,
    compare,
    cotangents,
    oracle,
    unformatted,
)

X = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.45], [1.1, 0.8, -0.6], [0.9, -1.7, 1.3]])
CUBE = np.arange(24.0).reshape(2, 3, 4) / 7 - 1.3
ROW = np.array([0.7, -1.4, 0.55, 0.2, -0.9])

# An expression in `x`, and x
PLAIN = [
    ("x[1]", ROW),
    ("x[-1]", ROW),
    ("x[2]", X),
    ("x[-2]", X),
    ("x[1, 2]", X),
    ("x[-1, -3]", X),
    ("x[1][2]", X),
    ("x[1:3]", X),
    ("x[:-1]", ROW),
    ("x[1:]", ROW),
    ("x[::2]", ROW),
    ("x[1::2]", X),
    ("x[::-1]", ROW),
    ("x[3:0:-1]", ROW),
    ("x[::-2, ::2]", X),
    ("x[5:]", ROW),
    ("x[-100:100]", ROW),
    ("x[:]", X),
    ("x[...]", X),
    ("x[..., 1]", X),
    ("x[..., 1:]", CUBE),
    ("x[0, ..., 2]", CUBE),
    ("x[1, 0:2]", CUBE),
    ("x[:, 1]", X),
    ("x[:, 1, :]", CUBE),
    ("x[:, -1:, 0]", CUBE),
    ("x[None]", ROW),
    ("x[:, None]", ROW),
    ("x[np.newaxis, :, 1]", X),
    ("x[:, None, :, None]", X),
    ("x[..., None]", X),
    ("x[None, 1, 1:, None]", X),
    ("x[1:, None, :2]", X),
    ("x[1:][1:]", ROW),
    ("x[1:3][:, 1:][0]", X),
    ("x[()]", X),
    ("x[()] * x[...]", X),
    ("x[:, :][()]", X),
    ("x[1, ...]", ROW[:, None]),
    ("x[1:][::-1][0]", X),
    ("x.take(2)", X),
    ("x.take(-1, axis=0)", X),
    ("np.take(x, 1, axis=1)", X),
    ("np.take(x, -2, -1)", CUBE),
]
BY_ARRAYS = [
    ("x[[0, 2]]", X),
    ("x[[0, 2, 0, 0]]", ROW),
    ("x[[-1, 0, -1]]", X),
    ("x[[[0, 1], [1, 3]]]", X),
    ("x[[0, 0], 1]", X),
    ("x[1, [0, 0, 2]]", X),
    ("x[:, [0, 0, 2]]", X),
    ("x[[0, 0], 1:]", X),
    ("x[..., [0, 0]]", CUBE),
    ("x[[0, 1], :, [2, 2]]", CUBE),
    ("x[0, :, [2, 2]]", CUBE),
    ("x[:, [0, 0], [1, 1]]", CUBE),
    ("x[np.arange(3), [0, 2, 0]]", X),
    ("x[np.arange(2)[:, None], [0, 2, 0]]", X),
    ("x[[[0], [0]], [0, 2, 0]]", X),
    ("x[np.arange(4), 1]", X),
    ("x[np.arange(1), [0, 0, 1]]", X),
    ("x[np.arange(3)]", ROW),
    ("x[[0, 1], None]", X),
    ("x[x > 0.5]", X),
    ("x[x[:, 0] > 0]", X),
    ("x[:, x[0] > 0]", X),
    ("x[[True, False, True, False]]", X),
    ("x[~(x > 0)]", X),
    ("x[x > 100]", X),
    ("x[np.argsort(x)]", ROW),
    ("x[np.argsort(x[:, 0])]", X),
    ("x[np.argsort(x, axis=0), np.arange(3)]", X),
    ("x[np.array([0, 2, 0])]", X),
    ("x[:, np.array([[0, 1], [1, 1]])]", X),
    ("np.take(x, [0, 2, 0])", X),
    ("np.take(x, [[0, -1], [0, 11]])", X),
    ("np.take(x, [0, 2, 0], axis=0)", X),
    ("x.take([1, 1], axis=1)", X),
    ("x.take([0, 1, 0], axis=-2)", CUBE),
    ("np.take(x, np.arange(3), axis=1)", CUBE),
    ("x.take(np.argsort(x))", ROW),
    ("np.take(x, [0, 2, 0]) * np.take(x, [1, -1, 1])", ROW),
]

# A program `f(x, i...)`, x, and what its indices are given as
BY_PARAMETERS: list[tuple[str, np.ndarray, tuple[Any, ...]]] = [
    ("x[i]", ROW, (2,)),
    ("x[i]", ROW, (-1,)),
    ("x[i]", X, (np.array([0, 0, 3]),)),
    ("x[i]", X, (np.array([[0, 0], [3, 3]]),)),
    ("x[i]", X, (np.array([True, False, True, False]),)),
    ("x[i]", X, (X > 0,)),
    ("x[i]", X, (np.int64(2),)),
    ("x[i, 1]", X, (np.array([0, 0, 3]),)),
    ("x[1:, i]", X, (np.array([0, 0, 2]),)),
    ("x[i, j]", X, (2, 1)),
    ("x[i, j]", X, (np.array([0, 0, 3]), np.array([1, 1, 2]))),
    ("x[i, j]", X, (np.array([[0], [3]]), np.array([1, 1, 2]))),
    ("x[i, j]", X, (1, np.array([1, 1, 2]))),
    ("x[np.arange(4), i]", X, (np.array([0, 2, 2, 1]),)),
    ("x[np.arange(4), i]", X, (1,)),
    ("x[np.arange(len(i)), i]", X, (np.array([0, 2, 2, 1]),)),
    ("x[np.arange(x.shape[0]), i]", X, (np.array([0, 2, 2, 1]),)),
    ("x[np.arange(1), i]", X, (np.array([0, 0, 1]),)),
    ("x[i:j]", ROW, (1, 4)),
    ("np.take(x, i)", X, (2,)),
    ("np.take(x, i)", X, (np.array([0, 0, -1]),)),
    ("x.take(i, axis=0)", X, (np.array([[0, 0], [3, 1]]),)),
    ("np.take(x, i, axis=-1)", X, (np.array([0, 0, 2]),)),
    ("np.take(x, i, axis=1)", X, (1,)),
    ("x[i].take(j)", X, (1, np.array([1, 1, 2]))),
    ("x[:i]", ROW, (2,)),
    ("x[i::2]", X, (1,)),
    ("x[::i]", ROW, (-2,)),
    ("x[i, ..., j]", CUBE, (1, 2)),
]

ANNOTATED = {
    "unannotated": "",
    "array": ": np.ndarray",
    "named": ": Float[np.ndarray, '{}']",
}
RANKS = {1: "N", 2: "N D", 3: "B N D"}
each_typing = pytest.mark.parametrize("typing", ANNOTATED)


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def program(expression: str, x: np.ndarray, typing: str, indices: str = "") -> str:
    declared = "x" + ANNOTATED[typing].format(RANKS[x.ndim]) + indices
    return (
        "import numpy as np\nfrom jaxtyping import Float, Int\n\n\n"
        f"def f({declared}):\n    return {expression}\n"
    )


def check(text: str, inputs: tuple[Any, ...]) -> None:
    tolerance = 1e-6 if inputs[0].dtype == np.float32 else EXACT
    for cotangent in cotangents(author(text)(*inputs)):
        value, found = call(text, inputs, cotangent)
        check_value(text, inputs, value, 0.0)
        expected, _ = oracle(text, inputs, (0,), cotangent, exact=True)
        compare(found, expected, inputs[:1], tolerance)


@each_typing
@pytest.mark.parametrize(("expression", "x"), PLAIN, ids=[text for text, _ in PLAIN])
def test_a_part_gets_its_cotangent_and_the_rest_zeros(
    expression: str, x: np.ndarray, typing: str
) -> None:
    check(program(expression, x, typing), (x,))


@each_typing
@pytest.mark.parametrize(("expression", "x"), BY_ARRAYS, ids=[text for text, _ in BY_ARRAYS])
def test_entries_that_are_read_twice_get_both_cotangents(
    expression: str, x: np.ndarray, typing: str
) -> None:
    check(program(expression, x, typing), (x,))


@each_typing
@pytest.mark.parametrize(("expression", "x", "indices"), BY_PARAMETERS)
def test_indices_may_be_parameters_of_unknown_rank(
    expression: str, x: np.ndarray, indices: tuple[Any, ...], typing: str
) -> None:
    names = "".join(f", {name}" for name in "ij"[: len(indices)])
    check(program(expression, x, typing, names), (x, *indices))


@pytest.mark.parametrize(
    ("expression", "words", "indices"),
    [
        ("x[i]", ("int",), (2,)),
        ("x[i]", ("Int[np.ndarray, 'K']",), (np.array([0, 0, 3]),)),
        ("x[i, j]", ("int", "int"), (2, 1)),
        ("x[i, j]", ("Int[np.ndarray, 'K 1']", "Int[np.ndarray, 'M']"), ([[0], [0]], [1, 1, 2])),
        ("x[np.arange(4), i]", ("Int[np.ndarray, 'N']",), (np.array([0, 2, 2, 1]),)),
    ],
)
def test_indices_may_be_annotated(
    expression: str, words: tuple[str, ...], indices: tuple[Any, ...]
) -> None:
    declared = "".join(f", {name}: {word}" for name, word in zip("ij", words, strict=False))
    given = tuple(np.array(i) if isinstance(i, list) else i for i in indices)
    check(program(expression, X, "named", declared), (X, *given))


@each_typing
@pytest.mark.parametrize("kind", ["float32", "int", "fortran", "strided", "empty"])
@pytest.mark.parametrize("expression", ["x[1:]", "x[:, 0]", "x[[0, 0]]", "x[x > 0]", "x[::-1].T"])
def test_other_numbers_and_layouts_are_read_as_well(
    expression: str, kind: str, typing: str
) -> None:
    x: np.ndarray = {
        "float32": X.astype(np.float32),
        "int": (10 * X).astype(int),
        "fortran": np.asfortranarray(X),
        "strided": np.repeat(X, 2, axis=1)[:, ::2],
        "empty": np.zeros((2, 3))[:, :0] if expression == "x[[0, 0]]" else np.zeros((0, 3)),
    }[kind]
    if kind == "int" and typing == "named":
        typing = "array"
    check(program(expression, x, typing), (x,))


@each_typing
@pytest.mark.parametrize(
    "expression",
    [
        "x[0] + x[1]",
        "x[1:] - x[:-1]",
        "x[0] * x[1:].T.sum()",
        "np.sum(x[:, 0]) * x[[0, 0]]",
        "x[i] * x",
        "x[i] + x[:, :1].sum() * x[i]",
        "np.exp(x)[np.arange(4), i] * 2",
    ],
)
def test_several_reads_of_one_array_add_up(expression: str, typing: str) -> None:
    text = program(expression, X, typing, ", i")
    check(text, (X, np.array([0, 2, 2, 1])) if "arange" in expression else (X, 1))


def test_a_part_that_is_returned_is_not_the_callers_memory() -> None:
    text = program("x[1:3]", X, "array")
    value, (dx,) = call(text, (X,), None)
    value[...] = 7.0
    dx[...] = 7.0
    assert X[1, 0] == -0.7


@pytest.mark.parametrize("typing", ["unannotated", "array"])
@pytest.mark.parametrize("flag", [True, False])
def test_a_flag_adds_an_axis(flag: bool, typing: str) -> None:
    check(program("x[flag] * 2", X, typing, ", flag: bool"), (X, flag))


@each_typing
@pytest.mark.parametrize(
    "lines", ["at = 1, 2", "i, j = 1, 2\n    at = (i, j)", "at = ([0, 0], 1)", "at = 1, None"]
)
def test_an_index_may_be_a_tuple_with_a_name(lines: str, typing: str) -> None:
    text = program("x[at] * 2", X, typing)
    check(text.replace("    return", f"    {lines}\n    return"), (X,))


@each_typing
def test_an_array_of_no_dimensions_is_read_without_an_index(typing: str) -> None:
    x = np.array(1.7)
    declared = {"named": ': Float[np.ndarray, ""]'}.get(typing, ANNOTATED[typing])
    text = program("x[()] * x[...]", X, "unannotated").replace("(x)", f"(x{declared})")
    value, (dx,) = call(text, (x,), None)
    assert (value, dx) == (1.7 * 1.7, 2 * 1.7)
    assert np.shape(dx) == ()


def test_a_mask_for_numbers_is_refused() -> None:
    text = program("np.take(x, x[0] > 0, axis=1)", X, "named")
    with pytest.raises(codegen.CodegenError, match=r"write x\[mask\]"):
        codegen.generate(text)


def test_an_order_never_repeats() -> None:
    text = codegen.generate(program("x[np.argsort(x)]", ROW, "named"))
    assert "np.add.at" not in text
