"""Numbers that multiply an array one after the other: their product first, as on paper.

Of `x * alpha * b[i]` the gradient of b[i] would read the array `x * alpha`, which would have to be
kept in each turn of a loop. As `(alpha * b[i]) * x`, which is the same, both numbers get their
gradients from one sum, `np.sum(x * dy)`. The forward pass stays as it was written.
"""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Built
from codegen.gates.declare import GATES
from codegen.shapes import Known, Type


def put_together(built: Built, types: dict[ir.Value, Type], active: set[ir.Value]) -> bool:
    """Multiply the numbers first, in place; true if there are any."""
    uses: dict[ir.Value, int] = {}
    for operation in ir.operations(built.function.body):
        for value in (*operation.operands, *(v for b in operation.blocks() for v in b.yields)):
            uses[value] = uses.get(value, 0) + 1
    found = False
    stack = [built.function.body]
    while stack:
        block = stack.pop()
        for outer in list(block.operations):
            stack += outer.blocks()
            if isinstance(outer, ir.Gate) and outer.gate == "multiply":
                found |= _exchange(block, outer, uses, built, types, active)
        if found:
            built.__dict__.pop("readers", None)  # which have changed
    return found


def _exchange(
    block: ir.Block,
    outer: ir.Gate,
    uses: dict[ir.Value, int],
    built: Built,
    types: dict[ir.Value, Type],
    active: set[ir.Value],
) -> bool:
    """Multiply the two numbers of a product first, if it is one of an array and them."""
    product, second = outer.operands
    if types[second].shape != types[product].shape and _is_array(second, types):
        product, second = second, product
    inner = built.definition.get(product)
    if not isinstance(inner, ir.Gate) or inner.gate != "multiply" or inner not in block.operations:
        return False
    array, first = inner.operands
    if _is_array(first, types):
        array, first = first, array
    line = built.line_of.get(outer)
    is_alone = product.name is None and uses.get(product) == 1
    if not (is_alone and line is not None and built.line_of.get(inner) is line):
        return False
    if not (_is_array(array, types) and second in active and outer.result in active):
        return False
    if not all(_is_at_hand(value, built, types) for value in (first, second)):
        return False
    written = built.spelling[product]

    def leaf(node: e.Expression) -> e.Expression | None:
        return written if node == e.Primal(product) else None

    built.spelling[outer.result] = e.rewrite(built.spelling[outer.result], leaf)
    line.expression = None if line.expression is None else e.rewrite(line.expression, leaf)
    line.operand = None if line.operand is None else e.rewrite(line.operand, leaf)
    built.spelling[product] = e.Binary("*", e.Primal(first), e.Primal(second))
    inner.operands, outer.operands = (first, second), (product, array)
    types[product] = GATES["multiply"].rule(
        [types[first], types[second]], {}, f"v{product.number}."
    )
    built.regrouped.add(product)
    block.operations.remove(inner)
    block.operations.insert(block.operations.index(outer), inner)
    return True


def _is_array(value: ir.Value, types: dict[ir.Value, Type]) -> bool:
    kind = types[value]
    return kind.kind == "number" and isinstance(kind.shape, Known) and kind.shape.rank > 0


def _is_at_hand(value: ir.Value, built: Built, types: dict[ir.Value, Type]) -> bool:
    """True for a number that costs nothing to read again: a name, a literal, an entry."""
    if types[value].kind != "number" or not types[value].scalar:
        return False
    made = built.definition.get(value)
    is_read = value.name is not None or isinstance(made, ir.Constant | ir.View)
    return is_read or value in built.regrouped
