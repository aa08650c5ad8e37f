"""What lists in lists that are only read item by item hand on to the list around."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.pullback import Flow

if TYPE_CHECKING:
    from codegen.stage.folding import Folding


ALL = e.Slice(None, None, None)


def through_rows(operation: ir.Operation, flow: Flow, state: Folding) -> tuple[ir.Operation, Flow]:
    """Return the read of the list around, and where in it an item's cotangent goes."""
    items = [] if flow.index is None else [flow.index]
    if flow.mode not in ("item", "items"):
        return operation, flow
    while (base := operation.operands[flow.place]) in state.rows:
        operation = state.built.definition[base]
        spelled = state.built.spelling[base]
        assert isinstance(spelled, e.Subscript)
        if spelled.index != ALL:
            items.insert(0, spelled.index)
        flow = replace(flow, place=0)
    if not items or items == [flow.index]:
        return operation, flow
    index = items[0] if len(items) == 1 else e.Sequence("chain", tuple(items))
    return operation, replace(flow, index=index)
