"""Values that are one and the same, or computed alike."""

from __future__ import annotations

from codegen import ir
from codegen.build.lines import Built


def same(left: ir.Value | None, right: ir.Value | None, built: Built) -> bool:
    """True if two values are computed alike, from the same values."""
    if left is None or right is None:
        return False
    if left is right:
        return True
    one, other = built.definition.get(left), built.definition.get(right)
    if isinstance(one, ir.Constant) and isinstance(other, ir.Constant):
        return one.text == other.text
    if not isinstance(one, ir.Gate) or not isinstance(other, ir.Gate):
        return False
    if (one.gate, one.statics) != (other.gate, other.statics):
        return False
    pairs = zip(one.operands, other.operands, strict=False)
    return len(one.operands) == len(other.operands) and all(same(a, b, built) for a, b in pairs)


def itself(value: ir.Value, built: Built) -> ir.Value:
    """Return what a second name stands for."""
    made = built.definition.get(value)
    while isinstance(made, ir.Gate) and made.gate == "alias":
        value = made.operands[0]
        made = built.definition.get(value)
    return value
