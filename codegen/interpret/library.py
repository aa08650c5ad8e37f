"""What library functions mean to the interpreter: their own meaning, continued to complex numbers.

Complex numbers come in only through complex step, as a real number with a tiny imaginary part.
Tests, masks, signs and roundings therefore look at the real part. `abs`, `maximum`, `minimum` and
the like are not holomorphic: here they continue the branch that the real part takes, which gives
complex step the one-sided slope of that branch, not the gate's kink rule, where branches meet.
"""

from __future__ import annotations

import builtins
import importlib
import operator
import re
from collections.abc import Callable
from functools import cache
from typing import Any, cast

import numpy as np

from codegen.interpret import continued
from codegen.templating import has_helper, helper_text

Function = Callable[..., Any]


def is_complex(value: Any) -> bool:
    """Return True for a complex number, a complex array, or a list or tuple with one in it."""
    if isinstance(value, (list, tuple)):
        return any(is_complex(item) for item in value)
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind == "c"
    return isinstance(value, complex)


def real(value: Any) -> Any:
    """Return the real part of what is complex, and anything else as it is."""
    if isinstance(value, (list, tuple)):
        return type(value)(real(item) for item in value)
    return value.real if is_complex(value) else value


def truth(value: Any) -> bool:
    """Return what `if` makes of a value; raises ValueError for an array as numpy does."""
    return bool(real(value))


def _larger(x: Any, y: Any) -> Any:
    return np.where(real(x) >= real(y), x, y)[()]


def _smaller(x: Any, y: Any) -> Any:
    return np.where(real(x) <= real(y), x, y)[()]


def _absolute(x: Any) -> Any:
    return np.where(real(x) < 0, np.negative(x), x)[()]


def _builtin_max(*arguments: Any, **keywords: Any) -> Any:
    return max(*arguments, key=real, **keywords)


def _builtin_min(*arguments: Any, **keywords: Any) -> Any:
    return min(*arguments, key=real, **keywords)


def _float(value: Any = 0.0) -> Any:
    return complex(value)  # the imaginary part is the derivative: it must pass


def _numpy_float(value: Any = 0.0) -> Any:
    return np.asarray(value)[()]


def _int(value: Any = 0) -> int:
    return int(real(value))


def _log(x: Any, base: Any = None) -> Any:
    return np.log(x) if base is None else np.log(x) / np.log(base)


# How a function is evaluated where an argument is complex, by its full name.
CONTINUED: dict[str, Function] = {
    "abs": _absolute,
    "max": _builtin_max,
    "min": _builtin_min,
    "float": _float,
    "int": _int,
    "bool": truth,
    "math.fabs": _absolute,
    "math.log": _log,
    "math.fsum": sum,
    "math.dist": lambda p, q: continued.hypot(*(a - b for a, b in zip(p, q, strict=True))),
    "math.fmod": continued.fmod,
    "math.remainder": continued.nearest_remainder,
    "numpy.abs": _absolute,
    "numpy.float64": _numpy_float,
    "numpy.float32": _numpy_float,
    "numpy.absolute": _absolute,
    "numpy.fabs": _absolute,
    "numpy.maximum": _larger,
    "numpy.fmax": _larger,
    "numpy.minimum": _smaller,
    "numpy.fmin": _smaller,
    **dict.fromkeys(("numpy.cbrt", "math.cbrt"), continued.cbrt),
    **dict.fromkeys(("numpy.hypot", "math.hypot"), continued.hypot),
    **dict.fromkeys(("numpy.arctan2", "numpy.atan2", "math.atan2"), continued.arctan2),
    **dict.fromkeys(("numpy.deg2rad", "numpy.radians", "math.radians"), continued.deg2rad),
    **dict.fromkeys(("numpy.rad2deg", "numpy.degrees", "math.degrees"), continued.rad2deg),
    **dict.fromkeys(("numpy.remainder", "numpy.mod"), continued.remainder),
    "numpy.fmod": continued.fmod,
    "numpy.heaviside": continued.heaviside,
    "numpy.logaddexp": continued.logaddexp,
    "numpy.logaddexp2": continued.logaddexp2,
    **dict.fromkeys(("numpy.copysign", "math.copysign"), continued.copysign),
    "numpy.nan_to_num": continued.nan_to_num,
    "numpy.quantile": continued.quantile,
    "numpy.percentile": continued.percentile,
    "numpy.interp": continued.interp,
    "numpy.gradient": continued.gradient,
    "numpy.bincount": continued.bincount,
    "numpy.partition": continued.partition,
    "numpy.maximum.accumulate": lambda x, axis=0: continued.running(np.argmax, x, axis),
    "numpy.minimum.accumulate": lambda x, axis=0: continued.running(np.argmin, x, axis),
    "numpy.correlate": lambda x, v, mode="valid": np.correlate(x, np.conj(v), mode),
    "numpy.insert": continued.insert,
    "scipy.integrate.trapezoid": np.trapezoid,
}
# These look at the real part only, in numpy, in math and as built-ins.
_OF_REAL_PARTS = {
    "numpy": (
        *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "sign", "floor"),
        *("logical_and", "logical_or", "logical_not", "logical_xor", "ceil"),
        *("trunc", "fix", "rint", "round", "around", "floor_divide", "signbit"),
        *("isnan", "isfinite", "isinf", "isclose", "allclose", "any", "all", "nonzero"),
        *("argmax", "argmin", "argsort", "argpartition", "searchsorted", "digitize"),
        *("flatnonzero", "argwhere", "histogram"),
    ),
    "math": ("floor", "ceil", "trunc", "isnan", "isfinite", "isinf", "isclose"),
}
OF_REAL_PARTS = frozenset(
    [f"{top}.{name}" for top, names in _OF_REAL_PARTS.items() for name in names]
    + ["any", "all", "round"]
)
# Functions that conjugate: an answer would have lost the imaginary part.
NOT_CONTINUED = frozenset(
    ["numpy.std", "numpy.var", "numpy.nanstd", "numpy.nanvar", "numpy.vdot"]
    + ["numpy.cov", "numpy.corrcoef"]
    + [
        f"numpy.linalg.{name}"
        for name in (
            *("norm", "cholesky", "eig", "eigh", "eigvals", "eigvalsh", "svd", "svdvals", "qr"),
            *("slogdet", "pinv", "lstsq", "matrix_rank"),
        )
    ]
)
NO_CONTINUATION = "{} is not continued to complex numbers"
# math's names for what numpy calls otherwise.
RENAMED = {
    "pow": "power",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}


def library(path: str) -> Any:
    """Return what is in a library by its full name: `numpy.exp`, `math.pi`, `numpy.float32`."""
    first, *rest = path.split(".")
    found: Any = importlib.import_module(first)
    name = first
    for word in rest:
        name = f"{name}.{word}"
        if not hasattr(found, word):
            importlib.import_module(name)  # scipy's parts are there once they are imported
        found = getattr(found, word)
    return found


def function(path: str) -> Function:
    """Return a library's function to call: its own for real arguments, else continued.

    Functions of `math` are then numpy's.
    """
    return _continued(path, library(path))


@cache
def helper(name: str) -> Function:
    """Return one of our helpers, with those that it calls; numpy's functions take complex steps."""
    text = helper_text(name)
    words = dict.fromkeys(re.findall(r"\b_[a-z]\w*", text))
    namespace: dict[str, Any] = {"np": np}
    namespace |= {word: helper(word) for word in words if word != name and has_helper(word)}
    exec(text, namespace)
    return cast(Function, namespace[name])


def builtin(name: str) -> Function:
    """Return a built-in function to call; raises AttributeError where there is none."""
    return _continued(name, getattr(builtins, name))


def method(base: Any, name: str) -> Function:
    """Return a method of a value to call; what numpy computes is continued in the same way."""
    own: Function = getattr(base, name)
    path = f"numpy.{name}"
    if not is_complex(base) or isinstance(base, (list, tuple)):
        return own
    if name == "astype":
        return lambda dtype, **keywords: own(_complex_dtype(dtype), **keywords)
    if path in NOT_CONTINUED:
        raise TypeError(NO_CONTINUATION.format(path))
    if path in OF_REAL_PARTS:
        return cast(Function, getattr(base.real, name))
    return own


def operation(symbol: str) -> Function:
    """Return a binary operator or comparison by how it is written: "+", "<", "not in"."""
    return OPERATIONS[symbol]


def _continued(path: str, real_function: Function) -> Function:
    def function(*arguments: Any, **keywords: Any) -> Any:
        if not any(map(is_complex, (*arguments, *keywords.values()))):
            return real_function(*arguments, **keywords)
        if path in NOT_CONTINUED or (path.startswith("scipy.") and path not in CONTINUED):
            raise TypeError(NO_CONTINUATION.format(path))
        if path in OF_REAL_PARTS:
            parts = {name: real(value) for name, value in keywords.items()}
            return real_function(*map(real, arguments), **parts)
        if path == "numpy.where":
            return np.where(real(arguments[0]), *arguments[1:])
        if keywords.get("dtype") is not None:
            keywords["dtype"] = _complex_dtype(keywords["dtype"])
        if path in CONTINUED:
            return CONTINUED[path](*arguments, **keywords)
        if path.startswith("math."):
            word = path.removeprefix("math.")
            return getattr(np, RENAMED.get(word, word))(*arguments, **keywords)
        return real_function(*arguments, **keywords)

    return function


def _complex_dtype(dtype: Any) -> Any:
    """Return a dtype that holds what a float dtype must hold in complex step."""
    return np.result_type(dtype, np.complex64) if np.dtype(dtype).kind == "f" else dtype


def _compare(compare: Function) -> Function:
    return lambda left, right: compare(real(left), real(right))


OPERATIONS: dict[str, Function] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": lambda left, right: real(left) // real(right),
    "%": lambda left, right: (
        continued.remainder(left, right) if is_complex(left) or is_complex(right) else left % right
    ),
    "**": operator.pow,
    "@": operator.matmul,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "<": _compare(operator.lt),
    "<=": _compare(operator.le),
    ">": _compare(operator.gt),
    ">=": _compare(operator.ge),
    "==": _compare(operator.eq),
    "!=": _compare(operator.ne),
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda left, right: operator.contains(real(right), real(left)),
    "not in": lambda left, right: not operator.contains(real(right), real(left)),
}
UNARY: dict[str, Function] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
    "not": lambda value: not truth(value),
}
INPLACE: dict[str, Function] = {
    "+": operator.iadd,
    "-": operator.isub,
    "*": operator.imul,
    "/": operator.itruediv,
    "//": operator.ifloordiv,
    "%": operator.imod,
    "**": operator.ipow,
    "@": operator.imatmul,
}
