"""The oracles, against derivatives known by heart."""

from __future__ import annotations

import math

import numpy as np
import pytest

from codegen.verification.oracle import (
    central_difference,
    complex_step,
    estimates,
    largest_deviation,
)


def test_central_differences_of_smooth_functions_are_good_to_ten_digits() -> None:
    x = np.array([[0.3, -1.2], [2.0, 0.7]])
    (dx,) = central_difference(lambda a: np.sum(np.exp(a) * np.sin(3 * a)), [x])
    expected = np.exp(x) * (np.sin(3 * x) + 3 * np.cos(3 * x))
    assert largest_deviation(dx, expected) < 1e-10
    assert dx.shape == x.shape


def test_a_cotangent_weighs_the_outputs() -> None:
    dout = np.array([[1.0, -2.0], [0.5, 3.0]])
    w = np.array([[0.5, 1.0], [1.5, -1.0]])
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    dx, dw = central_difference(lambda a, b: a @ b, [x, w], dout)
    assert largest_deviation(dx, dout @ w.T) < 1e-11
    assert largest_deviation(dw, x.T @ dout) < 1e-11


def test_several_outputs_take_a_cotangent_each() -> None:
    (dx,) = central_difference(lambda x: (x**2, np.full(3, x)), [2.0], (0.5, np.arange(3.0)))
    assert dx == pytest.approx(0.5 * 4.0 + 3.0)


def test_lists_and_dicts_have_gradients_of_their_structure() -> None:
    inputs = [[2.0, 3.0], {"a": np.ones(2), "b": 4.0}]
    dw, dp = central_difference(lambda w, p: w[0] * w[1] + np.sum(p["a"]) * p["b"], inputs)
    assert dw == pytest.approx([3.0, 2.0])
    assert dp["a"] == pytest.approx(np.full(2, 4.0))
    assert dp["b"] == pytest.approx(2.0)


def test_integer_inputs_are_moved_by_fractions() -> None:
    dx, dn = central_difference(lambda x, n: x[0] * n, [np.array([3, 4]), 5])
    assert dx == pytest.approx(np.array([5.0, 0.0]))
    assert dn == pytest.approx(3.0)


def test_inputs_are_not_written_to_even_if_the_function_does() -> None:
    x = np.ones(3)

    def doubling(a: np.ndarray) -> float:
        a *= 2
        return float(np.sum(a))

    assert central_difference(doubling, [x])[0] == pytest.approx(np.full(3, 2.0))
    assert np.array_equal(x, np.ones(3))


def test_empty_arrays_have_empty_gradients() -> None:
    (dx,) = central_difference(np.sum, [np.zeros((0, 3))])
    assert dx.shape == (0, 3)


@pytest.mark.parametrize("function", [abs, lambda x: max(x, 0.0), lambda x: np.maximum(0, -x)])
def test_an_error_shows_a_kink_where_all_step_sizes_agree(function: object) -> None:
    assert estimates(function, [0.0], [1.0])[0].errors[0] > 0.4  # type: ignore[arg-type]


def test_an_error_shows_a_tie_of_three() -> None:
    (estimate,) = estimates(np.max, [np.ones(3)], [1.0])
    assert np.all(estimate.errors[0] > 0.4)


def test_a_kink_close_by_is_avoided_by_smaller_steps() -> None:
    (estimate,) = estimates(abs, [2e-5], [1.0])
    assert estimate.gradients[0] == pytest.approx(1.0)
    assert estimate.errors[0] < 1e-7


def test_an_error_shows_noise() -> None:
    rng = np.random.default_rng(0)
    (estimate,) = estimates(lambda x: x + 1e-6 * rng.normal(), [1.0], [1.0])
    assert estimate.errors[0] > 1e-6


def test_the_edge_of_a_domain_has_an_infinite_error() -> None:
    assert estimates(math.sqrt, [0.0], [1.0])[0].errors[0] == math.inf
    with np.errstate(invalid="ignore"):
        assert estimates(np.sqrt, [np.zeros(1)], [None])[0].errors[0] == math.inf


@pytest.mark.parametrize("size", [1e-9, 1e-4, 1.0, 1e4, 1e9])
def test_steps_fit_the_size_of_an_input(size: float) -> None:
    x = size * np.array([1.0, 1.7])
    with np.errstate(invalid="ignore"):
        (estimate,) = estimates(lambda a: np.sum(np.log(a)), [x], [1.0])
    assert largest_deviation(estimate.gradients[0], 1 / x) < 1e-8
    assert np.all(estimate.errors[0] < 1e-7 / size)


def test_noise_grows_with_the_value_and_not_with_the_gradient() -> None:
    small, large = (estimates(lambda x, c=c: c + x, [1.0], [1.0])[0].noise[0] for c in (1.0, 1e9))
    assert small < 1e-10
    assert large > 1e-3


def test_the_complex_step_is_exact_to_rounding() -> None:
    x = np.array([0.5, 1.5, -2.0])
    dx, dk = complex_step(lambda a, k: np.exp(k * a) / a, [x, 0.3])
    expected = np.exp(0.3 * x) * (0.3 * x - 1) / x**2
    assert largest_deviation(dx, expected) < 1e-15
    assert dk == pytest.approx(float(np.sum(np.exp(0.3 * x))), rel=1e-15)


def test_the_deviation_is_relative_to_the_largest_entry() -> None:
    assert largest_deviation([1e-9, 100.0], [0.0, 100.0]) == pytest.approx(1e-11)
    assert largest_deviation(1.01, 1.0) == pytest.approx(0.01)


def test_the_deviation_of_nothing_but_zeros_needs_a_scale() -> None:
    assert largest_deviation(0.0, 0.0) == 0.0
    assert largest_deviation(1e-15, 0.0) == math.inf
    assert largest_deviation(1e-15, 0.0, scale=1e-8) == pytest.approx(1e-7)


@pytest.mark.parametrize(
    ("actual", "expected"), [(math.nan, 1.0), (1.0, math.nan), (math.inf, 1.0)]
)
def test_a_number_that_is_not_finite_deviates_infinitely(actual: float, expected: float) -> None:
    assert largest_deviation([actual, 1.0], [expected, 1.0]) == math.inf


@pytest.mark.parametrize(
    ("actual", "expected"),
    [([1.0], (1.0,)), ([1.0], [1.0, 2.0]), (np.ones(3), np.ones((3, 1))), ({"a": 1.0}, {"b": 1.0})],
)
def test_another_structure_or_shape_is_an_error(actual: object, expected: object) -> None:
    with pytest.raises(ValueError, match="the trees differ"):
        largest_deviation(actual, expected)


def test_a_cotangent_of_another_shape_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not fit the value"):
        central_difference(lambda x: x * 2, [np.ones(3)], np.ones(2))
