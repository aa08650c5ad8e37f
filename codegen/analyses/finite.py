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
    operations = list(ir.operations(built.function.body))
    before = -1
    while len(found) != before:
        before = len(found)
        for operation in operations:
            _look(operation, built, found)
        if not any(isinstance(o, ir.For | ir.While) for o in operations):
            break
    return found


def _look(operation: ir.Operation, built: Built, found: set[ir.Value]) -> None:
    match operation:
        case ir.If() | ir.Gate(gate="where"):
            return
        case ir.For() | ir.While():
            for one in ir.carried(operation):
                if one.start in found or one.next in found:
                    found.update((one.parameter, one.result))
                    if one.tested is not None:
                        found.add(one.tested)
            return
        case ir.Gate(gate=name) if GATES[name].singular and not _is_harmless(operation, built):
            found.update(operation.results)
        case ir.Call():
            found.update(operation.results)  # whatever the called function does
    if any(operand in found for operand in operation.operands):
        found.update(operation.results)


def _is_harmless(operation: ir.Gate, built: Built) -> bool:
    """True for a division by a constant, and for a whole positive power."""
    statics = dict(operation.statics)
    if operation.gate == "divide":
        return isinstance(built.definition.get(operation.operands[1]), ir.Constant)
    if "C" in statics and operation.gate != "reciprocal":
        power = float(str(statics["C"]))
        return power >= 1 and power.is_integer()
    return False
