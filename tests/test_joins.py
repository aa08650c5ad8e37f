"""Lists of numbers and arrays put together, and the parts' gradients, against the complex step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.errors import CodegenError
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

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"
X = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.45]])
Y = np.array([[1.1, 0.8, -0.6], [0.9, -1.7, 1.3]])
ROW = np.array([0.7, -1.4, 0.55])
LONG = np.array([0.4, 1.3, -0.9, 0.6, 1.1])


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def check(program: str, *inputs: Any) -> None:
    text = HEAD + program
    wanted = tuple(range(len(inputs)))
    for cotangent in cotangents(author(text)(*inputs)):
        value, found = call(text, inputs, cotangent)
        check_value(text, inputs, value, 1e-14)
        expected, _ = oracle(text, inputs, wanted, cotangent, exact=True)
        compare(found, expected, inputs, EXACT)


@pytest.mark.parametrize(
    "expression",
    [
        "np.array([x, y * 2])",
        "np.array((x, y, 1.0))",
        "np.array([x, x]) * y",
        "np.array([[x, y], [y * x, 2.5]])",
        "np.array([[[x], [y]], [[x * y], [0.0]]])",
        "np.array([(x, y), (y, x)])",
        "np.asarray([x, y]) * np.array([y, 3])",
        "np.array([x, y])[0]",
        "np.array([x, y])[::-1] @ np.array([[1.0, 2.0], [3.0, 4.0]])",
        "np.sum(np.array([x, y]))",
        "np.array([x]) * y",
        "np.array([x, y], dtype=float)",
        "np.array([1, 2]) * x * y",
        "np.sum(np.array([[x, -y], [y, x]]) @ np.array([1.0, 2.0]))",
        "np.stack([x * np.ones(2), y * np.zeros(2)])",
        "np.concatenate([[x], [y, 2.0], np.ones(2)])",
        "np.concatenate(([x, y], [x]))",
        "np.hstack([x, [y, x], 3.0])",
        "np.vstack([[x, y], np.ones((2, 2))])",
        "np.dstack([[x, y], np.ones(2)])",
        "np.r_[x, [y, x], 3.0]",
        "np.r_[x] * y",
        "np.r_[(x, y)]",
        "np.c_[x, y]",
        "np.c_[[x, 1.0], [y, x]]",
        "np.append([x, 1.0], y)",
        "np.append([], [x, y])",
        "np.insert([x, y], 1, y)",
        "np.insert(np.ones(3) * x * y, [0, 2], [x, y])",
        "np.where(np.array([x, y]) > 0, np.sqrt(np.array([x, -y])), 0.0)",
    ],
)
@pytest.mark.parametrize("declared", ["x, y", "x: float, y: float"])
def test_numbers_in_a_list_get_the_entries_of_their_places(expression: str, declared: str) -> None:
    check(f"def f({declared}):\n    return {expression}\n", 0.3, -1.2)


@pytest.mark.parametrize(
    ("lines", "result"),
    [
        ("parts = [x, y]", "np.concatenate(parts)"),
        ("parts = (x, y * 2)", "np.stack(parts, axis=1)"),
        ("a = x * 2; parts = [a, y]; a = a * 3", "np.concatenate(parts) * np.sum(a)"),
        ("rows = [x[0], y[1]]", "np.array(rows)"),
        ("rows = [x[0], y[1]]", "np.array([rows, rows])"),
        ("rows = [x[0], y[1]]", "np.concatenate([rows, x])"),
    ],
)
@pytest.mark.parametrize("shape", ["", ': Float[np.ndarray, "N D"]'])
def test_a_list_may_have_a_name(lines: str, result: str, shape: str) -> None:
    body = "".join(f"    {line.strip()}\n" for line in lines.split(";"))
    check(f"def f(x: np.ndarray{shape[:0]}, y: np.ndarray):\n{body}    return {result}\n", X, Y)


TYPINGS = ("{0}, {1}", "{0}: np.ndarray, {1}: np.ndarray")


@pytest.mark.parametrize("typing", [*TYPINGS, '{0}: Float[np.ndarray, "N D"], {1}: np.ndarray'])
@pytest.mark.parametrize(
    "expression",
    [
        "np.concatenate([x, y, x])",
        "np.concatenate([x, y * 2, x], axis=1)",
        "np.concatenate([x, y, x], axis=-1)",
        "np.concatenate([x.T, y.T], axis=-2)",
        "np.concatenate([x, y], axis=None)",
        "np.concatenate([np.ones((1, 3)), x, y])",
        "np.concatenate([x[:, :1], y, x[:, 1:]], axis=1)",
        "np.concatenate([np.exp(x), np.sum(y, axis=1, keepdims=True)], 1)",
        "np.hstack([x, y * 3])",
        "np.vstack([x, y[0], x])",
        "np.hstack([x[0], y[1, :2]])",
        "np.sum(np.vstack([x, y]))",
        "np.stack([x, y], axis=-1)[..., 0]",
        "np.stack([x * y, y], -2)",
        "np.array([np.exp(x), y[:]]) * np.array([[[2.0]], [[3.0]]])",
        "np.where(np.concatenate([x > 0, y > 0]), np.sqrt(np.concatenate([x, y]) ** 2), 0.0)",
        "np.concatenate([x, x]) * np.concatenate([y, x])",
        "np.stack((np.concatenate([x, y]), np.concatenate([y, x])))",
        "np.dstack([x, y, x])[0] * y[0, 0]",
        "np.r_[x, y * 2]",
        "np.c_[x, y, y[:, 0], x]",
        "np.c_[x[:, 0], y]",
        "np.append(x, y[0]) * 2",
        "np.append(x, y, axis=0) ** 2",
        "np.append(x, np.sum(y, axis=1, keepdims=True), axis=-1) ** 2",
        "np.delete(x, 1, axis=0) * np.delete(y, [0], 0)",
        "np.insert(x[0] + 0 * y[0], 1, y[0]) ** 2",
    ],
)
def test_parts_get_their_slices(expression: str, typing: str) -> None:
    declared = typing.format("x", "y")
    check(f"def f({declared}):\n    return {expression}\n", X, Y)


@pytest.mark.parametrize("typing", TYPINGS)
@pytest.mark.parametrize(
    "name", ["hstack", "vstack", "dstack", "column_stack", "r_", "c_", "concatenate", "stack"]
)
def test_parts_of_other_ranks(name: str, typing: str) -> None:
    declared = typing.format("x", "y")
    pairs = {
        "hstack": [(ROW, LONG), (X, Y[:, :1]), (X[None], Y[None])],
        "vstack": [(ROW, ROW), (X, ROW), (ROW, Y), (X[None], Y[None])],
        "column_stack": [(ROW, -ROW), (X, LONG[:2]), (LONG[:2], Y), (X, Y)],
        "dstack": [(ROW, -ROW), (X, Y), (X[:1], ROW)],
        "r_": [(ROW, LONG), (X, Y[:1]), (X[None], Y[None])],
        "c_": [(ROW, -ROW), (X, LONG[:2]), (X[None], Y[None])],
        "concatenate": [(ROW, LONG), (X, Y[:1]), (X[:0], Y)],
        "stack": [(ROW, -ROW), (X, Y), (X[None], Y[None])],
    }
    for x, y in pairs[name]:
        given = "[x, y]" if name.endswith("_") else "([x, y])"
        check(f"def f({declared}):\n    return np.{name}{given} ** 2\n", x, y)


def test_parts_share_no_memory_where_one_is_read_later() -> None:
    check(
        "def f(x: np.ndarray, y: np.ndarray):\n    a = x * 2\n    c = np.concatenate([a, y])\n"
        "    return np.sum(c * c) + np.sum(a * y)\n",
        ROW,
        -ROW,
    )
    check(
        "def f(x: np.ndarray, y: np.ndarray):\n    s = x + y\n    c = np.stack([s, y])\n"
        "    e = np.stack([c, c * 2])\n    return np.sum(e * e) + np.sum(s)\n",
        ROW,
        -ROW,
    )


def test_the_bounds_of_slices_are_short() -> None:
    text = codegen.generate(
        f"{HEAD}def f(a: Float[np.ndarray, 'N'], b: Float[np.ndarray, 'M'], "
        "c: Float[np.ndarray, '3']):\n"
        "    N, M = len(a), len(b)\n    s = np.concatenate([a, b, c])\n"
        "    return np.sum(s * s) * N * M\n"
    )
    assert "da = ds[:N]" in text
    assert "db = ds[N:N + M]" in text
    assert "dc = ds[N + M:]" in text


def test_a_gradient_of_a_part_is_a_view_only_where_nothing_else_has_it() -> None:
    text = codegen.generate(
        HEAD + 'def f(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"]):\n'
        "    c = np.concatenate([a, b])\n    return np.sum(c * c) + np.sum(a)\n"
    )
    assert "return f, (da, db)" in text
    text = codegen.generate(
        HEAD + 'def f(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"]):\n'
        "    return np.concatenate([a, b])\n"
    )
    assert "return f, (da.copy(), db.copy())" in text


@pytest.mark.parametrize(
    ("declared", "expression", "given"),
    [
        ("w: list[float]", "np.array(w)", ([1.0, -2.0, 3.0],)),
        ("w: list[float]", "np.array(w) * w[0] + np.sum(np.asarray(w))", ([1.0, -2.0, 3.0],)),
        ("w: tuple[float, float], x: float", "np.array(w) ** 2 * x", ((1.0, -2.0), 0.7)),
        ("w: list[float], x: float", "np.array(w) * x + w[1]", ([1.0, -2.0], 0.7)),
    ],
)
def test_the_gradient_of_a_list_is_a_list(
    declared: str, expression: str, given: tuple[Any, ...]
) -> None:
    text = HEAD + f"def f({declared}):\n    return {expression}\n"
    _, found = call(text, given, None)
    assert type(found[0]) is type(given[0])
    step = 1e-6
    for place in range(len(given[0])):
        moved = [
            np.sum(
                author(text)([v + sign * (i == place) for i, v in enumerate(given[0])], *given[1:])
            )
            for sign in (step, -step)
        ]
        assert found[0][place] == pytest.approx((moved[0] - moved[1]) / (2 * step), rel=1e-6)


def test_a_script_may_make_an_array_of_its_list() -> None:
    names: dict[str, Any] = {}
    exec(codegen.generate("w = [2.0, -3.0]\na = np.array(w)\nf = np.sum(a * a)\n"), names)
    gradient = next(item for name, item in names.items() if name.endswith("_grad"))
    assert gradient([2.0, -3.0]) == (13.0, [4.0, -6.0])


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("np.r_[0:3, x]", "np.r_ with a slice has no gradient rule"),
        ("np.r_['-1', x, x]", "np.r_ with text has no gradient rule"),
        ("np.c_[x, 1:4]", "np.c_ with a slice has no gradient rule"),
        ("np.insert(np.ones((2, 2)), 0, x[0], axis=1)", "np.insert along an axis"),
        ("np.delete(x, slice(1))", "slice has no gradient rule"),
        ("np.append(x, x, axis=1)", "axis 1 is out of range"),
        ("np.put_along_axis(x, np.argsort(x), 1.0, 0)", "np.put_along_axis has no gradient rule"),
    ],
)
def test_what_has_no_rule_is_refused_by_name(expression: str, words: str) -> None:
    text = f'{HEAD}def f(x: Float[np.ndarray, "N"]):\n    return {expression}\n'
    with pytest.raises(CodegenError, match=words) as caught:
        codegen.generate(text)
    assert all(problem.help for problem in caught.value.problems)


def test_an_axis_of_a_row_is_its_only_one() -> None:
    check(
        'def f(x: Float[np.ndarray, "N"]):\n    return np.insert(x, 1, x[:1] ** 2, axis=0) ** 2\n',
        ROW,
    )


def test_what_is_put_among_integers_is_cut_off_so_it_raises() -> None:
    text = HEAD + "def f(x, v):\n    return np.insert(x, 1, v)\n"
    with pytest.raises(ValueError, match="cuts values off"):
        codegen.grad(text, wrt="v")(np.array([1, 2]), 0.5)
    assert codegen.grad(text, wrt="v")(np.array([1.0, 2]), 0.5)[1] == 1.0


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize(
    "expression",
    [
        "np.append(0.0, x)[1:] * x",
        "np.diff(np.append(x[0], x)) * x",
        "np.r_[0.0, x, 1.0][:-2] * x",
        "np.r_[x, 0.0][1:] * np.r_[0.0, x][1:]",
        "np.append(x[1:], 2.0) * x",
        "np.concatenate([x[:-1], [x[0]]]) * x",
        "np.concatenate([np.ones(2), x[1:]])[1:] * x",
        "np.hstack([x, 1.0])[:, None] * np.hstack([2.0, x])",
    ],
)
def test_what_is_put_before_a_row_and_cut_off_again(expression: str, size: int) -> None:
    check(
        f'def f(x: Float[np.ndarray, "N"]):\n    return {expression}\n',
        np.array([0.3, -1.2, 2.1, 0.4, 0.9])[:size],
    )


def test_the_length_of_a_longer_row_is_known() -> None:
    text = HEAD + 'def f(x: Float[np.ndarray, "N"]):\n    return np.append(0.0, x)[1:] * x\n'
    assert "_unbroadcast" not in codegen.generate(text)
