"""Calls that give several arrays: their items read, unpacked, looped over, written to; refusals."""

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
X = np.array([[0.3, -1.2, 2.1, 0.4], [-0.7, 1.6, 0.45, -0.3]])
TYPINGS = ("x", "x: np.ndarray", 'x: Float[np.ndarray, "N D"]', 'x: Float[np.ndarray, "2 4"]')


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


@pytest.mark.parametrize("typing", TYPINGS)
@pytest.mark.parametrize(
    ("lines", "result"),
    [
        ("a, b = np.split(x, 2)", "a * b**2"),
        ("a, b = np.split(x, 2, axis=-1)", "a * np.exp(b)"),
        ("a, _, c, _ = np.split(x, 4, 1)", "a - c**2"),
        ("a, b, c = np.split(x, [1, 3], axis=1)", "np.sum(a**2) * np.sum(b) + np.sum(c**3)"),
        ("n = 3; a, b = np.split(x, [n], axis=-1)", "np.sum(a**2) * np.sum(b)"),
        ("cuts = [1, -1]; a, b, c = np.split(x, cuts, -1)", "np.sum(a) * np.sum(b * b) + a * c"),
        ("a, b, c = np.array_split(x, 3, axis=1)", "np.sum(a * 2) + b * c"),
        ("parts = np.split(x, 2, axis=1)", "parts[0] * parts[-1] ** 2"),
        ("parts = np.vsplit(x, 2)", "np.concatenate(parts, axis=1) ** 2"),
        ("s = 0.0\nfor p in np.split(x, 2, axis=1):\n    s = s + np.sum(p**2) ** 2", "s"),
        ("a, b = np.vsplit(x, [1])", "a * b"),
        ("y = sum(np.split(x, 2))", "y * y"),
        ("a, b = [np.sum(p**2) for p in np.split(x, 2)]", "a * b"),
        ("a, b = np.split(x * 2, 2); a = a * b", "a + b"),
        ("x = x * 2; a, b = np.split(x, 2); c = a.copy(); c[0, 1] = 5.0", "a * b * c"),
        ("a, b = np.broadcast_arrays(x, x[0])", "a * b**2"),
    ],
)
def test_parts_get_their_slices(lines: str, result: str, typing: str) -> None:
    body = "".join(f"    {line.strip(' ')}\n" for line in lines.split(";"))
    body = body.replace("\nfor", "\n    for").replace("\n    s =", "\n        s =")
    body = body.replace("        s = 0.0", "    s = 0.0")
    check(f"def f({typing}):\n{body}    return {result}\n", X)


@pytest.mark.parametrize("declared", ['x: Float[np.ndarray, "N D"]', 'x: Float[np.ndarray, "2 4"]'])
def test_hsplit_takes_the_second_axis_of_a_matrix(declared: str) -> None:
    check(f"def f({declared}):\n    a, b = np.hsplit(x, 2)\n    return a * b**2\n", X)
    row = 'x: Float[np.ndarray, "D"]'
    check(f"def f({row}):\n    a, b = np.hsplit(x, 2)\n    return a * b**2\n", X[0])
    cube = 'x: Float[np.ndarray, "L N D"]'
    check(f"def f({cube}):\n    a, b = np.dsplit(x, 2)\n    return a * b**2\n", X[None])


@pytest.mark.parametrize("declared", ["x, y", "x: np.ndarray, y: np.ndarray"])
@pytest.mark.parametrize(
    "expression",
    [
        "np.meshgrid(x, y)[0] ** 2 * np.meshgrid(x, y)[1]",
        "np.stack(np.meshgrid(x, y, indexing='ij'), axis=-1) ** 2",
        "np.sum(sum([g**2 for g in np.meshgrid(x, y)]))",
        "np.broadcast_arrays(x[:, None], y)[0] * y",
    ],
)
def test_rows_are_copied_along_each_other(expression: str, declared: str) -> None:
    check(f"def f({declared}):\n    return {expression}\n", X[0], X[1, :3])


def test_an_array_on_a_grid_of_itself() -> None:
    check(
        "def f(x: np.ndarray):\n    a, b, c = np.meshgrid(x, x * 2, x)\n"
        "    return a * b**2 * c**3\n",
        X[0, :3],
    )


@pytest.mark.parametrize("call", ["np.split(y, 2)", "np.split(y, [2])", "np.array_split(y, 2)"])
@pytest.mark.parametrize("line", ["a[0] = 3.0", "a += 1.0", "y[0] = 3.0"])
def test_a_part_is_a_view_which_is_not_written_through(call: str, line: str) -> None:
    text = (
        f'{HEAD}def f(x: Float[np.ndarray, "N"]):\n    y = x * 2\n    a, b = {call}\n'
        f"    {line}\n    return np.sum(y**2) + np.sum(a * b)\n"
    )
    with pytest.raises(CodegenError, match="memory that is written into"):
        codegen.generate(text)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("np.split(x, k)[0]", "it is not known here how many parts np.split gives"),
        ("np.split(x, 100)[0]", "np.split of so many parts"),
        ("np.split(x, 2, axis=k)[0]", "`axis` must be a literal here"),
        ("np.split(x, 2, other=1)[0]", "np.split does not take `other=` here"),
        ("np.split(x)[0]", "np.split needs 2 arguments"),
        ("np.hsplit(x, [2])[0]", "np.hsplit at places has no gradient rule"),
        ("np.meshgrid(x, x, indexing=k)[0]", "`indexing` must be a literal here"),
        ("np.meshgrid(x, x, other=k)[0]", "np.meshgrid takes rows"),
        ("np.broadcast_arrays(x, x, subok=True)[0]", "np.broadcast_arrays takes arrays only"),
        ("np.vsplit(x[0], 2)[0]", "np.vsplit takes more than 1 dimensions"),
        ("np.split(np.ones(5) * x[0, 0], 2)[0]", "5 entries cannot be split into 2 equal parts"),
    ],
)
def test_what_has_no_rule_is_refused_by_name(expression: str, words: str) -> None:
    text = f'{HEAD}def f(x: Float[np.ndarray, "N M"], k: int):\n    return {expression}\n'
    with pytest.raises(CodegenError, match=words) as caught:
        codegen.generate(text)
    assert all(problem.help for problem in caught.value.problems)


def test_an_hsplit_of_unknown_rank_is_refused() -> None:
    with pytest.raises(CodegenError, match=r"which axis np\.hsplit cuts"):
        codegen.generate(f"{HEAD}def f(x):\n    a, b = np.hsplit(x, 2)\n    return a * b\n")
