"""Kinks that cancel: `np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))` is smooth at 0."""

from __future__ import annotations

from codegen import ir
from codegen.build.alike import same
from codegen.build.lines import Built

CORNERS = ("maximum_literal", "larger_literal")


def cancel(built: Built) -> None:
    """Give a maximum with 0 beside log1p(exp(-abs(x))) of the same x the slope 0.5 at 0.

    abs has slope 0 there, so that the sum has the slope 0.5, which it has in truth.
    """
    gates = [o for o in ir.operations(built.function.body) if isinstance(o, ir.Gate)]
    smoothed = [_inside(gate, built) for gate in gates if gate.gate == "softplus"]
    for gate in gates:
        if gate.gate in CORNERS and _is_zero(str(gate.static("C"))):
            x = gate.operands[0]
            sides = [x, _operand(x, "negative", built)]
            if any(same(side, inner, built) for side in sides for inner in smoothed):
                gate.gate = "maximum_half"


def _inside(gate: ir.Gate, built: Built) -> ir.Value | None:
    """Return x of log1p(exp(-abs(x)))."""
    size = _operand(gate.operands[0], "negative", built)
    return None if size is None else _operand(size, "absolute", built)


def _operand(value: ir.Value, gate: str, built: Built) -> ir.Value | None:
    """Return what a gate of this name made a value of."""
    made = built.definition.get(value)
    if isinstance(made, ir.Gate) and made.gate == gate:
        return made.operands[0]
    return None


def _is_zero(text: str) -> bool:
    return float(text) == 0
