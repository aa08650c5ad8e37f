"""Which arrays decide an array's dtype together, told from how it is computed."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.declare import GATES

# Gates whose result has the dtype that its operands have together, besides those by entry.
JOINED = frozenset(
    (
        *("alias", "copy", "dot", "logsumexp", "matmul", "max", "mean", "min", "ravel"),
        *("reshape", "softmax", "stop", "sum", "swapaxes", "transpose"),
    )
)
NOT_JOINED = frozenset(("full", "full_like"))


def operands_of_dtype(operation: ir.Operation | None) -> list[ir.Value] | None:
    """Return the operands that decide a result's dtype together; None where that is not known."""
    if isinstance(operation, ir.View):
        return [operation.operands[0]]
    if isinstance(operation, ir.Gate) and operation.gate in GATES and _joins(operation):
        gate = GATES[operation.gate]
        return [o for place, o in enumerate(operation.operands) if gate.is_number(place)]
    return None


def _joins(made: ir.Gate) -> bool:
    is_by_entry = GATES[made.gate].kind == "elementwise" and made.gate not in NOT_JOINED
    return (is_by_entry or made.gate in JOINED) and dict(made.statics).get("dtype") is None


def deepest(value: ir.Value, built: Built, facts: TypeFacts, cells: Cells) -> frozenset[ir.Value]:
    """Return the arrays that a dtype goes back to: parameters, and what cannot be looked into."""
    found: set[ir.Value] = set()
    seen: set[ir.Value] = set()
    stack = [value]
    while stack:
        one = cells.of(stack.pop())
        kind = facts.types.get(one)
        is_number = kind is not None and kind.scalar and not kind.array
        if one in seen or is_number:
            continue
        seen.add(one)
        parts = operands_of_dtype(built.definition.get(one))
        if parts is None:
            found.add(one)
        else:
            stack += parts
    return frozenset(found)
