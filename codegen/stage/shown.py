"""Which arrays that are written in place a value may show, whatever path or turn it comes from."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.declare import GATES


def shown_cells(value: ir.Value, built: Built, facts: TypeFacts, cells: Cells) -> set[ir.Value]:
    """Return the cells whose memory a value may be: also through choices, loops and views.

    An entry of an array is a number of its own.
    """
    sources: dict[ir.Value, list[ir.Value]] = {}
    for operation in ir.operations(built.function.body):
        for result, parts in _parts(operation):
            sources.setdefault(result, []).extend(parts)
    found: set[ir.Value] = set()
    seen: set[ir.Value] = set()
    stack = [value]
    while stack:
        at = stack.pop()
        if at in seen:
            continue
        seen.add(at)
        cell = cells.shown(at)
        if cell is not None:
            found.add(cell)
        elif not facts[at].scalar:
            stack.extend(sources.get(at, ()))
    return found


def _parts(operation: ir.Operation) -> list[tuple[ir.Value, list[ir.Value]]]:
    """Return what an operation hands on, with what it may be."""
    match operation:
        case ir.If():
            return [(r, list(ir.arms(operation, n))) for n, r in enumerate(operation.results)]
        case ir.For() | ir.While():
            every = ir.carried(operation)
            return [(one.parameter, [one.start, one.next]) for one in every] + [
                (one.result, [one.start, one.next]) for one in every
            ]
        case ir.View():
            return [(operation.result, [operation.operands[0]])]
        case ir.Gate(gate=name) if name == "alias" or GATES[name].view:
            return [(operation.result, list(operation.operands[:1]))]
    return []
