"""Activity: which values lie on a differentiable path from an input to an output."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.gates.declare import GATES
from codegen.gates.dtypes import dtype_class

POWER_EXPONENT = ("power", 1)


LOOPS = (ir.For, ir.While)


def carrying(operation: ir.Operation, facts: TypeFacts) -> tuple[int, ...]:
    """Return the places of the operands that a gradient flows to from an operation's result."""
    known = facts.carrying.get(operation)
    if known is None:
        places = range(len(operation.operands))
        known = tuple([place for place in places if _carries(operation, place, facts)])
        facts.carrying[operation] = known
    return known


def _carries(operation: ir.Operation, place: int, facts: TypeFacts) -> bool:
    kind = facts[operation.operands[place]]
    if kind.kind not in ("number", "list", "tuple") or kind.dtype == "bool":
        return False
    match operation:
        case ir.View():
            return place == 0
        case ir.Store(operator="pop"):
            return place == 0
        case ir.Store():
            stored = facts[operation.operands[0]]
            return place in (0, 1) and stored.dtype not in ("int", "bool")
        case ir.Aggregate():
            return True
        case ir.Gate(gate="packed"):
            return True
        case ir.Gate(gate="growing" | "list_of" | "repeated" | "concatenate_of" as gate_name):
            return place == 0 or gate_name == "growing"
        case ir.Gate(gate=name):
            gate = GATES[name]
            if gate.has_no_rule(place):
                return kind.dtype != "int"  # to be refused
            if not gate.differentiable or place in gate.without_gradient:
                return False
            if gate.casts and facts[operation.result].dtype in ("int", "bool"):
                return False
            if (name, place) == POWER_EXPONENT and kind.dtype == "int":
                return False
            if kind.dtype == "int" and gate.counts_at(place):
                return False
            if dtype_class(dict(operation.statics), "float") in ("int", "bool"):
                return False  # rounded, with slope 0
            return gate.variadic or place < max(len(gate.operands), 1)
    return False


def varied(function: ir.Function, inputs: set[ir.Value], facts: TypeFacts) -> set[ir.Value]:
    """Return the values that depend differentiably on the inputs: not to be changed."""
    key = ("varied", frozenset(inputs))
    known = facts.paths.get(key)
    if known is None:
        found = set(inputs)
        _varied_block(function.body, found, facts)
        known = facts.paths[key] = found
    return known


def _varied_block(block: ir.Block, found: set[ir.Value], facts: TypeFacts) -> None:
    for operation in block.operations:
        if isinstance(operation, LOOPS):
            _varied_loop(operation, found, facts)
            continue
        for inner in operation.blocks():
            _varied_block(inner, found, facts)
        if isinstance(operation, ir.If):
            for place, result in enumerate(operation.results):
                if any(arm in found for arm in ir.arms(operation, place)) and _is_number(
                    result, facts
                ):
                    found.add(result)
        else:
            operands = operation.operands
            for place in carrying(operation, facts):
                if operands[place] in found:
                    found.update(operation.results)
                    break


def _varied_loop(operation: ir.For | ir.While, found: set[ir.Value], facts: TypeFacts) -> None:
    """What a turn makes of what it is given is what the next turn is given."""
    carried = ir.carried(operation)
    before = -1
    while before != len(found):
        before = len(found)
        for one in carried:
            if (one.start in found or one.next in found) and _is_number(one.parameter, facts):
                found.add(one.parameter)
        _varied_block(operation.body, found, facts)
    for one in carried:
        if one.parameter in found:
            found.add(one.result)


def _is_number(value: ir.Value, facts: TypeFacts) -> bool:
    return facts[value].kind in ("number", "list", "tuple") and facts[value].dtype != "bool"


def useful(function: ir.Function, outputs: set[ir.Value], facts: TypeFacts) -> set[ir.Value]:
    """Return the values that the outputs depend on differentiably: not to be changed."""
    key = ("useful", frozenset(outputs))
    known = facts.paths.get(key)
    if known is None:
        found = set(outputs)
        _useful_block(function.body, found, facts)
        known = facts.paths[key] = found
    return known


def _useful_block(block: ir.Block, found: set[ir.Value], facts: TypeFacts) -> None:
    for operation in reversed(block.operations):
        if isinstance(operation, LOOPS):
            _useful_loop(operation, found, facts)
            continue
        if isinstance(operation, ir.If):
            for place, result in enumerate(operation.results):
                if result in found:
                    found.update(ir.arms(operation, place))
        elif not found.isdisjoint(operation.results):
            operands = operation.operands
            found.update([operands[place] for place in carrying(operation, facts)])
        for inner in operation.blocks():
            _useful_block(inner, found, facts)


def _useful_loop(operation: ir.For | ir.While, found: set[ir.Value], facts: TypeFacts) -> None:
    carried = ir.carried(operation)
    before = -1
    while before != len(found):
        before = len(found)
        for one in carried:
            if one.result in found or one.parameter in found:
                found |= {one.next, one.result}
        _useful_block(operation.body, found, facts)
    for one in carried:
        if one.result in found or one.parameter in found:
            found.add(one.start)
