"""Functions of numbers written out in a list: `math.fsum([a, b])` is a + b, on one line of text."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir

if TYPE_CHECKING:
    from codegen.build.expression import ExpressionBuilder

FUNCTIONS = ("math.fsum", "math.prod", "math.dist")
OPERATORS = {"add": "+", "subtract": "-", "multiply": "*"}


def unrolled(builder: ExpressionBuilder, node: ast.Call, path: str) -> ir.Value | None:
    """Return the value of a call on lists or tuples whose items are known, as gates of the items.

    None for a call on anything else, which is not evaluated then.
    """
    is_display = builder.operands.is_display
    if path not in FUNCTIONS or node.keywords or not all(map(is_display, node.args)):
        return None
    if len(node.args) != (2 if path == "math.dist" else 1):
        return None
    given = [builder.value(part) for part in node.args]
    rows = [list(builder.owner.built.definition[value].operands) for value in given]
    values = {id(part): value for part, value in zip(node.args, given, strict=True)}
    spelled = builder.spell(node, values)
    if not rows[0] or len(rows[0]) != len(rows[-1]):
        return builder.owner.refuse(
            node,
            "call",
            "the lists of numbers are empty, or not of one length",
            "write as many numbers in each",
        )
    if path == "math.dist":
        pairs = zip(*rows, strict=True)
        steps = [_combined(builder, node, "subtract", a, b) for a, b in pairs]
        return builder.emit(node, "length_of", steps, spelled)
    total, *others = rows[0]
    if path == "math.fsum":
        for item in others:
            total = _combined(builder, node, "add", total, item)
        return builder.emit(node, "to_float", [total], spelled)
    for item in others[:-1]:
        total = _combined(builder, node, "multiply", total, item)
    last = [total, *others[-1:]]
    return builder.emit(node, "multiply" if others else "positive", last, spelled)


def _combined(
    builder: ExpressionBuilder, node: ast.Call, gate: str, left: ir.Value, right: ir.Value
) -> ir.Value:
    spelled = e.Binary(OPERATORS[gate], e.Primal(left), e.Primal(right))
    return builder.emit(node, gate, [left, right], spelled)
