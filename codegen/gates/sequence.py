"""Gates of the built-ins that go through a list of numbers, or an array along its first axis."""

from codegen.gates import type_rules_reduce as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, ROW


@gate(
    "sum(x)",
    rule=rules.builtin_sum,
    broadcasts=True,
    stem="sum_{x}",
    points=[at(ROW), at(GRID), at(BATCH)],
)
def builtin_sum(d):
    """The built-in: sums a list, or an array over its first axis."""
    return d
