"""Running generated gradients beside independent oracles, and what is promised of every result."""

from __future__ import annotations

import re
import types
from functools import cache
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.verification.oracle import complex_step, estimates, largest_deviation
from tests import gate_kinks
from tests.gate_programs import Program

Value = Any
EXACT, DIFFERENCES = 1e-10, 1e-6

NUMPY_WORDS = {
    "acos": "arccos", "asin": "arcsin", "atan": "arctan", "atan2": "arctan2", "acosh": "arccosh",
    "asinh": "arcsinh", "atanh": "arctanh", "pow": "power", "fabs": "abs",
}  # fmt: skip


class ComplexMath(types.SimpleNamespace):
    """`math` for complex numbers, so that the complex step can go through it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, NUMPY_WORDS.get(name, name))

    @staticmethod
    def log(x: Any, base: Any = np.e) -> Any:
        return np.log(x) / np.log(base)


def unformatted(patch: pytest.MonkeyPatch) -> None:
    """Leave black out, which takes ten times as long as everything else."""
    patch.setattr("codegen.pipeline.format_text", lambda text: text)


def run(text: str, names: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run a module's text and return its names."""
    namespace: dict[str, Any] = {"__name__": "program"}
    exec(compile(text, "<program>", "exec"), namespace)
    return namespace | (names or {})


@cache
def author(text: str) -> Any:
    """Return the author's function."""
    return run(text)["f"]


@cache
def author_in_complex(text: str) -> Any:
    """Return the author's function with a `math` that takes complex numbers."""
    namespace: dict[str, Any] = {}
    text = re.sub(r"(, )?dtype=(np.float64|float)\b", "", text.replace("import math\n", ""))
    text = re.sub(r"np\.float(64|32)\(", "np.complex128(", text)
    exec(text, {"math": ComplexMath()} | namespace, namespace)
    function = namespace["f"]
    function.__globals__.update(namespace)
    return function


def generate(text: str) -> Any:
    """Return the gradient function of a program, made anew."""
    return run(codegen.generate(text))["f_grad"]


@cache
def gradient(text: str) -> Any:
    """Return the gradient function of a program."""
    return generate(text)


def cotangents(value: Value) -> list[Value]:
    """Return the default cotangent, None, and a random one of the value's shape."""
    shape = np.shape(value)
    if not shape:
        return [None, 0.37]
    return [None, np.random.default_rng(7).uniform(-2.0, 2.0, shape)]


def as_float(value: Value) -> Value:
    """Return a copy in float64."""
    return np.array(value, float) if np.ndim(value) else float(value)


def oracle(
    text: str,
    inputs: tuple[Value, ...],
    wanted: tuple[int, ...],
    cotangent: Value,
    *,
    exact: bool,
) -> tuple[list[Value], bool]:
    """Return the wanted gradients, and whether a kink was found (never by the complex step)."""
    key = (_undeclared(text), *map(_fingerprint, inputs), wanted, _fingerprint(cotangent), exact)
    if key not in _KNOWN:
        _KNOWN[key] = _oracle(text, inputs, wanted, cotangent, exact)
    return _KNOWN[key]


_KNOWN: dict[Any, tuple[list[Value], bool]] = {}


def _undeclared(text: str) -> str:
    """Return a program's text without its annotations, which change no number."""
    return text.split("def f(")[1].split("):\n", 1)[1]


def _fingerprint(value: Value) -> Any:
    if isinstance(value, np.ndarray):
        return (value.shape, value.dtype.str, value.tobytes())
    return tuple(value) if isinstance(value, list) else value


def _oracle(
    text: str, inputs: tuple[Value, ...], wanted: tuple[int, ...], cotangent: Value, exact: bool
) -> tuple[list[Value], bool]:
    function = author_in_complex(text) if exact else author(text)
    fixed = [
        as_float(v) if place in wanted or np.asarray(v).dtype.kind == "f" else v
        for place, v in enumerate(inputs)
    ]

    def reduced(*moved: Value) -> Value:
        arguments = list(fixed)
        for place, v in zip(wanted, moved, strict=True):
            arguments[place] = np.asarray(v) if isinstance(inputs[place], np.ndarray) else v
        return function(*arguments)

    free = [fixed[place] for place in wanted]
    weights = None if cotangent is None else np.asarray(cotangent, float)
    if weights is not None and not weights.ndim:
        weights = float(weights)
    if exact:
        return complex_step(reduced, free, weights), False
    (found,) = estimates(reduced, free, [weights])
    kinked = any(
        np.any(np.asarray(error) > 1e-6 * max(1.0, float(np.max(np.abs(slope), initial=0.0))))
        for slope, error in zip(found.gradients, found.errors, strict=True)
    )
    return found.gradients, kinked


def expectation(
    program: Program, inputs: tuple[Value, ...], cotangent: Value
) -> tuple[list[Value], float]:
    """Return the gradients that are right, and to what tolerance they are known."""
    exact = program.holomorphic
    expected, kinked = oracle(program.text, inputs, program.wanted, cotangent, exact=exact)
    if not kinked:
        return expected, EXACT if exact else DIFFERENCES
    stated = gate_kinks.slopes(program.gate, program.literal, program.point)
    assert stated is not None, "a kink: state its slopes in tests/gate_kinks.py"
    return gate_kinks.gradients(stated, program.point, cotangent, program.factor), EXACT


def call(text: str, inputs: tuple[Value, ...], cotangent: Value, f_grad: Any = None) -> Any:
    """Return (value, gradients as a tuple), with everything checked that is promised of memory."""
    f_grad = f_grad or gradient(text)
    arguments = [*inputs] if cotangent is None else [*inputs, cotangent]
    before = [_bytes(a) for a in arguments]
    value, found = f_grad(*arguments)
    gradients = found if isinstance(found, tuple) else (found,)
    assert [_bytes(a) for a in arguments] == before, "an argument was written to"
    arrays = [a for a in arguments if isinstance(a, np.ndarray)]
    for returned in (value, *gradients):
        if isinstance(returned, np.ndarray):
            assert returned.flags.writeable, "a result is read-only"
            for other in arrays:
                assert not np.shares_memory(returned, other), "memory is shared"
            arrays.append(returned)
    return value, gradients


def _bytes(argument: Value) -> Any:
    if isinstance(argument, np.ndarray):
        return (argument.tobytes(), argument.shape, argument.strides, argument.dtype)
    return [*argument] if isinstance(argument, list) else argument


def compare(
    found: tuple[Value, ...], expected: list[Value], inputs: tuple[Value, ...], tolerance: float
) -> None:
    """Raise AssertionError where gradients have not the shape, kind or numbers expected."""
    assert len(found) == len(expected), f"{len(found)} gradients, not {len(expected)}"
    for number, (ours, theirs, given) in enumerate(zip(found, expected, inputs, strict=True)):
        where = f"gradient {number}"
        assert np.shape(ours) == np.shape(
            given
        ), f"{where}: {np.shape(ours)}, not {np.shape(given)}"
        assert isinstance(ours, list) == isinstance(given, list), f"{where}: {type(ours)}"
        assert np.asarray(ours).dtype.kind == "f", f"{where} is {np.asarray(ours).dtype}"
        if isinstance(given, np.ndarray) and given.dtype != np.float64:
            want = np.float32 if given.dtype == np.float32 else np.float64
            assert np.asarray(ours).dtype == want, f"{where} is {np.asarray(ours).dtype}"
        flat = np.asarray(ours, float), np.asarray(theirs, float)
        worst = largest_deviation(*flat, scale=1e-3)
        assert worst <= tolerance, f"{where} is off by {worst:.1e}: {ours!r}, not {theirs!r}"


def check_value(text: str, inputs: tuple[Value, ...], value: Value, tolerance: float) -> None:
    """Compare a value with the author's own."""
    theirs = author(text)(*inputs)
    assert np.shape(value) == np.shape(theirs), "the value has another shape"
    assert np.asarray(value).dtype == np.asarray(theirs).dtype, "the value has another dtype"
    worst = largest_deviation(np.asarray(value, float), np.asarray(theirs, float), scale=1e-3)
    assert worst <= tolerance, f"the value is off by {worst:.1e}"


def is_computable(text: str, inputs: tuple[Value, ...]) -> bool:
    """True if the author's function gives finite real numbers there, and no warning."""
    try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            value = np.asarray(author(text)(*inputs))
    except (ArithmeticError, ValueError, IndexError):
        return False
    return value.dtype.kind in "fiub" and bool(np.isfinite(value).all())


def in_float32(operand: Value) -> Value:
    """Return a float array in float32; numbers and masks stay as they are."""
    is_float = isinstance(operand, np.ndarray) and operand.dtype == np.float64
    return operand.astype(np.float32) if is_float else operand


def is_in_float32(program: Program) -> bool:
    """True if float32 goes in, and numpy does not promote it: np.dot of a number does."""
    wanted = [program.inputs[place] for place in program.wanted]
    return any(np.asarray(v).dtype == np.float32 for v in wanted) and (
        np.asarray(author(program.text)(*program.inputs)).dtype == np.float32
    )
