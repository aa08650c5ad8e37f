"""Normalization over several lines: `(x - mean) / np.sqrt(var + eps)`, where both are of x.

Gone back through one by one, mean and variance cost several passes over the data. Their three terms
can be put together, as one does on paper.
"""

from __future__ import annotations

from codegen import ir
from codegen.build.alike import itself, same
from codegen.build.lines import Built
from codegen.shapes import Known, Type


def put_together(built: Built, types: dict[ir.Value, Type], varied: set[ir.Value]) -> bool:
    """Turn quotients that normalize into one gate; true if there is one.

    `varied` are the values that inputs change.
    """
    has_one = False
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.Gate) and operation.gate == "divide":
            found = _found(operation, built, varied)
            shape = None if found is None else types[found[0]].shape
            if found is None or not isinstance(shape, Known) or operation.operands[0] not in varied:
                continue
            *operands, axis, keepdims = found
            if not _meets(shape.rank, axis, bool(keepdims)):
                continue
            _, mean, std = operands
            if types[std].shape != types[mean].shape:
                continue  # what is added to the variance is not the same all along the axis
            operation.gate = "normalized"
            operation.operands = tuple(operands)
            operation.statics = (("axis", axis),)
            has_one = True
    return has_one


def _found(
    operation: ir.Gate, built: Built, varied: set[ir.Value]
) -> tuple[ir.Value, ir.Value, ir.Value, object, object] | None:
    """Return x, its mean, its deviation, and the axes, of a quotient that normalizes x."""
    num, std = (itself(value, built) for value in operation.operands)
    apart = _gate(num, "subtract", built)
    root = _gate(std, "sqrt", built)
    if apart is None or root is None:
        return None
    x, mean = apart.operands[0], itself(apart.operands[1], built)
    total = _gate(itself(root.operands[0], built), "add", built)
    average = _gate(mean, "mean", built)
    if total is None or average is None or not same(average.operands[0], x, built):
        return None
    for var, eps in (total.operands, total.operands[::-1]):
        if eps not in varied and _is_variance(itself(var, built), x, mean, average, built):
            axis, keepdims = average.static("axis"), average.static("keepdims")
            return x, apart.operands[1], operation.operands[1], axis, keepdims
    return None


def _is_variance(
    var: ir.Value, x: ir.Value, mean: ir.Value, average: ir.Gate, built: Built
) -> bool:
    """True for `np.var(x)` and `np.mean((x - mean) ** 2)` along the same axes."""
    made = built.definition.get(var)
    if not isinstance(made, ir.Gate) or made.gate not in ("var", "mean"):
        return False
    names = ("axis", "keepdims", "dtype")
    if any(made.static(n) != average.static(n) for n in names) or made.static("dtype") is not None:
        return False
    if made.gate == "var":
        return made.static("ddof") == 0 and same(made.operands[0], x, built)
    square = built.definition.get(itself(made.operands[0], built))
    if not isinstance(square, ir.Gate):
        return False
    is_square = square.gate == "square" or (
        square.gate == "power_literal" and str(square.static("C")) in ("2", "2.0")
    )
    apart = _gate(itself(square.operands[0], built), "subtract", built) if is_square else None
    if apart is None or not same(apart.operands[0], x, built):
        return False
    return itself(apart.operands[1], built) is mean


def _meets(rank: int, axis: object, keepdims: bool) -> bool:
    """True if what was reduced broadcasts against x: its axes are kept, or the leading ones."""
    if keepdims:
        return True
    axes = axis if isinstance(axis, tuple) else (axis,)
    if axis is None:
        return True
    places = sorted(a % rank for a in axes if isinstance(a, int))
    return places == list(range(len(places)))


def _gate(value: ir.Value, name: str, built: Built) -> ir.Gate | None:
    made = built.definition.get(value)
    return made if isinstance(made, ir.Gate) and made.gate == name else None
