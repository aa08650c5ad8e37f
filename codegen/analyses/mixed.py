"""Values that are a number on some paths and something else on others: no gradient goes through."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.activity import varied
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import Problems
from codegen.gates.declare import GATES


def refuse_mixed(built: Built, facts: TypeFacts, inputs: set[ir.Value], problems: Problems) -> None:
    """Add a problem where such a value, which an input reaches, is read as a number.

    Asking whether it is None is fine, and so is not reading it at all.
    """
    if not any(_joins(operation) for operation in ir.operations(built.function.body)):
        return
    mixed = _mixed(built.function, facts, varied(built.function, inputs, facts))
    if not mixed:
        return
    reads = [
        (operand, operation.span)
        for operation in ir.operations(built.function.body)
        for place, operand in enumerate(operation.operands)
        if operand in mixed and _reads_number(operation, place)
    ]
    reads += [(r.value, r.span) for r in built.returned if r.value in mixed]
    told = set()
    for value, span in reads:
        if (value.name, span) not in told:
            told.add((value.name, span))
            joined = mixed[value].span
            problems.add(
                "construct",
                f"`{value.name}` is a number on some paths only, and something else on others",
                span,
                "give it a number on every path",
                [] if joined is None else [("the paths meet here", joined)],
            )


def _mixed(
    function: ir.Function, facts: TypeFacts, varies: set[ir.Value]
) -> dict[ir.Value, ir.Operation]:
    """Return the values that may hold an input's number and have no number's type."""
    found: dict[ir.Value, ir.Operation] = {}
    before = -1
    while before != len(found):
        before = len(found)
        for operation in ir.operations(function.body):
            for value, sources in _joins(operation):
                kind = facts[value].kind
                if kind in ("number", "list", "tuple") or value in found:
                    continue
                if any(source in varies or source in found for source in sources):
                    found[value] = operation
    return found


def _joins(operation: ir.Operation) -> list[tuple[ir.Value, list[ir.Value]]]:
    """Return what an operation's paths give, each with what it may be."""
    match operation:
        case ir.If():
            return [(value, ir.arms(operation, i)) for i, value in enumerate(operation.results)]
        case ir.For() | ir.While():
            return [
                (value, [one.start, one.next])
                for one in ir.carried(operation)
                for value in (one.parameter, one.tested, one.result)
                if value is not None
            ]
        case ir.Gate(gate="alias"):
            return [(operation.result, list(operation.operands))]
    return []


def _reads_number(operation: ir.Operation, place: int) -> bool:
    match operation:
        case ir.Gate(gate="alias"):
            return False  # another name: what reads that one is told
        case ir.Gate(gate=name):
            return GATES[name].differentiable and place not in GATES[name].without_gradient
        case ir.View():
            return place == 0
        case ir.Store() | ir.Aggregate() | ir.Call():
            return True
    return False
