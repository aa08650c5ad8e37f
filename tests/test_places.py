"""Where entries are and how many: values without gradient, beside numbers that have one."""

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

HEAD = "import numpy as np\nfrom jaxtyping import Float, Int\n\n\n"
X = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.45], [1.1, 0.8, -0.6]])
ROW = np.array([0.7, -1.4, 0.55])


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


@pytest.mark.parametrize("typing", ["x", "x: np.ndarray", 'x: Float[np.ndarray, "N M"]'])
@pytest.mark.parametrize(
    "expression",
    [
        "x[np.nonzero(x > 0)] ** 2",
        "x[np.nonzero(x > 0)[0]] ** 2",
        "x[(x > 0).nonzero()] ** 2",
        "x.ravel()[np.flatnonzero(x > 0)] ** 2",
        "x[np.argwhere(x > 0)[:, 0]] ** 2",
        "x[np.triu_indices(3)] ** 2",
        "x[np.triu_indices(3, 1)] ** 2",
        "x[np.tril_indices(3, k=-1)] ** 2",
        "x[np.diag_indices(3)] ** 2",
        "x[:, np.searchsorted(np.array([0.0, 1.0]), 0.5)] ** 2",
        "x[:, np.searchsorted([0.0, 1.0], [0.5, 1.0], side='right')] ** 2",
        "x[:, np.array([0.0, 1.0]).searchsorted(0.5)] ** 2",
        "x[0] * np.digitize(x[0] > 0, [0.5])",
        "x[0] * np.digitize([0.5, 2.5, 0.5], np.array([1.0, 2.0]), right=True)",
        "x[0] * np.histogram(np.array([0.5, 1.5]), bins=3)[0]",
        "x[0] * len(np.unique([1, 2, 2]))",
        "x[0] * np.unique(np.array([1, 2, 2, 3]))",
        "x[np.unique(np.array([0, 1, 0]), return_index=True)[1]] ** 2",
        "x[0] * np.sum(np.unique(np.array([0, 1, 0]), return_counts=True)[1])",
        "x[0] * np.bincount(np.array([0, 1, 1, 2]))",
        "np.take_along_axis(x, np.argsort(x, axis=1), axis=1) ** 2",
        "np.take_along_axis(x, np.argsort(x, axis=0), axis=1) ** 2",
        "np.take_along_axis(x, np.argpartition(x, 1, axis=0)[:2], axis=0) ** 2",
        "np.take_along_axis(x, np.argmax(x, axis=1, keepdims=True), axis=1) ** 2",
        "np.take_along_axis(x[:1], np.argmax(x, axis=1, keepdims=True), axis=1) ** 2",
        "np.take_along_axis(x, np.argsort(x, axis=None), axis=None) ** 2",
        "np.take(x, (0, 2), axis=0) ** 2",
        "np.take(x[0], (0, 2, 0)) ** 2",
        "np.take(x, (0, 5, 0)) ** 2",
    ],
)
def test_they_pick_and_count_beside_what_has_a_gradient(expression: str, typing: str) -> None:
    check(f"def f({typing}):\n    return {expression}\n", X)


def test_rows_of_places_are_unpacked() -> None:
    check(
        "def f(x: np.ndarray):\n    i, j = np.nonzero(x > 0)\n    return x[i, j] * x[j, i]\n",
        X,
    )
    check(
        "def f(x: np.ndarray):\n    u, c = np.unique(np.array([3, 1, 3]), return_counts=True)\n"
        "    return x[:, :2] * u / c\n",
        X,
    )
    check(
        "def f(x: np.ndarray):\n    n, edges = np.histogram(np.array([3.0, 1.0, 2.0]), bins=2)\n"
        "    return x[:, :2] * n * edges[1:]\n",
        X,
    )


def test_float32_weights_have_gradients_in_float32() -> None:
    text = f"{HEAD}def f(y: Int[np.ndarray, 'N'], w):\n    return np.bincount(y, weights=w) ** 2\n"
    value, dw = codegen.grad(text)(np.array([0, 1, 0]), ROW.astype(np.float32))
    assert value.dtype == np.float64
    assert dw.dtype == np.float32
    assert np.allclose(dw, [2.5, -2.8, 2.5])


@pytest.mark.parametrize(
    "typing",
    [
        "x, y",
        "x: np.ndarray, y: np.ndarray",
        'x: Float[np.ndarray, "N M"], y: Float[np.ndarray, "K"]',
    ],
)
@pytest.mark.parametrize(
    "lines",
    [
        "x[np.triu_indices(3)] = y",
        "x[np.triu_indices(3, 1)] = y[1]",
        "x[np.tril_indices(3)] += y",
        "x[np.diag_indices(3)] *= y[:3]",
        "x[np.nonzero(x > 0)] = 1.0",
        "x[np.nonzero(x > 0)] *= y[0]",
        "at = np.nonzero(x > 0); x[at] = x[at] ** 2 * y[1]",
        "i, j = np.nonzero(x > 0); x[i, j] = x[j, i] * y[2]",
        "i, j = np.nonzero(x > 0); x[j, i] += y[0]",
        "i = np.flatnonzero(x[0] > 0); x[i] = x[i] * y[0]",
        "i = np.flatnonzero(x[0] > 0); x[i, i] = y[i]",
    ],
)
def test_what_names_places_once_is_written_to(lines: str, typing: str) -> None:
    if lines.startswith("i, j") and "Float" not in typing:
        return  # how many rows np.nonzero gives is not known
    body = "".join(f"    {line.strip()}\n" for line in lines.split(";"))
    given = np.array([0.7, -1.4, 0.55, 0.2, -0.3, 1.2])
    program = f"def f({typing}):\n    x = x * 2 + 0 * y[0]\n{body}    return x**2\n"
    check(program.replace("return x**2", "return x**2 * y[0]"), X, given)


@pytest.mark.parametrize(
    "line",
    [
        "x[np.digitize([0.1, 0.2], [0.5])] = x[:2] * 2",
        "x[np.searchsorted([0.5, 1.0], [0.1, 0.2])] = x[:2] * 2",
        "i, j = np.nonzero(x > 0); x[i] = x[j] * 2",
        "i, j = np.nonzero(x > 0); i = i // 2; x[i, j] = x[j, i]",
        "i, j = np.nonzero(x > 0); k, m = np.nonzero(x < 0); x[i[:2], m[:2]] = x[0, :2]",
        "x[np.argwhere(x > 0)[:, 0]] = x[0, 0]",
    ],
)
def test_what_may_name_a_place_twice_is_not(line: str) -> None:
    body = "".join(f"    {part.strip()}\n" for part in line.split(";"))
    text = (
        f'{HEAD}def f(x: Float[np.ndarray, "N M"]):\n    x = x * 2\n{body}'
        "    return np.sum(x**2)\n"
    )
    with pytest.raises(CodegenError, match="may name an entry twice"):
        codegen.generate(text)


@pytest.mark.parametrize("numbers", ["[0, 3, 0]", "(0, 3, 0)", "np.array([0, 3, 0])"])
@pytest.mark.parametrize("least", ["", ", minlength=6", ", 2"])
def test_weights_get_the_cotangents_of_their_sums(numbers: str, least: str) -> None:
    text = f"{HEAD}def f(w):\n    return np.bincount({numbers}, w{least}) ** 2\n"
    value, dw = codegen.grad(text)(ROW)
    assert np.array_equal(value, author(text)(ROW))
    assert np.allclose(dw, [2.5, -2.8, 2.5])


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("np.unique(x) * 2", "np.unique has no gradient rule with respect to `x`"),
        ("np.histogram(x, bins=3)[1]", "np.histogram has no gradient rule with respect to `x`"),
        ("x * np.histogram(x, weights=x)[0]", "np.histogram with `weights=`"),
        ("x * np.histogram(x, density=True)[0][0]", "np.histogram with `density=`"),
        ("np.bincount(np.arange(4), x[:2, :2])", "the weights of np.bincount are a row"),
    ],
)
def test_what_has_a_slope_is_refused_by_name(expression: str, words: str) -> None:
    text = f'{HEAD}def f(x: Float[np.ndarray, "N M"]):\n    return {expression}\n'
    with pytest.raises(CodegenError, match=words) as caught:
        codegen.generate(text)
    assert all(problem.help for problem in caught.value.problems)
