"""`--target numba`: what is written compiles and gives what plain output gives, or is refused."""

from __future__ import annotations

import builtins
import copy
import inspect
import math
import os
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.errors import CodegenError
from codegen.pipeline import FunctionReport, Generated, Options, compile_source
from codegen.source import Source
from codegen.text.numba_table import BUILTINS, MATH, NUMPY, UFUNCS
from codegen.verification.author import function_of_file, run_file
from codegen.verification.inputs import example_candidates, random_candidates
from tests import gate_programs
from tests.gate_programs import Program

# what is compiled counts here, not how well: half the time
os.environ.setdefault("NUMBA_OPT", "0")
numba = pytest.importorskip("numba")

KERNELS = Path(__file__).resolve().parent.parent / "examples" / "kernels"
QUICK = (  # to compile
    "atax",
    "bicg",
    "cholesky",
    "durbin",
    "fir",
    "lu",
    "mvt",
    "spmv",
    "thomas",
    "trisolv",
)
# Numba compiles their forward pass neither: the largest and the mean along an axis, kept axes.
REFUSED = {"correlation": 10, "covariance": 10, "lenet": 36, "maxpool": 14, "softmax": 9}
ALL = sorted(path.stem for path in KERNELS.glob("*.py"))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Numba warns of slow products of slices, and of lists that it hands out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def generated(name: str, target: str) -> Generated:
    path = KERNELS / f"{name}.py"
    return compile_source(
        Source(path.name, path.read_text(encoding="utf-8")), Options(target=target)
    )


def gradient(made: Generated) -> Any:
    namespace: dict[str, Any] = {"__name__": "made"}
    exec(compile(made.text, "made.py", "exec"), namespace)
    return namespace[made.functions[0].gradient_name]


@cache
def inputs(name: str, report: FunctionReport) -> tuple[Any, ...]:
    """Return arguments: those of the kernel's example, or random ones of its shapes."""
    path = KERNELS / f"{name}.py"
    author = function_of_file(report, run_file(str(path), path.read_text(encoding="utf-8")))
    tried = (
        example_candidates(author, report.examples[0])
        if report.examples
        else random_candidates(author, 0)
    )
    given = next(tried)
    return tuple(
        v.astype(float) if isinstance(v, np.ndarray) and n in report.wrt else v
        for n, v in given.items()
    )


def leaves(tree: Any) -> list[Any]:
    if isinstance(tree, (tuple, list)):
        return [leaf for part in tree for leaf in leaves(part)]
    return [tree]


def forward(name: str, report: FunctionReport) -> Any:
    path = KERNELS / f"{name}.py"
    namespace: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), namespace)
    return namespace[report.name]


def outputs(name: str, report: FunctionReport) -> list[Any]:
    """Return what the kernel gives: returned, or written into its parameters."""
    given = copy.deepcopy(inputs(name, report))
    returned = forward(name, report)(*given)
    if returned is not None:
        return leaves(returned)
    names = [parameter.name for parameter in report.parameters]
    return [given[names.index(of)] for of in report.of]


def agree(name: str, compiled: Any, plain: Any, report: FunctionReport, seeds: list[Any]) -> None:
    """Both give the same, of the same shapes, and leave what they are given as it was."""
    given = copy.deepcopy(inputs(name, report))
    named = dict(zip(report.cotangents, seeds, strict=False))
    before = copy.deepcopy((given, named))
    ours = compiled(*given, **named)
    for now, then in zip(
        leaves([given, list(named.values())]),
        leaves([before[0], list(before[1].values())]),
        strict=True,
    ):
        np.testing.assert_array_equal(now, then)
    expected = plain(*given, **named)
    for mine, other in zip(leaves(ours), leaves(expected), strict=True):
        assert np.shape(mine) == np.shape(other)
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in QUICK else (pytest.mark.numba, pytest.mark.slow))
        for name in ALL
        if name not in REFUSED
    ],
)
def test_the_gradient_of_a_kernel_compiles(name: str) -> None:
    plain, made = generated(name, "numpy"), generated(name, "numba")
    report = made.functions[0]
    rng = np.random.default_rng(0)
    seeds = [rng.normal(size=np.shape(output)) for output in outputs(name, report)]
    agree(name, gradient(made), gradient(plain), report, seeds)


@pytest.mark.numba
@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_cotangents_may_be_left_out(name: str) -> None:
    plain, made = generated(name, "numpy"), generated(name, "numba")
    report = made.functions[0]
    seeds: list[Any] = []
    if len(report.of) > 1:
        seeds = [None, *(np.ones_like(output) for output in outputs(name, report)[1:])]
    agree(name, gradient(made), gradient(plain), report, seeds)


@pytest.mark.parametrize("name", REFUSED)
def test_a_kernel_is_refused_where_numba_cannot_compile_it(name: str) -> None:
    with pytest.raises(CodegenError) as caught:
        generated(name, "numba")
    first = caught.value.problems[0]
    assert first.code == "numba"
    assert first.span is not None
    assert first.span.line == REFUSED[name]
    assert first.help
    report = generated(name, "numpy").functions[0]
    with pytest.raises(numba.TypingError):
        numba.njit(forward(name, report))(*inputs(name, report))


def written(text: str, **options: Any) -> str:
    return codegen.generate(text, target="numba", **options)


def refusal(text: str) -> tuple[str, tuple[int, int], str]:
    """Return the message, the place and the way out of the first problem."""
    with pytest.raises(CodegenError) as caught:
        written(text)
    problem = caught.value.problems[0]
    assert problem.code == "numba"
    assert problem.span is not None
    assert problem.help is not None
    return problem.message, (problem.span.line, problem.span.column), problem.help


HEAD = "import numpy as np\nfrom jaxtyping import Bool, Float, Int\n\n\n"
ROW = HEAD + 'def f(x: Float[np.ndarray, "N M"]):\n    return '


@pytest.mark.parametrize(
    ("expression", "words", "column", "way_out"),
    [
        ("np.max(x, axis=0)", "np.max with `axis`", 11, "in a loop over the axis"),
        ("2 * np.mean(x, 1)", "np.mean with an axis", 15, "numba.md"),
        ("np.sum(x, axis=1, keepdims=True)", "np.sum with `keepdims`", 11, "np.expand_dims"),
        ("np.matmul(x, x.T)", "np.matmul", 11, "`a @ b`"),
        ("abs(x)", "`abs(...)` of an array", 11, "np.abs(x)"),
        ("x.swapaxes(0, 1)", "`.swapaxes`", 11, "numba.md"),
        ("np.array(x)", "np.array of an array", 11, "x.copy()"),
        ("x[[0, 0]]", "a list as an index", 11, "np.array([0, 1])"),
        ("x[x > 0]", "a mask of several axes as an index", 11, "np.where"),
        ("np.median(x)", "`_quantile_grad`, which the gradient of this needs", 4, "numba.md"),
        ("np.tile(x, 2)", "np.tile", 11, "numba.md"),
    ],
)
def test_what_numba_does_not_compile_is_refused_with_its_place(
    expression: str, words: str, column: int, way_out: str
) -> None:
    message, place, help_ = refusal(ROW + expression + "\n")
    assert message == f"numba does not compile {words}"
    assert place == (6, column)
    assert way_out in help_


def test_an_update_by_a_slice_that_overlaps_is_refused() -> None:
    message, place, way_out = refusal(
        HEAD + 'def f(x: Float[np.ndarray, "N"]):\n    x[1:] += x[:-1]\n    return np.sum(x * x)\n'
    )
    assert "changed already" in message
    assert place[1] == 4
    assert ".copy()" in way_out


def test_what_is_no_array_is_refused() -> None:
    message, place, _ = refusal("def f(p: dict):\n    return p['a'] * p['b']\n")
    assert (message, place) == ("numba does not compile dicts", (1, 6))
    message, place, _ = refusal("def f(xs: list[float]):\n    return xs[0] * xs[1]\n")
    assert message == "numba does not compile the gradient of `xs`, which is a list"
    message, _, way_out = refusal(HEAD + "def f(x: np.ndarray, y: np.ndarray):\n    return x * y\n")
    assert "may hold ints" in message
    assert "Float[np.ndarray" in way_out


def test_zeros_of_an_unknown_dtype_have_the_place_of_the_value() -> None:
    text = HEAD + (
        "def f(W: np.ndarray, X: np.ndarray):\n    loss = 0.0\n    for i in range(3):\n"
        "        loss += np.sum(np.maximum(0, X[i] @ W))\n    return loss\n"
    )
    message, _, way_out = refusal(text)
    assert "np.result_type" in message
    assert "Float[np.ndarray" in way_out


def test_what_a_helper_says_is_refused_in_the_helper() -> None:
    text = HEAD + "def _m(a):\n    return np.mean(a, axis=0)\n\n\n"
    text += 'def f(x: Float[np.ndarray, "N M"]):\n    return _m(x) * 2\n'
    assert refusal(text)[1] == (6, 11)


def test_a_line_that_is_not_printed_is_not_refused() -> None:
    text = (
        HEAD + 'def f(x: Float[np.ndarray, "N M"]):\n    m = np.mean(x, axis=0)\n    return x * 2\n'
    )
    assert "np.mean" not in written(text)


def test_gate_style_is_refused_since_numba_compiles_no_class() -> None:
    with pytest.raises(CodegenError, match="gate style writes a class"):
        written("def f(x: float):\n    return x * x\n", style="gate")


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(CodegenError, match="no target called `cuda`"):
        codegen.generate("def f(x: float):\n    return x * x\n", target="cuda")


def test_only_the_decorator_and_the_import_are_added() -> None:
    text = (KERNELS / "seidel_2d.py").read_text(encoding="utf-8")
    ours, plain = written(text).splitlines(), codegen.generate(text).splitlines()
    added = [line for line in ours if line not in plain]
    assert added == ["import numba", "@numba.njit"]
    assert [line for line in ours if line not in added] == plain


SCALED = """def f(a: Float[np.ndarray, "N"], b: Float[np.ndarray, "N"], *, by: float):
    a *= by
    a += b
"""


def test_the_memory_is_checked_in_a_plain_function_around_the_compiled_one() -> None:
    text = written(HEAD + SCALED)
    assert "@numba.njit\ndef _f_grad(a, b, by, da):" in text
    assert "    return _f_grad(a, b, by, da)\n" in text
    f_grad = run(text)["f_grad"]
    a, b = np.arange(4.0), np.ones(4)
    value, (da, db, dby) = f_grad(a, b, by=2.0, da=np.ones(4))
    np.testing.assert_array_equal(value, 2 * a + 1)
    np.testing.assert_array_equal(da, np.full(4, 2.0))
    np.testing.assert_array_equal(db, np.ones(4))
    assert dby == a.sum()
    np.testing.assert_array_equal(a, np.arange(4.0))
    with pytest.raises(ValueError, match="must not share memory"):
        f_grad(a, a[::-1], by=2.0)
    with pytest.raises(TypeError):
        f_grad(a, b, 2.0)


def run(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, "made.py", "exec"), namespace)
    return namespace


def test_names_of_the_author_win() -> None:
    text = "def f(numba: float, _f_grad: float):\n    return numba * _f_grad\n"
    made = written(text)
    assert "import numba as numba_\n" in made
    assert run(made)["f_grad"](2.0, 3.0) == (6.0, (3.0, 2.0))
    text = HEAD + "_f_grad = 2.0\n\n\n" + SCALED.replace("by\n", "by * _f_grad\n")
    assert "def _f_grad_(a, b, by, da):" in written(text)


def test_the_authors_own_import_of_numba_is_used() -> None:
    made = written("from numba import njit\n\n\ndef f(x: float):\n    return x * x\n")
    assert "import numba\n" not in made
    assert "@njit\ndef f_grad" in made


def test_a_helper_that_stays_a_call_is_compiled_too() -> None:
    text = (KERNELS.parent / "one_line.py").read_text(encoding="utf-8")
    made = written(text)
    assert "@numba.njit\ndef _sigmoid(t):" in made
    value, _ = run(made)["f_grad"](3.0, -4.0)
    np.testing.assert_allclose(value, 1.5456448841066441, rtol=1e-12)


def test_forward_and_backward_of_split_style_are_compiled() -> None:
    text = HEAD + (
        'def f(x: Float[np.ndarray, "T"], a: float):\n'
        "    h = 0.0\n    for t in range(len(x)):\n"
        "        h = np.tanh(a * h + x[t])\n    return h\n"
    )
    made, plain = run(written(text, style="split")), run(codegen.generate(text, style="split"))
    x = np.array([0.3, -1.0, 0.7])
    (value, cache), (expected, other) = made["f_forward"](x, 0.5), plain["f_forward"](x, 0.5)
    assert value == pytest.approx(expected)
    for ours, theirs in zip(
        made["f_backward"](1.0, cache), plain["f_backward"](1.0, other), strict=True
    ):
        np.testing.assert_allclose(ours, theirs)


def test_repeated_indices_add_up() -> None:
    text = HEAD + (
        'def f(x: Float[np.ndarray, "N M"], i: Int[np.ndarray, "K"], j: Int[np.ndarray, "K"]):\n'
        "    return np.sum(x[i] ** 2) + np.sum(x[i, j] ** 3) + np.sum(x[:, j] ** 2)\n"
    )
    x = np.arange(12.0).reshape(4, 3)
    indices = np.array([0, 2, -1, 2]), np.array([1, 1, 0, 1])
    ours, plain = run(written(text))["f_grad"](x, *indices), run(codegen.generate(text))["f_grad"]
    expected = plain(x, *indices)
    assert ours[0] == pytest.approx(expected[0])
    np.testing.assert_allclose(ours[1], expected[1])


def test_a_row_gets_a_multiple_of_another_in_one_loop() -> None:
    text = HEAD + (
        'def f(A: Float[np.ndarray, "N N"], x: Float[np.ndarray, "N"]):\n'
        "    for i in range(1, len(x)):\n"
        "        A[i, :i] -= 2 * x[i] * A[i - 1, :i]\n"
        "        A[i, 1:] += 3 * A[i, :-1]\n"
        "        x[i] -= A[i, :i] @ x[:i]\n"
    )
    made = written(text, of=("x",))
    assert "_add_scaled(dx[:i], -dx[i], A[i, :i])" in made
    assert "_add_scaled(dA[i, :i], -dx[i], x[:i])" in made
    assert "dA[i - 1, :i] = 2 * x_in[i] * dA_product" in made  # to which nothing was added before
    # what is not surely of other memory is left to numpy's way, with an array between
    assert "dA[i, :-1] += 3 * dA_raw" in made
    A, x = np.arange(1.0, 17.0).reshape(4, 4) / 10, np.arange(1.0, 5.0) / 4
    ours, plain = run(made)["f_grad"], run(codegen.generate(text, of=("x",)))["f_grad"]
    for mine, other in zip(leaves(ours(A, x)), leaves(plain(A, x)), strict=True):
        np.testing.assert_allclose(mine, other)


def test_rows_of_one_array_are_added_in_one_loop_and_shifted_parts_are_not() -> None:
    text = HEAD + (
        'def f(A: Float[np.ndarray, "N M"], b: Float[np.ndarray, "N"]):\n'
        "    for i in range(2, len(b)):\n"
        "        A[i, :] = b[1] / b[0] * A[i - 1, :] + b[i] * A[i - 2, :]\n"
        "        A[i, 1:] = A[i, 1:] + 0.5 * A[i, :-1] + 0.25 * A[i - 1, 1:]\n"
    )
    made = written(text, of=("A",))
    loop = made.partition("# backprop")[2]
    assert "_add_scaled(dA[i - 2, :], b[i], dA_total)" in loop
    assert "_add_scaled(dA[i, :-1]" not in loop  # which is not of the places that are read
    A, b = np.arange(1.0, 17.0).reshape(4, 4) / 10, np.arange(1.0, 5.0) / 4
    ours, plain = run(made)["f_grad"], run(codegen.generate(text, of=("A",)))["f_grad"]
    for mine, other in zip(leaves(ours(A, b)), leaves(plain(A, b)), strict=True):
        np.testing.assert_allclose(mine, other)


def test_outer_products_are_added_in_loops() -> None:
    text = HEAD + (
        'def f(x: Float[np.ndarray, "T D"], W: Float[np.ndarray, "D D"], '
        'b: Float[np.ndarray, "D"]):\n'
        "    h = np.zeros_like(b)\n"
        "    for t in range(x.shape[0]):\n"
        "        h = np.tanh(x[t] @ W + h * b)\n"
        "        b = b + 0.1 * (h @ W)\n"
        "    return h\n"
    )
    made = written(text)
    assert "_add_outer(dW, x[t], " in made
    assert "np.outer(" not in made.partition("    # forward pass")[2]
    x, W, b = np.arange(6.0).reshape(3, 2) / 7, np.arange(4.0).reshape(2, 2) / 5, np.ones(2)
    ours, plain = run(made)["f_grad"], run(codegen.generate(text))["f_grad"]
    for mine, other in zip(leaves(ours(x, W, b)), leaves(plain(x, W, b)), strict=True):
        np.testing.assert_allclose(mine, other)


def test_shapes_of_unknown_rank_are_summed_by_a_helper_of_its_own() -> None:
    text = HEAD + "def f(x, w):\n    return np.tanh(x) * np.sin(w)\n"
    ours, plain = run(written(text))["f_grad"], run(codegen.generate(text))["f_grad"]
    x, w = np.arange(6.0).reshape(2, 3), np.array([[0.5], [1.5]])
    for mine, other in zip(leaves(ours(x, w)), leaves(plain(x, w)), strict=True):
        assert mine.shape == other.shape
        np.testing.assert_allclose(mine, other)


def test_the_table_is_what_numba_says() -> None:
    from numba.core.registry import cpu_target

    context = cpu_target.typing_context
    context.refresh()

    def templates(path: str, module: Any) -> list[Any]:
        for part in path.split("."):
            module = getattr(module, part)
        return list(getattr(context.resolve_value_type(module), "templates", []))

    assert all(templates(name, math) for name in MATH)
    assert all(templates(name, np) for name in UFUNCS)
    assert all(context.resolve_value_type(getattr(builtins, name)) for name in BUILTINS)
    for name, parameters in NUMPY.items():
        found = templates(name, np)
        signatures = [t._overload_func for t in found if hasattr(t, "_overload_func")]
        taken = [list(inspect.signature(one).parameters) for one in signatures]
        if any(one[:1] == ["args"] or one[:1] == ["size"] for one in taken) or not taken:
            continue
        longest = max(taken, key=len)
        assert len(parameters.split()) <= len(longest), name
        assert set(parameters.split()[1:]) <= set(longest), name


BLOCKS = 12


def of_gates(block: int) -> Iterator[Program]:
    """Yield a program of each gate: on arrays, if it takes them.

    Not of our own helpers: they are plain functions, which numba does not call from compiled ones.
    """
    gates = [one for one in gate_programs.differentiable() if not one.family.startswith("own_")]
    for number, gate in enumerate(gates):
        if number % BLOCKS == block:
            made = [one for one in gate_programs.programs(gate, "named", ("alone",)) if one.wanted]
            made.sort(key=lambda one: all(np.ndim(value) == 0 for value in one.inputs))
            yield from made[:1]


def compiles(jitted: Any, program: Program) -> bool:
    try:
        jitted(*program.inputs)
    except Exception:  # noqa: BLE001 (numba raises many)
        return False
    return True


@pytest.mark.numba
@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_a_gate_is_refused_exactly_where_numba_does_not_compile_it(block: int) -> None:
    for program in of_gates(block):
        jitted = numba.njit(run(program.text)["f"])
        try:
            ours = written(program.text)
        except CodegenError as error:
            if "which the gradient of this needs" in str(error):
                continue
            assert not compiles(jitted, program), f"{program.label} is refused, and compiles"
            continue
        with np.errstate(all="ignore"):
            jitted(*program.inputs)
            found = leaves(run(ours)["f_grad"](*program.inputs))
            expected = leaves(run(codegen.generate(program.text))["f_grad"](*program.inputs))
        for mine, other in zip(found, expected, strict=True):
            assert np.shape(mine) == np.shape(other), program.label
            np.testing.assert_allclose(mine, other, 1e-7, 1e-9, err_msg=program.label)
