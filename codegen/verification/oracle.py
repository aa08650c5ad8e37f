"""Gradients that owe nothing to the generator: finite differences and the complex step.

`function` is called as `function(*inputs)` with new arrays each time; it returns a number, an
array, or a list, tuple or dict of them. Inputs are numbers, arrays, or lists, tuples and dicts of
numbers and arrays. A cotangent has the structure and shapes of what the function returns; None
stands for ones, which gives the gradient of the sum. Gradients are a list, one for each input, in
the input's structure, float64.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.verification.trees import (
    Tree,
    as_float64,
    copied,
    flatten,
    is_array,
    map_leaves,
    mismatch,
    unflatten,
)

Vector = NDArray[np.float64]

STEP = 1e-3  # of max(1, |x|): rounding (eps / step) and truncation (step**6) both stay below 1e-12
SHRINK = (1.0, 1 / 8, 1 / 64, 1 / 512)  # where a kink or a pole is near, smaller steps are tried,
# and at last one of |x| itself: log and sqrt close to 0
EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Estimate:
    """One cotangent's gradients, and how far they can be trusted.

    `errors` has the gradients' structure: by how much two step sizes disagree there, or the slopes
    to the two sides; inf where the function has no finite value close by. `noise` has, for each
    input, the error that rounding alone may make in its entries.
    """

    gradients: list[Tree]
    errors: list[Tree]
    noise: list[float]


def central_difference(
    function: Callable[..., Tree], inputs: Sequence[Tree], cotangent: Tree = None
) -> list[Tree]:
    """Return the gradients of sum(cotangent * function(*inputs)) by central differences.

    (f(x + h) - f(x - h)) / 2h at h, h/2 and h/4, extrapolated twice to h = 0: an error of order
    h**6. Source: L. F. Richardson, Phil. Trans. R. Soc. A 210 (1911); C. J. F. Ridders, Adv. Eng.
    Software 4 (1982).

    >>> dx, dw = central_difference(lambda x, w: x * w[0] + w[1] ** 2, [3.0, [2.0, 5.0]])
    >>> round(dx, 9), [round(d, 9) for d in dw]
    (2.0, [3.0, 10.0])
    """
    return estimates(function, inputs, [cotangent])[0].gradients


def estimates(
    function: Callable[..., Tree],
    inputs: Sequence[Tree],
    cotangents: Sequence[Tree],
    tolerance: float = 1e-7,
) -> list[Estimate]:
    """Return an Estimate for each cotangent, from one sweep of function evaluations.

    An entry whose error is above `tolerance` times the largest gradient entry of its input is
    tried again with smaller steps, and the best of its values is taken. Exceptions of the function
    at the inputs themselves are the caller's; those at a stepped point count as an infinite error.

    >>> at_kink = estimates(abs, [0.0], [1.0])[0]
    >>> float(at_kink.gradients[0]), round(at_kink.errors[0], 6)
    (0.0, 1.0)
    """
    point: list[Tree] = [map_leaves(as_float64, tree) for tree in inputs]
    value = function(*copied(point))
    center = flatten(value)
    weights = np.stack([_weights(cotangent, value) for cotangent in cotangents])
    found = [
        _sweep_input(function, point, at, center, weights, tolerance) for at in range(len(point))
    ]
    rounding = 64 * EPSILON * (np.abs(weights) @ np.abs(center))
    steps = [float(np.min(_steps(flatten(tree)), initial=np.inf)) for tree in point]
    return [
        Estimate(
            [gradients[row] for gradients, _ in found],
            [errors[row] for _, errors in found],
            [float(rounding[row]) / step for step in steps],
        )
        for row in range(len(cotangents))
    ]


def complex_step(
    function: Callable[..., Tree], inputs: Sequence[Tree], cotangent: Tree = None
) -> list[Tree]:
    """Return the gradients of sum(cotangent * function(*inputs)) by the complex step.

    Im f(x + ih) / h with h = 1e-30, exact to rounding, for a function that is holomorphic and
    takes complex numbers: no abs, max, comparison, `math.` or store into a float array. Source:
    W. Squire and G. Trapp, SIAM Review 40 (1998).

    >>> complex_step(lambda x: np.exp(x) / x, [1.0])
    [0.0]
    """
    step = 1e-30
    point: list[Tree] = [map_leaves(as_float64, tree) for tree in inputs]
    weights = _weights(cotangent, function(*copied(point)))
    gradients = []
    for at, tree in enumerate(point):
        slopes = []
        for entry in range(flatten(tree).size):
            moved = copied(point)
            moved[at] = _moved(tree, entry, step * 1j)
            slopes.append(float(weights @ (flatten(function(*moved), complex).imag / step)))
        gradients.append(unflatten(slopes, tree))
    return gradients


def largest_deviation(actual: Tree, expected: Tree, scale: float = 0.0) -> float:
    """Return the largest |actual - expected|, relative to the largest entry of `expected`.

    Every entry is held to the larger of itself and the largest entry, which is the largest entry;
    `scale` is a smallest size to count as large. NaN on either side, or a difference from an
    `expected` of nothing but zeros with no scale, is inf. Raises ValueError where structures or
    shapes differ.

    >>> largest_deviation([1.0, 2.002], [1.0, 2.0])
    0.0009999999999998899
    >>> largest_deviation(np.array([np.nan]), np.array([1.0]))
    inf
    """
    words = mismatch(actual, expected)
    if words is not None:
        raise ValueError(f"the trees differ: {words}")
    ours, theirs = flatten(actual), flatten(expected)
    if ours.size == 0:
        return 0.0
    if not (np.isfinite(ours).all() and np.isfinite(theirs).all()):
        return float("inf")
    worst = float(np.max(np.abs(ours - theirs)))
    size = max(float(np.max(np.abs(theirs))), scale)
    if worst == 0.0:
        return 0.0
    return worst / size if size > 0.0 else float("inf")


def _sweep_input(
    function: Callable[..., Tree],
    point: list[Tree],
    at: int,
    center: Vector,
    weights: Vector,
    tolerance: float,
) -> tuple[list[Tree], list[Tree]]:
    """Return one input's gradients and errors, a tree for each row of weights."""
    tree = point[at]
    entries = flatten(tree)
    slopes = np.zeros((len(weights), entries.size))
    errors = np.full((len(weights), entries.size), np.inf)
    for steps in (*(_steps(entries) * shrink for shrink in SHRINK), STEP * np.abs(entries)):
        size = np.max(np.abs(slopes), axis=1, initial=0.0, keepdims=True)
        again = np.flatnonzero((errors > tolerance * size).any(axis=0))
        for entry in again:
            if not steps[entry]:
                continue

            def moved(by: float, entry: int = int(entry)) -> Vector | None:
                arguments = copied(point)
                arguments[at] = _moved(tree, entry, by)
                return _value_or_none(function, arguments, center)

            slope, error = _extrapolate(moved, float(steps[entry]), center, weights)
            better = error < errors[:, entry]
            slopes[better, entry] = slope[better]
            errors[better, entry] = error[better]
    return [unflatten(row, tree) for row in slopes], [unflatten(row, tree) for row in errors]


def _steps(entries: Vector) -> Vector:
    return STEP * np.maximum(1.0, np.abs(entries))


def _extrapolate(
    moved: Callable[[float], Vector | None], step: float, center: Vector, weights: Vector
) -> tuple[Vector, Vector]:
    """Return slopes and errors, for each row of weights, from the steps h, h/2 and h/4."""
    slopes, jumps = [], []
    for size in (step, step / 2, step / 4):
        above, below = moved(size), moved(-size)
        if above is None or below is None:
            return np.zeros(len(weights)), np.full(len(weights), np.inf)
        # Differences first, then the weights: rounding is that of the entries, not of their sum.
        slopes.append(weights @ ((above - below) / (2 * size)))
        jumps.append(weights @ ((above - center + (below - center)) / size))
    first, second = ((4 * fine - coarse) / 3 for coarse, fine in itertools.pairwise(slopes))
    # The slopes to the right and to the left differ by h f'' + h**3 f''''/12 + ..., which goes to
    # 0 with h; at a kink it does not, though the central differences of all steps may agree.
    left, right = (2 * fine - coarse for coarse, fine in itertools.pairwise(jumps))
    jump = (8 * right - left) / 7
    return (16 * second - first) / 15, np.maximum(np.abs(second - first), np.abs(jump) / 2)


def _value_or_none(
    function: Callable[..., Tree], arguments: list[Tree], center: Vector
) -> Vector | None:
    """Return the flat value, or None where there is no finite value of the same size."""
    try:
        value = flatten(function(*arguments))
    except (ArithmeticError, ValueError):
        return None
    return value if value.shape == center.shape and np.isfinite(value).all() else None


def _weights(cotangent: Tree, value: Tree) -> Vector:
    if cotangent is None:
        return np.ones(flatten(value).size)
    words = mismatch(cotangent, value)
    if words is not None:
        raise ValueError(f"the cotangent does not fit the value: it {words}")
    vector: Vector = flatten(cotangent)
    return vector


def _moved(tree: Tree, entry: int, by: complex) -> Tree:
    """Return a copy of a tree with one entry, counted over all leaves, moved."""
    start = 0

    def move(leaf: Any) -> Any:
        nonlocal start
        here, start = entry - start, start + np.size(leaf)
        if not is_array(leaf):
            return leaf + by if here == 0 else leaf
        moved = leaf.astype(np.result_type(leaf, type(by)))
        if 0 <= here < leaf.size:
            moved.flat[here] += by
        return moved

    return map_leaves(move, tree)
