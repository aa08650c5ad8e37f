"""Functions that numpy has for real numbers only, continued to complex ones.

The imaginary part is tiny (complex step): where a function has a kink or a jump, the branch that
the real part is on is taken.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def cbrt(x: Any) -> Any:
    """Return the real cube root of what is real, and what continues it."""
    sign = np.where(np.real(x) < 0, -1.0, 1.0)
    return (sign * (sign * x) ** (1 / 3))[()]


def hypot(*coordinates: Any) -> Any:
    """Return the square root of the sum of squares."""
    return np.sqrt(sum(x * x for x in coordinates))


def logaddexp(x: Any, y: Any) -> Any:
    """Return log(exp(x) + exp(y))."""
    largest = np.maximum(np.real(x), np.real(y))
    return largest + np.log(np.exp(x - largest) + np.exp(y - largest))


def logaddexp2(x: Any, y: Any) -> Any:
    """Return log2(2**x + 2**y)."""
    return logaddexp(np.log(2) * x, np.log(2) * y) / np.log(2)


def copysign(x: Any, y: Any) -> Any:
    """Return x with the sign of y's real part."""
    return x * np.copysign(1, np.real(x)) * np.copysign(1, np.real(y))


def nan_to_num(x: Any, **given: Any) -> Any:
    """Return x where its real part is finite, what is given for it elsewhere."""
    return np.where(np.isfinite(np.real(x)), x, np.nan_to_num(np.real(x), **given))[()]


def arctan2(y: Any, x: Any) -> Any:
    """Return the angle of (x, y); its imaginary part by the quotient that is at most 1."""
    y, x = np.asarray(y), np.asarray(x)
    steep = np.abs(np.real(y)) > np.abs(np.real(x))
    quotient = np.where(steep, -x, y) / np.where(steep, y, x)
    return (np.arctan2(np.real(y), np.real(x)) + 1j * np.imag(np.arctan(quotient)))[()]


def remainder(x: Any, y: Any) -> Any:
    """Return x - y * floor(x / y)."""
    return x - y * (np.real(x) // np.real(y))


def fmod(x: Any, y: Any) -> Any:
    """Return x - y * trunc(x / y)."""
    return x - y * np.rint((np.real(x) - np.fmod(np.real(x), np.real(y))) / np.real(y))


def nearest_remainder(x: Any, y: Any) -> Any:
    """Return what `math.remainder` does: x minus the nearest multiple of y."""
    return x - y * np.rint(np.real(x) / np.real(y))


def heaviside(x: Any, y: Any) -> Any:
    """Return 0 below 0, y at 0, 1 above."""
    return np.where(np.real(x) == 0, y, np.real(x) > 0)[()]


def deg2rad(x: Any) -> Any:
    """Return degrees in radians."""
    return x * (np.pi / 180)


def rad2deg(x: Any) -> Any:
    """Return radians in degrees."""
    return x * (180 / np.pi)


def quantile(x: Any, q: float, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Return what lies between two entries in the order of real parts."""
    rows = np.ravel(x) if axis is None else np.moveaxis(np.asarray(x), axis, -1)
    order = np.argsort(np.real(rows), axis=-1, kind="stable")
    ordered = np.take_along_axis(rows, order, -1)
    place = q * (rows.shape[-1] - 1)
    low = int(place)
    high = min(low + 1, rows.shape[-1] - 1)
    between = ordered[..., low] + (place - low) * (ordered[..., high] - ordered[..., low])
    if not keepdims:
        return between
    return np.reshape(between, (1,) * np.ndim(x)) if axis is None else np.expand_dims(between, axis)


def percentile(x: Any, q: float, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Return what lies between two entries in the order of real parts."""
    return quantile(x, q / 100, axis, keepdims=keepdims)


def interp(x: Any, xp: Any, fp: Any, left: float | None = None, right: float | None = None) -> Any:
    """Return what lies between two knots, by their real parts."""
    xp, fp = np.asarray(xp), np.asarray(fp)
    after = np.clip(np.searchsorted(xp.real, np.real(x), side="right"), 1, max(len(xp) - 1, 1))
    after = np.minimum(after, len(xp) - 1)
    before = np.maximum(after - 1, 0)
    step = np.where(after > before, xp[after] - xp[before], 1)
    made = fp[before] + (x - xp[before]) / step * (fp[after] - fp[before])
    made = np.where(np.real(x) < xp[0].real, fp[0] if left is None else left, made)
    return np.where(np.real(x) > xp[-1].real, fp[-1] if right is None else right, made)[()]


def gradient(y: Any, x: Any = 1, **keywords: Any) -> Any:
    """Return the slopes of y; numpy leaves out imaginary parts of x where y has none."""
    return np.gradient(np.asarray(y, complex), x, **keywords)


def insert(x: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """Return x with more entries; numpy leaves out imaginary parts where x has none."""
    return np.insert(np.asarray(x, complex), obj, values, axis)


def running(choose: Any, x: Any, axis: int = 0) -> Any:
    """Return the entry so far that np.argmax or np.argmin chooses by its real part."""
    rows = np.moveaxis(np.asarray(x), axis, 0)
    made = np.empty_like(rows)
    for place in range(len(rows)):
        chosen = np.expand_dims(choose(np.real(rows[: place + 1]), axis=0), 0)
        made[place] = np.take_along_axis(rows, chosen, 0)[0]
    return np.moveaxis(made, 0, axis)


def partition(x: Any, kth: Any, axis: int | None = -1) -> Any:
    """Return the entries in the order in which numpy leaves their real parts."""
    rows, along = (np.ravel(x), -1) if axis is None else (np.asarray(x), axis)
    ordered = np.argsort(rows.real, axis=along, kind="stable")
    left = np.argsort(np.partition(rows.real, kth, along), axis=along, kind="stable")
    made = np.empty_like(rows)
    np.put_along_axis(made, left, np.take_along_axis(rows, ordered, along), along)
    return made


def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """Return the sums of real and imaginary parts."""
    parts = [np.bincount(x, part, minlength) for part in (np.real(weights), np.imag(weights))]
    return parts[0] + 1j * parts[1]
