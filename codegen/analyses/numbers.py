"""Which values are surely numbers, which nothing can write into.

A scalar may still be an array of no dimensions: `x += 1` then writes into it. What arithmetic, a
reduction or an index gives is none, even if its operands are.
"""

from __future__ import annotations

from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.declare import GATES

BY_ENTRY = {"arithmetic", "bounds", "compare", "composite", "elementwise", "hyperbolic"}
BY_ENTRY |= {"rounding", "trigonometric"}
TO_ONE = {"sum", "mean", "prod", "max", "min", "ptp", "var", "std"}
TO_ONE |= {"matmul", "dot", "inner", "vdot"}
AS_GIVEN = {"alias", "stop", "larger", "smaller", "larger_literal", "smaller_literal"}
MADE = {"where", "astype"}  # arrays of no dimensions


def is_number(value: ir.Value, built: Built, facts: TypeFacts) -> bool:
    """True if a value is a number of Python's or numpy's on every path."""
    if not facts[value].scalar or not facts[value].array:
        return facts[value].scalar
    given = _given(built)
    seen: set[ir.Value] = set()
    left = [value]
    while left:
        one = left.pop()
        if one in seen:
            continue
        seen.add(one)
        if not facts[one].scalar:
            return False
        if not facts[one].array:
            continue  # a Python number
        parts = given.get(one)
        if parts is None:
            parts = _parts(one, built, facts)
        if parts is None:
            return False
        left += parts
    return True


def _parts(value: ir.Value, built: Built, facts: TypeFacts) -> list[ir.Value] | None:
    """Return what a value may be: nothing else if it is new; None if it may be an array."""
    made = built.definition.get(value)
    match made:
        case ir.Constant():
            return []
        case ir.If():
            return ir.arms(made, made.results.index(value))
        case ir.View(index=index):
            base = facts[made.operands[0]]
            is_entry = base.kind == "number" and all(isinstance(item, ir.At) for item in index)
            return [] if is_entry else None
        case ir.Gate(gate=name) if name in AS_GIVEN:
            return list(made.operands)
        case ir.Gate(gate=name):
            gate = GATES[name]
            by_entry = gate.by_entry and gate.family in BY_ENTRY and name not in MADE
            return [] if by_entry or name in TO_ONE else None
    return None


def _given(built: Built) -> dict[ir.Value, list[ir.Value]]:
    """Return what the values that loops carry are: at the start, and after a turn."""
    loops = [o for o in ir.operations(built.function.body) if isinstance(o, ir.For | ir.While)]
    found: dict[ir.Value, list[ir.Value]] = {}
    for loop in loops:
        for one in ir.carried(loop):
            found[one.parameter] = found[one.result] = [one.start, one.next]
    return found
