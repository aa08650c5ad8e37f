"""What Python might never evaluate: operands of `and`, `or` and of chains behind the first.

In the IR they are operations like all others, in front of the one that needs them. An error in one
(`y != 0 and x / y > 1`) must wait until its value is asked for.
"""

from __future__ import annotations

from codegen import ir

ALWAYS = {"boolean": 1, "test": 2}  # how many operands are evaluated in any case


class Failed:
    """In place of a value: the error that evaluating it raised."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def postponed(function: ir.Function) -> frozenset[ir.Value]:
    """Return the nameless values that only such operands are made of, and the operands."""
    definition: dict[ir.Value, ir.Operation] = {}
    found: set[ir.Value] = set()
    for operation in ir.operations(function.body):
        definition.update(dict.fromkeys(operation.results, operation))
        if isinstance(operation, ir.Gate) and operation.gate in ALWAYS:
            stack = list(operation.operands[ALWAYS[operation.gate] :])
            while stack:
                value = stack.pop()
                # What has a name was assigned by a statement, which ran.
                if value.name is None and value not in found and value in definition:
                    found.add(value)
                    stack += definition[value].operands
    return frozenset(found)
