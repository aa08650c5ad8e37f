"""What numba compiles of numpy and Python: names, and the parameters that each takes there.

Numba's own list, as its typing tells it (`tests/test_numba.py` compares them).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

# One number after another: operands only, no `axis`, `where` or `dtype`.
_UFUNCS = """
    abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh
    atan atan2 atanh cbrt ceil copysign cos cosh deg2rad degrees divide equal exp exp2 expm1
    fabs float_power floor floor_divide fmax fmin fmod greater greater_equal hypot isfinite
    isinf isnan less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and
    logical_not logical_or logical_xor maximum minimum mod multiply negative not_equal positive
    pow power rad2deg radians reciprocal remainder rint sign signbit sin sinh sqrt square
    subtract tan tanh true_divide trunc
"""
UFUNCS = frozenset(_UFUNCS.split())
# The parameters of the others, in order.
NUMPY = {
    "all": "a",
    "amax": "a",
    "amin": "a",
    "any": "a",
    "append": "arr values",
    "arange": "start stop step dtype",
    "argmax": "a axis",
    "argmin": "a axis",
    "argsort": "a kind",
    "around": "a decimals",
    "array": "object dtype",
    "array_equal": "a1 a2",
    "asarray": "a dtype",
    "ascontiguousarray": "a",
    "asfortranarray": "a",
    "atleast_1d": "x",
    "atleast_2d": "x",
    "atleast_3d": "x",
    "average": "a axis weights",
    "bincount": "x weights",
    "broadcast_arrays": "args args1 args2 args3 args4 args5",
    "broadcast_to": "array shape",
    "clip": "a a_min a_max",
    "column_stack": "tup",
    "concatenate": "arrays axis",
    "convolve": "a v mode",
    "copy": "a",
    "corrcoef": "x",
    "correlate": "a v mode",
    "count_nonzero": "a axis",
    "cov": "m",
    "cross": "a b",
    "cumprod": "a",
    "cumsum": "a axis dtype",
    "delete": "arr obj",
    "diag": "v k",
    "diagflat": "v k",
    "diff": "a n",
    "dot": "a b",
    "ediff1d": "ary",
    "empty": "shape dtype",
    "empty_like": "prototype dtype",
    "expand_dims": "a axis",
    "eye": "N M k dtype",
    "flatnonzero": "a",
    "flip": "m",
    "fliplr": "m",
    "flipud": "m",
    "float64": "x",
    "full": "shape fill_value dtype",
    "full_like": "a fill_value dtype",
    "hstack": "tup",
    "identity": "n dtype",
    "insert": "arr obj values",
    "interp": "x xp fp",
    "isclose": "a b rtol atol equal_nan",
    "kron": "a b",
    "linspace": "start stop num",
    "max": "a",
    "mean": "a",
    "median": "a",
    "min": "a",
    "moveaxis": "a source destination",
    "nan_to_num": "x",
    "nanmax": "a",
    "nanmean": "a",
    "nanmin": "a",
    "nanstd": "a",
    "nansum": "a",
    "nanvar": "a",
    "ones": "shape dtype",
    "ones_like": "a dtype",
    "outer": "a b",
    "partition": "a kth",
    "percentile": "a q",
    "permute_dims": "a axes",
    "prod": "a",
    "ptp": "a",
    "quantile": "a q",
    "ravel": "a",
    "repeat": "a repeats",
    "reshape": "a shape",
    "roll": "a shift",
    "rot90": "m k",
    "round": "a decimals",
    "shape": "a",
    "sinc": "x",
    "size": "a",
    "sort": "a",
    "split": "ary indices_or_sections",
    "stack": "arrays axis",
    "std": "a",
    "sum": "a axis dtype",
    "swapaxes": "a axis1 axis2",
    "take": "a indices axis",
    "trace": "a offset",
    "transpose": "a axes",
    "trapezoid": "y x dx",
    "tri": "N M k",
    "tril": "m k",
    "triu": "m k",
    "vander": "x N",
    "var": "a",
    "vdot": "left right",
    "vstack": "tup",
    "where": "condition x y",
    "zeros": "shape dtype",
    "zeros_like": "a dtype",
    "linalg.cholesky": "a",
    "linalg.det": "a",
    "linalg.eig": "a",
    "linalg.eigh": "a",
    "linalg.eigvals": "a",
    "linalg.eigvalsh": "a",
    "linalg.inv": "a",
    "linalg.lstsq": "a b rcond",
    "linalg.matrix_power": "a n",
    "linalg.norm": "x ord",
    "linalg.pinv": "a",
    "linalg.qr": "a",
    "linalg.slogdet": "a",
    "linalg.solve": "a b",
    "linalg.svd": "a full_matrices",
    "random.choice": "a size replace",
    "random.exponential": "scale size",
    "random.laplace": "loc scale size",
    "random.lognormal": "mean sigma size",
    "random.normal": "loc scale size",
    "random.permutation": "x",
    "random.poisson": "lam size",
    "random.rand": "d0 d1 d2 d3",
    "random.randint": "low high size",
    "random.randn": "d0 d1 d2 d3",
    "random.random": "size",
    "random.random_sample": "size",
    "random.seed": "seed",
    "random.standard_exponential": "size",
    "random.standard_normal": "size",
    "random.uniform": "low high size",
}
_MATH = """
    acos acosh asin asinh atan atanh ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor gamma
    isfinite isinf isnan lgamma log log10 log1p log2 radians sin sinh sqrt tan tanh trunc
"""
MATH = dict.fromkeys(_MATH.split(), 1) | {"atan2": 2, "copysign": 2, "hypot": 2, "pow": 2}
METHODS = {
    "all": "",
    "any": "",
    "argmax": "axis",
    "argmin": "axis",
    "argsort": "",
    "astype": "dtype",
    "clip": "a_min a_max",
    "copy": "",
    "cumprod": "",
    "cumsum": "axis dtype",
    "diagonal": "offset",
    "dot": "b",
    "fill": "value",
    "flatten": "",
    "item": "",
    "max": "",
    "mean": "",
    "min": "",
    "prod": "",
    "ravel": "",
    "repeat": "repeats",
    "reshape": "s0 s1 s2 s3 s4 s5",
    "std": "",
    "sum": "axis dtype",
    "take": "indices axis",
    "transpose": "a0 a1 a2 a3 a4 a5",
    "var": "",
    # of lists
    "append": "x",
    "pop": "i",
}
ATTRIBUTES = frozenset({"T", "shape", "size", "ndim", "dtype", "flat"})
_BUILTINS = """
    abs bool divmod enumerate float int len list max min pow print range round slice sum tuple zip
"""
BUILTINS = frozenset(_BUILTINS.split())
# Of numbers only: on arrays Python's own are numpy's, which numba does not follow.
OF_NUMBERS = {"abs": "np.abs(x)", "pow": "x**p", "round": "np.round(x)", "divmod": "x // y"}
# Our own that numba compiles as they are.
_HELPERS = """
    _cholesky_grad _eigvalsh_grad _eigenvalues_grad _lower _pinv_grad _qr_grad _qr_grad_q _qr_grad_r
    _singular_values_grad _spectral_norm_grad _svdvals_grad
"""
HELPERS = frozenset(_HELPERS.split())


def page() -> str:
    """Return the list as docs/numba.md shows it."""
    taken = [f"`np.{name}({parameters.replace(' ', ', ')})`" for name, parameters in NUMPY.items()]
    methods = [f"`.{name}({words.replace(' ', ', ')})`" for name, words in METHODS.items()]
    rows = [
        f"- numpy, one number after another: {_listed(UFUNCS)}.",
        f"- numpy, with these parameters: {', '.join(taken)}.",
        f"- math: {_listed(MATH)}.",
        f"- Methods: {', '.join(methods)}; attributes: {_listed(ATTRIBUTES)}.",
        f"- Python's own: {_listed(BUILTINS)}.",
    ]
    return "\n".join(line for row in rows for line in textwrap.wrap(row, 110, **_WRAPPED))


_WRAPPED: dict[str, Any] = {
    "subsequent_indent": "  ",
    "break_long_words": False,
    "break_on_hyphens": False,
}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
