"""Words that gate bodies may use besides numpy; the adjoint answers most when it generates.

Each also means something when a body is run by hand on real arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def staged(out: Any) -> bool:
    """True if the value has a name on paper anyway, so that reading it is free."""
    return True


def rank(x: Any) -> int | None:
    """The number of dimensions; None where it is not known."""
    return int(np.ndim(x))


def expand(d: Any, axis: Any, keepdims: Any) -> Any:
    """Give a reduced array its axes back as 1, so that it broadcasts against what was reduced."""
    if keepdims or axis is None:
        return d
    return np.expand_dims(d, axis)


def count(x: Any, axis: Any) -> Any:
    """How many entries a reduction over `axis` takes together."""
    axes = range(np.ndim(x)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return int(np.prod([np.shape(x)[one] for one in axes]))


def shape(x: Any) -> Any:
    """The shape, without keeping the array."""
    return np.shape(x)


def dtype(x: Any) -> Any:
    """The float dtype that a gradient of x has."""
    return np.result_type(x, 1.0)


def cast(d: Any, x: Any, dtype: Any) -> Any:
    """Give a cotangent the float dtype of x, where a `dtype=` made the result another."""
    return d if dtype is None else np.asarray(d, np.result_type(x, 1.0))


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
