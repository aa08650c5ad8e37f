"""Words that gate bodies may use besides numpy; the adjoint answers most when it generates.

Most also mean something when a body is run by hand on real arrays.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def staged(out: Any) -> bool:
    """True if the value has a name on paper anyway, so that reading it is free."""
    return True


def handed_out(out: Any, x: Any) -> bool:
    """True if the caller gets `out` and x has a name, so that x is the one to keep."""
    return False


def rank(x: Any) -> int | None:
    """The number of dimensions; None where it is not known."""
    return int(np.ndim(x))


def expand(d: Any, axis: Any, keepdims: Any) -> Any:
    """Give a reduced array its axes back as 1, so that it broadcasts against what was reduced."""
    if keepdims or axis is None:
        return d
    return np.expand_dims(d, axis)


def cast(d: Any, x: Any, dtype: Any) -> Any:
    """Give a cotangent the float dtype of x, where a `dtype=` made the result another."""
    return d if dtype is None else np.asarray(d, np.result_type(x, 1.0))


def mean_along(d: Any, axis: Any) -> Any:
    """The mean along `axis`, which broadcasts against what it is of."""
    return np.mean(d, axis=axis, keepdims=True)


def centered(x: Any, axis: Any) -> Any:
    """The distance of every entry from the mean along `axis`."""
    return x - np.mean(x, axis=axis, keepdims=True)


def count(x: Any, axis: Any) -> Any:
    """How many entries a reduction over `axis` takes together."""
    axes = range(np.ndim(x)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return int(np.prod([np.shape(x)[one] for one in axes]))


def axes_but(x: Any, *places: int) -> tuple[int, ...]:
    """All axes but these."""
    gone = [place % np.ndim(x) for place in places]
    return tuple(axis for axis in range(np.ndim(x)) if axis not in gone)


def axes_of(x: Any) -> tuple[int, ...]:
    """The axes of a result that come from this operand of two, as in np.add.outer."""
    raise NotImplementedError


def same_shape(x: Any, y: Any) -> bool:
    """True if two operands are known to have the same shape."""
    return bool(np.shape(x) == np.shape(y))


def listed(x: Any) -> bool:
    """True for a list or tuple of numbers, whose gradient is a list."""
    return isinstance(x, (list, tuple))


def infinite(number: Any) -> bool:
    """True for a static argument that is inf or -inf."""
    return isinstance(number, float) and math.isinf(number)


def item(x: Any) -> Any:
    """One item of a list: what is said of it holds for every one."""
    return x[0]


def count_of(x: Any, value: Any) -> Any:
    """How many items of a list, or of a gate's several operands, are this value."""
    return list(x).count(value)


def shape(x: Any) -> Any:
    """The shape, without keeping the array."""
    return np.shape(x)


def dtype(x: Any) -> Any:
    """The float dtype that a gradient of x has."""
    return np.result_type(x, 1.0)


def under(condition: Any, d: Any) -> Any:
    """The cotangent where the condition holds. The mask travels on with it."""
    return np.where(condition, d, 0)


def under_not(condition: Any, d: Any) -> Any:
    """The cotangent where the condition does not hold. The mask travels on with it."""
    return np.where(condition, 0, d)


def helper(name: str, *arguments: Any) -> Any:
    """Call one of the small functions that the output carries where ranks are not known."""
    from codegen.templating import helper_text

    namespace: dict[str, Any] = {"np": np}
    exec(helper_text(name), namespace)
    return namespace[name](*arguments)


def inverse(axes: Any) -> Any:
    """The order of axes that undoes another."""
    return tuple(np.argsort([axis % len(axes) for axis in axes]))


def shares(num: Any, endpoint: Any) -> Any:
    """How much of np.linspace's numbers is its end."""
    return np.linspace(0, 1, num, endpoint=endpoint)


def identity(x: Any, k: Any) -> Any:
    """Ones on a diagonal of the last two axes, in the dtype of x's gradient."""
    rows, columns = np.shape(x)[-2:]
    return np.eye(rows, columns, k).astype(dtype(x))


# What follows has no meaning by hand: it is about one operand of several, or about some entries.


def cho_solved(c: Any, lower: Any, d: Any) -> Any:
    """scipy.linalg.cho_solve((c, lower), d)."""
    raise NotImplementedError


def lu_solved(lu: Any, pivots: Any, d: Any) -> Any:
    """scipy.linalg.lu_solve((lu, pivots), d, trans=1)."""
    raise NotImplementedError


def gradient(grads: Any, place: Any, x: Any) -> Any:
    """What a pair's backward gives for x: its gradient, or that at a place of several."""
    raise NotImplementedError


def cotangent(place: Any) -> Any:
    """The cotangent of an item of the tuple that this gate's result is an item of."""
    raise NotImplementedError


def part(place: Any) -> Any:
    """Another item of the tuple that this gate's result is an item of."""
    raise NotImplementedError


def unpacked() -> bool:
    """True if the other items of the tuple have names on paper."""
    raise NotImplementedError


def own_item(d: Any) -> Any:
    """The entry of d that is this item of nested lists."""
    raise NotImplementedError


def own_entry(d: Any, axis: Any) -> Any:
    """The entry of d, along a new axis, that is this part."""
    raise NotImplementedError


def own_part(d: Any, axis: Any) -> Any:
    """The slice of d along an axis that is this part."""
    raise NotImplementedError


def own_beside(d: Any) -> Any:
    """The slice of d that is this part of np.hstack."""
    raise NotImplementedError


def own_below(d: Any) -> Any:
    """The rows of d that are this part of np.vstack."""
    raise NotImplementedError


def own_deep(d: Any) -> Any:
    """The layers of d that are this part of np.dstack."""
    raise NotImplementedError


def own_first(d: Any) -> Any:
    """The slice of d along the first axis that is this part of np.r_."""
    raise NotImplementedError


def own_last(d: Any) -> Any:
    """The slice of d along the last axis that is this part of np.c_."""
    raise NotImplementedError


def own_columns(d: Any) -> Any:
    """The columns of d that are this part of np.column_stack."""
    raise NotImplementedError


def into(d: Any, where: Any) -> Any:
    """Zeros, but for the entries at `where`, which get d."""
    raise NotImplementedError


def position(x: Any, indices: Any, axis: Any) -> Any:
    """Where np.take reads, for `into`."""
    raise NotImplementedError


def picked(d: Any, indices: Any) -> Any:
    """The entries of d with these numbers."""
    return d[indices]


def taken_once(x: Any, indices: Any, axis: Any) -> bool:
    """True if np.take_along_axis surely takes no entry of x twice."""
    raise NotImplementedError


def kept_places(x: Any, obj: Any, axis: Any) -> Any:
    """Where the entries are that np.delete leaves, for `into`."""
    raise NotImplementedError


def diagonal(x: Any, k: Any) -> Any:
    """A diagonal of the first two axes, for `into`."""
    raise NotImplementedError


def section_of(x: Any) -> Any:
    """Where this part of np.split is in x, for `into`."""
    raise NotImplementedError


def mesh_sum(d: Any, x: Any) -> Any:
    """d summed over the axes of np.meshgrid that are not x's own, in x's shape."""
    raise NotImplementedError


def sums_from_end(d: Any, x: Any, axis: Any) -> Any:
    """For every entry the sum of d from there to the end of the axis."""
    raise NotImplementedError


def differences_back(d: Any, x: Any, axis: Any) -> Any:
    """Each difference to the two entries that it is taken of."""
    raise NotImplementedError


def by_rank(d: Any, x: Any, axis: Any) -> Any:
    """For every entry of x the cotangent of its place in sorted order."""
    raise NotImplementedError


def repeats_added(d: Any, x: Any, repeats: Any, axis: Any) -> Any:
    """For every entry the sum of the cotangents of its copies, which stand side by side."""
    raise NotImplementedError


def tiles_added(d: Any, x: Any, reps: Any) -> Any:
    """For every entry the sum of the cotangents of its copies, one tile away from each other."""
    raise NotImplementedError


def margins_back(d: Any, x: Any, pad_width: Any, mode: Any) -> Any:
    """d without its margins, or with those that are copies added to their entries."""
    raise NotImplementedError


def moved_by(name: str, d: Any, x: Any, *given: Any) -> Any:
    """d with its entries moved by a numpy function; arguments that are None are left out."""
    raise NotImplementedError


def grad_by(name: str, d: Any, x: Any, *given: Any) -> Any:
    """What one of the small functions that the output carries makes of all of d."""
    raise NotImplementedError


def contracted(d: Any, x: Any, subscripts: Any, optimize: Any) -> Any:
    """The np.einsum of d and the other operands that goes to x."""
    raise NotImplementedError


def tensordot_left(d: Any, x: Any, y: Any, axes: Any) -> Any:
    """What np.tensordot gives its first operand."""
    raise NotImplementedError


def tensordot_right(d: Any, x: Any, y: Any, axes: Any) -> Any:
    """What np.tensordot gives its second operand."""
    raise NotImplementedError


def crossed(own: Any, left: Any, right: Any, *axes: Any) -> Any:
    """A cross product with the cotangent, summed to the shape of an operand."""
    raise NotImplementedError


def of_each(weights: Any, a: Any, axis: Any) -> bool:
    """True if there surely is a weight for every entry of an array."""
    return axis is None or bool(np.ndim(weights) == np.ndim(a))


def beside(weights: Any, a: Any, axis: Any) -> Any:
    """Weights of some axes of an array, with axes of length 1 for the others."""
    axes = np.arange(np.ndim(a))[np.atleast_1d(axis)]
    return np.reshape(weights, [n if i in axes else 1 for i, n in enumerate(np.shape(a))])


def sums_beside(d: Any, a: Any, axis: Any) -> Any:
    """The sums over the axes of an array that are not in `axis`."""
    axes = np.arange(np.ndim(a))[np.atleast_1d(axis)]
    return np.sum(d, axis=tuple(i for i in range(np.ndim(a)) if i not in axes))


def chained(d: Any, arrays: Any) -> Any:
    """What one factor of np.linalg.multi_dot gets."""
    raise NotImplementedError


def coefficients(d: Any, x: Any, p: Any) -> Any:
    """For each coefficient of a polynomial the sum of the cotangents times its power of x."""
    return np.vander(np.ravel(x), np.size(p)).T @ np.ravel(d)


def powers_back(d: Any, out: Any, increasing: Any) -> Any:
    """For each row of powers the sum of the cotangents times the powers' slopes."""
    if increasing:
        return np.sum(d[:, 1:] * out[:, :-1] * np.arange(1, out.shape[1]), axis=1)
    return np.sum(d[:, :-1] * out[:, 1:] * np.arange(out.shape[1] - 1, 0, -1), axis=1)


def lost(bias: Any, ddof: Any) -> int:
    """How much less than the number of observations a covariance is divided by."""
    return int(ddof) if ddof is not None else 0 if bias else 1


def twice(d: Any) -> Any:
    """A square matrix and its transpose together."""
    return d + d.T


def entry(d: Any, row: Any, column: Any) -> Any:
    """An entry of a matrix."""
    return d[row, column]


def entries(d: Any, row: Any, column: Any) -> Any:
    """An entry of a matrix and the one across the diagonal together."""
    return d[row, column] + d[column, row]


def whole(d: Any, a: Any) -> Any:
    """A cotangent that broadcasts to an array, in its shape."""
    return np.broadcast_to(d, np.shape(a))


def spread(d: Any, x: Any) -> Any:
    """A cotangent that is one number for all of x, as an array in the dtype of x's gradient."""
    return d if np.ndim(d) else np.full(np.shape(x), d, dtype(x))
