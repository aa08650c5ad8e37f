"""Type rules of random draws."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.declare import TypeRule
from codegen.gates.type_rules_shape import sizes
from codegen.shapes import Known, Type

Statics = dict[str, Any]


def drawn(parameters: int, dtype: str = "float") -> TypeRule:
    """Return the rule of a distribution with so many parameters in front of its size."""

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        numbers = [t for t in types[:parameters] if t.kind == "number"]
        size = types[parameters] if len(types) > parameters else shapes.NONE
        if size.kind in ("none", "other"):  # left out; then comes the source
            shape = shapes.broadcast(*(t.shape for t in numbers))
            array = any(t.array for t in numbers) or shape != shapes.SCALAR
            return Type("number", shape, dtype, array, fresh=True)
        return Type("number", sizes([size], symbol), dtype, array=True, fresh=True)

    return rule


def drawn_by_sizes(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.random.rand(2, 3)`; without sizes a Python float."""
    given = [t for t in types if t.kind != "other"]
    if not given:
        return Type("number", shapes.SCALAR, "float", fresh=True)
    return Type("number", sizes(given, symbol), "float", array=True, fresh=True)


def permuted(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`permutation(n)`: the numbers below n; of an array: its rows in another order."""
    x = types[0]
    if x.kind != "number":
        return Type("number", shapes.unknown(symbol), "unknown", array=True, fresh=True)
    if x.scalar:
        dimension = x.dimension if x.dimension is not None else f"{symbol}.0"
        return Type("number", Known((dimension,)), "int", array=True, fresh=True)
    return x.with_(array=True, fresh=True)


def chosen(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`choice(a, size)`: entries of a, or numbers below a."""
    a, size = types[0], types[1] if len(types) > 1 else shapes.NONE
    dtype = "int" if a.scalar else a.dtype if a.kind == "number" else "unknown"
    if size.kind in ("none", "other"):
        known = a.scalar or (isinstance(a.shape, Known) and a.shape.rank == 1)
        shape = shapes.SCALAR if known and a.kind == "number" else shapes.unknown(symbol)
        return Type("number", shape, dtype, fresh=True)
    shape = sizes([size], symbol) if a.scalar else shapes.unknown(symbol)
    return Type("number", shape, dtype, array=True, fresh=True)


def source(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A generator of random numbers."""
    return shapes.OTHER


def python_float(types: list[Type], statics: Statics, symbol: str) -> Type:
    """One Python float."""
    return Type("number", shapes.SCALAR, "float", fresh=True)


def python_int(types: list[Type], statics: Statics, symbol: str) -> Type:
    """One Python int."""
    return Type("number", shapes.SCALAR, "int", fresh=True)
