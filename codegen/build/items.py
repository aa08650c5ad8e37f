"""Items of one call whose cotangents go back together: the first one leads."""

from __future__ import annotations

from codegen import ir
from codegen.build.lines import Built
from codegen.gates.declare import GATES


def join_items(built: Built) -> None:
    """Let what asks for an item that follows ask for the one that leads too."""
    for operation in ir.operations(built.function.body):
        led = GATES[operation.gate].follows if isinstance(operation, ir.Gate) else None
        if led is not None:
            parts = built.parts[operation.result]
            operation.operands = (parts[led], *operation.operands[1:])
