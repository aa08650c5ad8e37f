"""Activity: which values lie on a differentiable path from an input to an output."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.gates.declare import GATES

POWER_EXPONENT = ("power", 1)


def carries(operation: ir.Operation, place: int, facts: TypeFacts) -> bool:
    """True if a gradient flows from an operation's result to its operand at `place`."""
    kind = facts[operation.operands[place]]
    if kind.kind not in ("number", "list", "tuple") or kind.dtype == "bool":
        return False
    match operation:
        case ir.View():
            return place == 0
        case ir.Aggregate():
            return True
        case ir.Gate(gate=name):
            gate = GATES[name]
            if not gate.differentiable or place in gate.without_gradient:
                return False
            if gate.casts and facts[operation.result].dtype in ("int", "bool"):
                return False
            if (name, place) == POWER_EXPONENT and kind.dtype == "int":
                return False
            return gate.variadic or place < max(len(gate.operands), 1)
    return False


def varied(function: ir.Function, inputs: set[ir.Value], facts: TypeFacts) -> set[ir.Value]:
    """Return the values that depend differentiably on the inputs."""
    found = set(inputs)
    _varied_block(function.body, found, facts)
    return found


def _varied_block(block: ir.Block, found: set[ir.Value], facts: TypeFacts) -> None:
    for operation in block.operations:
        for inner in operation.blocks():
            _varied_block(inner, found, facts)
        if isinstance(operation, ir.If):
            for result, *arms in zip(
                operation.results, operation.then.yields, operation.otherwise.yields, strict=True
            ):
                if any(arm in found for arm in arms):
                    found.add(result)
        elif any(
            operand in found and carries(operation, place, facts)
            for place, operand in enumerate(operation.operands)
        ):
            found.update(operation.results)


def useful(function: ir.Function, outputs: set[ir.Value], facts: TypeFacts) -> set[ir.Value]:
    """Return the values that the outputs depend on differentiably."""
    found = set(outputs)
    _useful_block(function.body, found, facts)
    return found


def _useful_block(block: ir.Block, found: set[ir.Value], facts: TypeFacts) -> None:
    for operation in reversed(block.operations):
        if isinstance(operation, ir.If):
            for place, result in enumerate(operation.results):
                if result in found:
                    found.update(inner.yields[place] for inner in operation.blocks())
        elif any(result in found for result in operation.results):
            for place, operand in enumerate(operation.operands):
                if carries(operation, place, facts):
                    found.add(operand)
        for inner in operation.blocks():
            _useful_block(inner, found, facts)
