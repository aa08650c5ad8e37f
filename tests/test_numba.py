"""`--target numba`: what is written compiles and gives what the plain output gives, or is refused."""

from __future__ import annotations

import copy
import inspect
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
from codegen.text_numba_table import BUILTINS, MATH, NUMPY, UFUNCS
from codegen.verification.author import function_of_file, run_file
from codegen.verification.inputs import example_candidates, random_candidates

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
REFUSED = {"correlation": 10, "covariance": 10, "maxpool": 14, "softmax": 9}
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
@pytest.mark.parametrize("name", [name for name in ALL if name not in REFUSED])
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
