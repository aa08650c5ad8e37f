"""What is known of the part of an array that a store writes."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.lengths import Lengths
from codegen.build.lines import Built
from codegen.gates import type_rules_shape
from codegen.shapes import Type


def slot_type(operation: ir.Store, built: Built, facts: dict[ir.Value, Type]) -> Type:
    """Return what is known of the part that a store writes."""
    values = [operation.operands[0], *operation.operands[2:]]
    index = tuple(_shifted(item) for item in operation.index)
    length = Lengths(built, facts, values, index)
    kinds = [facts[value] for value in values]
    return type_rules_shape.view(kinds, index, f"v{operation.result.number}.", length)


def _shifted(item: ir.IndexItem) -> ir.IndexItem:
    """Count operands without the value that is stored."""
    match item:
        case ir.At(place):
            return ir.At(place - 1)
        case ir.Range(lower, upper, step):
            return ir.Range(*(None if p is None else p - 1 for p in (lower, upper, step)))
    return item
