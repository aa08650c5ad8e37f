"""The benchmarks run and measure right code; none of these tests looks at a clock."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import codegen
from benchmarks import generation, gradient, kernels, layers, loops
from benchmarks.forward_sources import FLAVOURS, forward_source

SMALL = 100  # stages
SMALL_CASES = [case for case in gradient.CASES if "00" not in case.size and "512" not in case.size]


def arguments_of(flavour: str) -> tuple[Any, ...]:
    """Return arguments for a forward source."""
    if flavour == "scalar":
        return 0.7, -1.3
    random = np.random.default_rng(0)
    return tuple(random.standard_normal(shape) for shape in ((3, 4), 4, (4, 4)))


def central_difference(call: Any, arguments: tuple[Any, ...], position: int) -> Any:
    """Return the gradient of a scalar call in one argument, a float or an array."""
    step = 1e-6
    point = np.asarray(arguments[position], dtype=float)
    slopes = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        sides = []
        for move in (step, -step):
            moved = point.copy()
            moved[index] += move
            changed = list(arguments)
            changed[position] = moved if point.ndim else float(moved)
            sides.append(call(*changed))
        slopes[index] = (sides[0] - sides[1]) / (2 * step)
    return slopes


@pytest.mark.parametrize("case", layers.CASES, ids=lambda case: f"{case.name} {case.size}")
def test_layers_by_hand_have_the_generated_gradients(case: layers.Case) -> None:
    layers.assert_same(case)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("stages", [100, 10_000])
def test_a_forward_source_has_the_stages_asked_for_and_finite_values(
    flavour: str, stages: int
) -> None:
    text = forward_source(flavour, stages)
    assert text.count(" = ") == stages + (flavour == "array")  # Array = np.ndarray
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    assert math.isfinite(namespace["f"](*arguments_of(flavour)))


def test_a_forward_source_gives_each_stage_a_name_of_its_own() -> None:
    text = forward_source("scalar", 10_000)
    names = [line.split(" = ")[0] for line in text.splitlines() if " = " in line]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_gradient_of_a_forward_source_agrees_with_finite_differences(flavour: str) -> None:
    text = forward_source(flavour, SMALL)
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    written: dict[str, Any] = {}
    exec(codegen.generate(text, filename="forward.py"), written)
    arguments = arguments_of(flavour)
    value, gradients = written["f_grad"](*arguments)
    assert value == pytest.approx(namespace["f"](*arguments), rel=1e-12)
    assert len(gradients) == len(arguments)
    for position, own in enumerate(gradients):
        expected = central_difference(namespace["f"], arguments, position)
        np.testing.assert_allclose(own, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_generation_is_measured_in_parts(flavour: str) -> None:
    row = generation.measure_apart(flavour, SMALL, repeat=1)
    assert row.ours > 0
    assert row.black > 0
    assert 0 < row.baseline_megabytes <= row.ours_megabytes <= row.peak_megabytes
    assert f"| {flavour} | {SMALL} |" in generation.table([row])


def test_the_table_of_generation_says_which_goals_are_met() -> None:
    rows = [
        generation.Measured("scalar", 1_000, 0.1, 0.5, 50, 60, 70),
        generation.Measured("scalar", 10_000, 1.3, 5.0, 50, 90, 100),
    ]
    assert "| 13.0 |" in generation.table(rows)
    first, second, third = generation.goals(rows).splitlines()
    assert first.endswith("10,000 to 1,000 stages: 13.0 times, goal at most 12 times: NOT MET")
    assert second.endswith("time of ours: 1.3 s, goal at most 10 s: met")
    assert third.endswith("peak memory before black: 90.0 MB, goal at most 500 MB: met")


@pytest.mark.parametrize("case", SMALL_CASES, ids=lambda case: case.name)
def test_the_handwritten_gradients_agree_with_finite_differences(case: gradient.Case) -> None:
    call = gradient.handwritten(case)
    arguments = case.arguments()
    _, gradients = call(*arguments)
    for position, own in zip(case.wrt, gradients, strict=True):
        expected = central_difference(lambda *a: np.sum(call(*a)[0]), arguments, position)
        np.testing.assert_allclose(own, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("case", SMALL_CASES, ids=lambda case: case.name)
def test_generated_and_handwritten_gradients_agree_and_are_compared(case: gradient.Case) -> None:
    row = gradient.compare(case, turns=1)
    assert row.ratio > 0
    assert f"| {case.name} | {case.size} |" in gradient.table([row])


def test_the_frameworks_compute_the_same_as_the_generated_gradient() -> None:
    pytest.importorskip("autograd")
    pytest.importorskip("jax")
    from benchmarks import frameworks

    for case in frameworks.CASES[::2]:
        assert {"ours", "autograd", "jax"} <= set(frameworks.runners(case))


@pytest.mark.parametrize("case", loops.CASES, ids=lambda case: case.name)
def test_a_loop_keeps_per_turn_what_one_turn_needs(case: loops.Case) -> None:
    few, many = (loops.measure(case, turns, seconds=0.0) for turns in (100, 1_000))
    assert many.kept < 11 * few.kept
    assert f"| `{case.name}` | 1,000 |" in loops.table([many])


def test_nothing_is_kept_of_what_the_reverse_does_not_read() -> None:
    few, many = (loops.measure(loops.CASES[0], turns, seconds=0.0) for turns in (10, 1_000))
    assert few.kept == many.kept


@pytest.mark.parametrize("name", ["atax", "spmv", "trisolv"])
def test_kernels_are_measured_with_what_they_keep(name: str) -> None:
    row = kernels.measure(name, turns=1)
    assert row.seconds["gradient"] > 0
    assert row.kept >= 0
    assert f"| {name} |" in kernels.table([row])
    assert "in numpy, at most 5 times" in kernels.goals([row])


def test_every_kernel_has_arguments_to_be_measured_at() -> None:
    assert sorted(kernels.ARGUMENTS) == sorted(path.stem for path in kernels.FOLDER.glob("*.py"))


BY_HAND = ["cholesky", "conv2d", "durbin", "jacobi_2d", "seidel_2d"]
# A kernel, the arrays by which it is differentiated, and the share of the inputs' bytes that may be
# kept: names and shapes alone, and for lu its result, which is the value.
NOTHING_KEPT = {
    "atax": ("A", "x"),
    "bicg": ("A", "p", "r"),
    "conv2d": ("input", "weights", "bias"),
    "doitgen": ("A",),
    "fdtd_2d": ("ex", "ey", "hz", "source"),
    "gemm": ("C", "A", "B"),
    "heat_3d": ("A", "B"),
    "jacobi_1d": ("A", "B"),
    "jacobi_2d": ("A", "B"),
    "lu": ("A",),
    "mvt": ("x1", "x2", "y1", "y2", "A"),
    "seidel_2d": ("A",),
    "trisolv": ("b",),
}


@pytest.mark.parametrize("name", NOTHING_KEPT)
def test_no_old_contents_are_kept_that_the_reverse_does_not_read(name: str) -> None:
    share = kernels.kept(name, NOTHING_KEPT[name])
    assert share < (1.01 if name == "lu" else 0.02)


@pytest.mark.parametrize("name", BY_HAND)
def test_kernels_by_hand_give_what_the_generated_ones_give(name: str) -> None:
    one = kernels.kernel(name)
    random = np.random.default_rng(3)
    seeds = [random.standard_normal(np.shape(seed)) for seed in one.seeds]
    drawn = replace(one, seeds=seeds)
    call = kernels.by_hand(name, drawn)
    assert call is not None
    drawn.expect(call())


@pytest.mark.parametrize("name", ["cavity_flow", "cholesky", "lenet", "vertical_advection"])
def test_kernels_agree_with_jax(name: str) -> None:
    pytest.importorskip("jax")
    one = kernels.kernel(name)
    random = np.random.default_rng(3)
    seeds = [random.standard_normal(np.shape(seed)) for seed in one.seeds]
    drawn = replace(one, seeds=seeds)
    call = kernels.jax_call(name, drawn)
    assert call is not None
    drawn.expect(call())
