"""Items of one call whose cotangents go back together: one of them leads, the others follow.

The leading one is made first, so it is reached last: the cotangents of the others have names by
then.
"""

from __future__ import annotations

from collections.abc import Callable

from codegen import ir
from codegen.build.lines import Line
from codegen.gates.declare import GATES
from codegen.simplify import terms as t
from codegen.stage.folding import Folding
from codegen.stage.program import Path

Cotangent = Callable[[ir.Operation, ir.Value, Folding], tuple[t.Term, Line, Path]]


def gathered(operation: ir.Operation, state: Folding, cotangent: Cotangent) -> bool:
    """Give an item's cotangent a name, if others go back with it; True if it goes no further."""
    if not isinstance(operation, ir.Gate):
        return False
    gate, value = GATES[operation.gate], operation.result
    if gate.follows is None and len(gate.gathers) < 2:
        return False
    if has_own(value, state):
        state.staging.named.add(value)
        _, line, path = cotangent(operation, value, state)
        state.gathered[value] = (line, path)
    return gate.follows is not None


def _together(operation: ir.Operation, state: Folding) -> list[ir.Value]:
    gate = GATES[operation.gate] if isinstance(operation, ir.Gate) else None
    if gate is None or len(gate.gathers) < 2:
        return []
    parts = state.built.parts[operation.result]
    return [parts[place] for place in gate.gathers if parts[place] in state.gathered]


def has_own(value: ir.Value, state: Folding) -> bool:
    """True if a cotangent has come back to a value, or was put onto that of a list."""
    return bool(state.arrivals[value]) or value in state.seeds or value in state.pushed


def nothing_arrived(operation: ir.Operation, state: Folding) -> bool:
    """True if no cotangent has come back to an operation's result, or to what follows it."""
    return not has_own(operation.result, state) and not _together(operation, state)


def gathered_place(operation: ir.Operation, state: Folding) -> tuple[Line, Path]:
    """Return where what goes back from items is printed: at the line that makes them."""
    return state.gathered[_together(operation, state)[0]]
