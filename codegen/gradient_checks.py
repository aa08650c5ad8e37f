"""What a file only documents, checked at each call of a gradient function."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, MutableMapping
from typing import Any

import numpy as np

from codegen.gradient_kinds import annotation_for
from codegen.pipeline import FunctionReport, Parameter

_KINDS = {"float": "f", "int": "iu", "bool": "b"}
_REAL = "biuf"


class Promises:
    """The promises that one gradient function's callers make.

    >>> x = Parameter("x", "array", ("N", "N"), "float", declared=True)
    >>> report = FunctionReport("f", "f_grad", (x,), ("x",), ("f",), ("df",), None)
    >>> promises = Promises(report, inspect.signature(lambda x, df=1.0: None))
    >>> promises.check_inputs({"x": np.ones((2, 3))})
    Traceback (most recent call last):
    ValueError: f_grad: x has the shape (2, 3), expected (N, N) with N = 2 as in x
    """

    def __init__(self, report: FunctionReport, signature: inspect.Signature) -> None:
        self.report = report
        self.name = report.gradient_name
        self.defaults = {key: p.default for key, p in signature.parameters.items()}

    def check_inputs(self, arguments: MutableMapping[str, Any]) -> None:
        """Raise TypeError or ValueError for arguments that the author's annotations exclude.

        Cotangents are put in as the gradient function takes them: numbers as floats, arrays of
        integers as float64.
        """
        sizes = _Sizes(self.name)
        for parameter in self.report.parameters:
            if parameter.name not in arguments:
                continue
            value = arguments[parameter.name]
            if value is not self.defaults.get(parameter.name, inspect.Parameter.empty):
                self._check_kind(parameter, value)
                if parameter.declared and parameter.shape and isinstance(value, np.ndarray):
                    sizes.meet(parameter.name, parameter.shape, value.shape)
        sizes.check_expressions()
        for name in self.report.cotangents:
            if arguments.get(name) is not None:
                arguments[name] = self._cotangent(name, arguments[name])

    def check_cotangents(self, arguments: Mapping[str, Any], value: Any) -> None:
        """Raise ValueError for a cotangent that has not the shape of its part of the value.

        Only a value can say so: shapes of outputs are not declared anywhere else.
        """
        several = len(self.report.cotangents) > 1
        values = value if several else (value,)
        for name, part in zip(self.report.cotangents, values, strict=True):
            given = arguments.get(name)
            if given is None or isinstance(part, (list, tuple, dict)):
                continue
            if np.shape(given) != np.shape(part):
                words = f"must have the shape {np.shape(part)} of the value, not {np.shape(given)}"
                raise ValueError(f"{self.name}: {name} {words}")

    def _check_kind(self, parameter: Parameter, value: Any) -> None:
        name, kind = parameter.name, parameter.kind
        if kind == "other" or (value is None and parameter.optional):
            return
        if kind in ("scalar", "integer"):
            if parameter.declared and not _is_number(value, parameter.dtype):
                raise TypeError(f"{self.name}: {name} must be a number, not {_kind(value)}")
            if np.ndim(value) > 0:
                words = f"{name} is taken as a number, not {_kind(value)}"
                raise TypeError(f"{self.name}: {words}{annotation_for(parameter, value)}")
        elif kind == "list":
            if parameter.declared and not isinstance(value, (list, tuple)):
                raise TypeError(f"{self.name}: {name} must be a list, not {_kind(value)}")
        elif isinstance(value, np.ndarray) or parameter.declared:
            self._check_array(parameter, value)
        elif not _is_number(value):
            words = f"{name} must be an array or a number, not {_kind(value)}"
            raise TypeError(f"{self.name}: {words}{annotation_for(parameter, value)}")

    def _check_array(self, parameter: Parameter, value: Any) -> None:
        name = parameter.name
        if not _is_plain(value):
            raise TypeError(f"{self.name}: {name} must be a plain array, not {_kind(value)}")
        wanted = _KINDS.get(parameter.dtype, _REAL) if parameter.declared else _REAL
        if value.dtype.kind not in wanted:
            words = parameter.dtype if wanted != _REAL else "real"
            raise TypeError(f"{self.name}: {name} must be a {words} array, not {value.dtype}")

    def _cotangent(self, name: str, value: Any) -> Any:
        if isinstance(value, (list, tuple, dict)):
            return value  # of an output of that structure
        known_scalar = self.defaults.get(name) is not None
        if isinstance(value, np.ndarray):
            if not _is_plain(value) or value.dtype.kind not in _REAL:
                raise TypeError(
                    f"{self.name}: {name} must be a plain real array, not {_kind(value)}"
                )
            if value.ndim > 0:
                if known_scalar:
                    words = f"must be a number, not an array of shape {value.shape}"
                    raise ValueError(f"{self.name}: {name} {words}")
                return value if value.dtype.kind == "f" else value.astype(np.float64)
        elif not _is_number(value):
            raise TypeError(f"{self.name}: {name} must be a number or array, not {_kind(value)}")
        several = len(self.report.cotangents) > 1
        # The one cotangent of what may be an array is read as an array.
        return float(value) if known_scalar or several else np.asarray(value, np.float64)


class _Sizes:
    """Sizes of dimension names, as the arguments of one call bind them."""

    def __init__(self, function: str) -> None:
        self.function = function
        self.bound: dict[str, tuple[tuple[int, ...], str]] = {}  # with who bound it
        self.expressions: list[tuple[str, str, int]] = []

    def meet(self, name: str, declared: tuple[str | int, ...], shape: tuple[int, ...]) -> None:
        """Bind the names of a declared shape to a shape's sizes, or compare them."""
        stars = [at for at, entry in enumerate(declared) if _is_many(entry)]
        extra = len(shape) - len(declared)
        if extra < -len(stars) or (extra > 0 and not stars):
            self._refuse(name, declared, shape, "")
        at = 0
        for entry in declared:
            width = extra + 1 if _is_many(entry) else 1
            self._meet_entry(name, entry, shape[at : at + width], declared, shape)
            at += width

    def check_expressions(self) -> None:
        """Compare the dimensions that are computed from others, like N+1."""
        plain = {name: sizes[0] for name, (sizes, _) in self.bound.items() if len(sizes) == 1}
        for name, text, size in self.expressions:
            try:
                expected = eval(text, {"__builtins__": {}}, plain)
            except (NameError, SyntaxError, TypeError):
                continue  # of a size that no array of this call has
            if expected != size:
                words = f"{text} is {expected} here, not {size}"
                raise ValueError(f"{self.function}: the shape of {name} does not fit: {words}")

    def _meet_entry(
        self,
        name: str,
        entry: str | int,
        sizes: tuple[int, ...],
        declared: tuple[str | int, ...],
        shape: tuple[int, ...],
    ) -> None:
        if isinstance(entry, int):
            if sizes != (entry,):
                self._refuse(name, declared, shape, "")
        elif entry in ("_", "...") or entry.startswith("*_"):
            return
        elif entry.isidentifier() or entry.startswith("*"):
            known, owner = self.bound.setdefault(entry, (sizes, name))
            if known != sizes:
                size = known[0] if len(known) == 1 and not _is_many(entry) else known
                self._refuse(name, declared, shape, f" with {entry} = {size} as in {owner}")
        else:
            self.expressions.append((name, entry, sizes[0]))

    def _refuse(
        self, name: str, declared: tuple[str | int, ...], shape: tuple[int, ...], why: str
    ) -> None:
        expected = ", ".join(str(entry) for entry in declared)
        expected = f"({expected},)" if len(declared) == 1 else f"({expected})"
        raise ValueError(f"{self.function}: {name} has the shape {shape}, expected {expected}{why}")


def _is_many(entry: str | int) -> bool:
    return isinstance(entry, str) and (entry.startswith("*") or entry == "...")


def _is_number(value: Any, dtype: str = "unknown") -> bool:
    """Tell Python's and numpy's real numbers; a 0-d array is none, though it acts like one.

    >>> [_is_number(v) for v in (1, np.float32(1), np.array(1.0), 1j, "1")]
    [True, True, False, False, False]
    """
    numbers = (int, float, np.integer, np.floating)
    return isinstance(value, numbers) or (dtype == "bool" and isinstance(value, np.bool_))


def _is_plain(value: Any) -> bool:
    return isinstance(value, np.ndarray) and not isinstance(value, (np.matrix, np.ma.MaskedArray))


def _kind(value: Any) -> str:
    if type(value) is np.ndarray:
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    return f"of type {type(value).__name__}"
