"""Which values may be infinite or NaN where the author's mask leaves them out."""

from __future__ import annotations

from codegen import ir
from codegen.build.lines import Built
from codegen.gates.declare import GATES


def singular(built: Built) -> set[ir.Value]:
    """Return the values that a gate with a singularity is in: `np.log(x) @ w`.

    A choice (`np.where`, a conditional expression) is taken to leave out what is not finite.
    """
    found: set[ir.Value] = set()
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.If):
            continue
        if isinstance(operation, ir.Gate):
            if operation.gate == "where":
                continue
            if GATES[operation.gate].singular and not _is_harmless(operation, built):
                found.update(operation.results)
        if any(operand in found for operand in operation.operands):
            found.update(operation.results)
    return found


def _is_harmless(operation: ir.Gate, built: Built) -> bool:
    """True for a division by a constant, and for a whole positive power."""
    statics = dict(operation.statics)
    if operation.gate == "divide":
        return isinstance(built.definition.get(operation.operands[1]), ir.Constant)
    if "C" in statics and operation.gate != "reciprocal":
        power = float(str(statics["C"]))
        return power >= 1 and power.is_integer()
    return False
