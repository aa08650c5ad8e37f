"""Reductions and products beyond their gates' points: spellings, precision, edges, what is read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

import codegen
from tests.gate_runs import DIFFERENCES, author, call, check_value, compare, cotangents, oracle
from tests.gate_runs import unformatted as without_black

X = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.45]])
BOX = np.random.default_rng(3).uniform(0.3, 1.7, (2, 3, 4))
HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"


@pytest.fixture(autouse=True)
def _unformatted(monkeypatch: pytest.MonkeyPatch) -> None:
    without_black(monkeypatch)


def check(program: str, *inputs: Any, wanted: tuple[int, ...] = (0,)) -> str:
    """Compare value and gradients with differences; return the gradient's text."""
    text = HEAD + program
    for cotangent in cotangents(author(text)(*inputs)):
        value, found = call(text, inputs, cotangent)
        check_value(text, inputs, value, 1e-14)
        expected, _ = oracle(text, inputs, wanted, cotangent, exact=False)
        compare(found, expected, tuple(inputs[place] for place in wanted), DIFFERENCES)
    return codegen.generate(text)


def gradient(program: str, *inputs: Any) -> Any:
    """Return the only gradient at the default cotangent."""
    _, (found,) = call(HEAD + program, inputs, None)
    return found


# spellings


@pytest.mark.parametrize("declared", ["x", 'x: Float[np.ndarray, "N D"]'])
@pytest.mark.parametrize("axis", ["0", "1", "-1", "(0, 1)", "None", "()"])
@pytest.mark.parametrize("name", ["sum", "mean", "prod", "max", "min", "var", "std", "ptp"])
def test_the_axis_may_be_given_by_position(name: str, axis: str, declared: str) -> None:
    if name == "std" and axis == "()":
        return  # a kink everywhere
    check(f"def f({declared}):\n    return np.{name}(x, {axis})\n", X)
    if name != "ptp":
        check(f"def f({declared}):\n    return x.{name}({axis})\n", X)


@pytest.mark.parametrize("declared", ["x", 'x: Float[np.ndarray, "N D"]'])
def test_an_axis_may_be_a_constant_of_the_file(declared: str) -> None:
    check(f"AXIS = -1\n\n\ndef f({declared}):\n    return np.prod(x, axis=AXIS)\n", X)


# precision


@pytest.mark.parametrize("declared", ["x", "x: np.ndarray", 'x: Float[np.ndarray, "N D"]'])
@pytest.mark.parametrize("name", ["sum", "mean", "prod", "var", "std"])
@pytest.mark.parametrize("rest", ["", ", axis=0", ", axis=1, keepdims=True"])
@pytest.mark.parametrize("outside", ["{}", "np.sqrt({} + 9.0)"])
def test_a_dtype_is_for_the_result_only(name: str, rest: str, outside: str, declared: str) -> None:
    plain = outside.format(f"np.{name}(x * x{rest})")
    wide = outside.format(f"np.{name}(x * x{rest}, dtype=np.float64)")
    narrow = outside.format(f"np.{name}(x * x{rest}, dtype=np.float32)")
    expected = gradient(f"def f({declared}):\n    return {plain}\n", X)
    for spelled, x in ((wide, X.astype(np.float32)), (narrow, X)):
        found = gradient(f"def f({declared}):\n    return {spelled}\n", x)
        assert found.dtype == x.dtype
        assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("x", [np.array([3, 1, 2]), np.array([True, False, True])])
def test_whole_numbers_may_be_counted_in_another_dtype(x: np.ndarray) -> None:
    program = "def f(s, x: Float[np.ndarray, 'N']):\n    return s * np.sum(x > 1, dtype=np.int64)\n"
    check(program, 0.7, x)


# edges


@pytest.mark.parametrize("x", [[0.0, 0.0, 1e200, 1e200], [0.0, 1e-200, 1e-200], [1e-300, 0.0]])
def test_a_product_with_zeros_has_finite_gradients(x: list[float]) -> None:
    with np.errstate(over="ignore", under="ignore"):
        found = gradient("def f(x):\n    return np.prod(x)\n", np.array(x))
    others = [np.prod(np.array(x[:i] + x[i + 1 :])) for i in range(len(x))]
    assert found == pytest.approx(np.array(others), abs=0)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("value", [0.1, 0.7, 1.3, -2.6, 0.0, 1e-30, 1e30])
@pytest.mark.parametrize("count", [1, 2, 3, 7, 1000])
def test_what_is_constant_has_no_slope_of_its_deviation(
    value: float, count: int, dtype: Any
) -> None:
    x = np.full((count, 2), value, dtype)
    x[:, 1] = np.arange(count) % 3
    found = gradient("def f(x):\n    return np.sum(np.std(x, axis=0))\n", x)
    assert found.dtype == dtype
    assert np.array_equal(found[:, 0], np.zeros(count))
    assert np.isfinite(found).all()


@pytest.mark.parametrize("name", ["mean", "var"])
def test_a_count_of_zero_is_divided_by_when_it_is_run(name: str) -> None:
    text = HEAD + f'def f(x: Float[np.ndarray, "0 D"]):\n    return np.{name}(x, axis=0)\n'
    f_grad = codegen.grad(text)
    with np.errstate(all="ignore"), pytest.warns(RuntimeWarning):
        value, dx = f_grad(np.zeros((0, 3)))
    assert np.isnan(value).all()
    assert dx.shape == (0, 3)


# what is read


@pytest.mark.parametrize("name", ["var", "std"])
@pytest.mark.parametrize(
    ("rest", "other"),
    [
        ("axis=0", "axis=0"),
        ("axis=1", "axis=1"),
        ("axis=1", "axis=-1, keepdims=True"),
        ("axis=1, keepdims=True", "axis=1"),
        ("axis=(0, 1)", "axis=None"),
    ],
)
def test_a_mean_at_hand_is_not_taken_again(name: str, rest: str, other: str) -> None:
    text = check(
        'def f(x: Float[np.ndarray, "N D"]):\n'
        f"    mu = x.mean({other})\n"
        f"    s = np.{name}(x, {rest})\n"
        "    return np.sum(s) * np.sum(mu)\n",
        X,
    )
    assert "mean(" not in text.split("# backprop", 1)[1].split("\n", 1)[1].replace("= x.mean(", "")


@pytest.mark.parametrize(
    "between",
    [
        "    mu = np.mean(x, axis=1)\n",  # along another axis
        "    mu = np.mean(x * x, axis=0)\n",  # of another array
        "    mu = np.mean(x, axis=0, dtype=np.float32)\n",  # rounded
        "    mu = np.mean(x, axis=0)\n    x = 2 * x\n",  # of the array as it was
    ],
)
def test_another_mean_is_not_taken_for_it(between: str) -> None:
    text = check(
        'def f(x: Float[np.ndarray, "N D"]):\n'
        f"{between}    return np.sum(np.var(x, axis=0)) + 0 * np.sum(mu)\n",
        X,
    )
    assert " - np.mean(" in text


def test_a_mean_of_an_arm_is_not_read_outside_of_it() -> None:
    program = (
        "def f(x: np.ndarray, flag: bool):\n"
        "    return np.sum(x * np.mean(x)) if flag else np.var(x) ** 2\n"
    )
    check(program, X, True)
    check(program, X, False)


INNER = ("sum", "mean", "prod", "max", "min", "ptp", "var", "std")


@pytest.mark.parametrize(("outer", "inner"), list(product(INNER, INNER)))
def test_a_reduction_of_a_reduction(outer: str, inner: str) -> None:
    for declared, rest in product(
        ("x", "x: np.ndarray", 'x: Float[np.ndarray, "N D M"]'),
        ("axis=1", "axis=(0, 2)", "axis=-1, keepdims=True"),
    ):
        call_ = f"np.sin(np.{inner}(x, {rest}))"
        check(f"def f({declared}):\n    return np.{outer}({call_}, axis=0)\n", BOX)


VALUES: dict[str, Callable[[], str]] = {
    "argmax": lambda: "np.exp(x)[np.arange(2), np.argmax(x, axis=1)]",
    "argmin": lambda: "np.exp(x)[x.argmin(0), np.arange(3)]",
    "argmax of all": lambda: "np.exp(x).reshape(-1)[np.argmax(x)]",
    "any": lambda: "x * np.any(x > 2, axis=0)",
    "all": lambda: "x * (x > -1).all(axis=1, keepdims=True)",
    "count_nonzero": lambda: "np.sum(x * x) / np.count_nonzero(x > 0)",
    "count_nonzero along an axis": lambda: "x / np.count_nonzero(x, axis=1, keepdims=True)",
    "accuracy": lambda: "np.sum(x * x) * np.mean(np.argmax(x, axis=1) == 1)",
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("declared", ["x", 'x: Float[np.ndarray, "N D"]'])
def test_values_without_gradient(name: str, declared: str) -> None:
    check(f"def f({declared}):\n    return {VALUES[name]()}\n", X)


def test_guards_and_asserts_may_ask_for_any_and_all() -> None:
    text = HEAD + (
        "def f(x: np.ndarray):\n"
        "    if np.any(x < -9):\n"
        '        raise ValueError("too small")\n'
        "    assert (x < 9).all() and all([len(x) > 1, x.size > 1])\n"
        "    return np.sum(x * x)\n"
    )
    assert gradient(text.removeprefix(HEAD), X) == pytest.approx(2 * X)
    with pytest.raises(ValueError, match="too small"):
        codegen.grad(text)(X - 99)
    with pytest.raises(AssertionError):
        codegen.grad(text)(X + 99)


# products


RANKS = [(), (2,), (3, 2), (4, 3, 2), (5, 4, 3, 2)]


@pytest.mark.parametrize(("left", "right"), list(product(range(5), range(5))))
@pytest.mark.parametrize("name", ["matmul", "dot", "inner", "outer", "vdot"])
def test_every_pair_of_ranks(name: str, left: int, right: int) -> None:
    rng = np.random.default_rng(left * 10 + right)
    shapes = RANKS[left], RANKS[right]
    if name in ("matmul", "dot") and right > 1:
        shapes = shapes[0], (*RANKS[right][:-2], 2, 3)
    if name == "vdot":
        shapes = (6,) * min(left, 1) or (), {0: (1, 1), 1: (6,)}.get(
            right, (1,) * (right - 1) + (6,)
        )
    x, y = (rng.uniform(0.3, 1.7, shape) if shape else 0.7 for shape in shapes)
    try:
        getattr(np, name)(x, y)
    except ValueError:
        return  # numpy does not take them
    words = [": float" if not np.ndim(a) else "" for a in (x, y)]
    known = [
        w or f': Float[np.ndarray, "{" ".join("_" * np.ndim(a))}"]'
        for w, a in zip(words, (x, y), strict=True)
    ]
    for first, second in (("", ""), known):
        check(f"def f(x{first}, y{second}):\n    return np.{name}(x, y)\n", x, y, wanted=(0, 1))


@pytest.mark.parametrize(
    ("x", "y"),
    [((2, 1, 3, 4), (5, 4, 2)), ((1, 3, 4), (5, 4, 2)), ((5, 3, 4), (1, 4, 2)), ((0, 3), (3, 2))],
)
@pytest.mark.parametrize("dimensions", ["_", "..."])
def test_batches_are_broadcast(x: tuple[int, ...], y: tuple[int, ...], dimensions: str) -> None:
    rng = np.random.default_rng(1)
    words = [
        f': Float[np.ndarray, "{" ".join("_" * len(s)) if dimensions == "_" else "..."}"]'
        for s in (x, y)
    ]
    given = rng.uniform(0.3, 1.7, x), rng.uniform(0.3, 1.7, y)
    check(f"def f(x{words[0]}, y{words[1]}):\n    return x @ y\n", *given, wanted=(0, 1))


def test_known_ranks_need_no_helper() -> None:
    for name, x, y in (
        ("dot", "A B C", "D C E"),
        ("inner", "A B C", "D E C"),
        ("matmul", "A B C", "C D"),
        ("matmul", "B C", "A C D"),
        ("outer", "A B", "C D E"),
        ("vdot", "A B", "C"),
    ):
        text = codegen.generate(
            f'{HEAD}def f(x: Float[np.ndarray, "{x}"], y: Float[np.ndarray, "{y}"]):\n'
            f"    return np.{name}(x, y)\n"
        )
        assert "def _" not in text, name


def test_a_whole_cotangent_is_made_once() -> None:
    text = check(
        'def f(x: Float[np.ndarray, "N D"], y: Float[np.ndarray, "D M"]):\n'
        "    return np.sum(x @ y)\n",
        X,
        BOX[0],
        wanted=(0, 1),
    )
    assert text.count("np.full(") == 1
