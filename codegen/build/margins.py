"""`np.pad` with margins that only the run knows: `((0, 0), (pad, pad))`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen import ir
from codegen.parse import constant_value

if TYPE_CHECKING:
    from codegen.build.expression import ExpressionBuilder

PAD = "numpy.pad"
NAMES = ("array", "pad_width", "mode", "constant_values")


def padded(builder: ExpressionBuilder, node: ast.Call) -> ir.Value | None:
    """Return the array with its margins; None for literal ones, which are a gate's static ones."""
    given: dict[str, ast.expr] = dict(zip(NAMES[:3], node.args, strict=False))
    given |= {k.arg: k.value for k in node.keywords if k.arg is not None}
    width = given.get("pad_width")
    if width is None or _is_literal(builder, width):
        return None
    if len(node.args) > 3 or "array" not in given or set(given) - set(NAMES):
        return None  # the gate with literal margins says what is wrong
    statics: dict[str, Any] = {"mode": "constant", "constant_values": 0}
    spelled: dict[int, e.Expression] = {}
    for name in statics:
        if name in given:
            statics[name] = builder.literal_or_refused(given[name], name, spelled)
    values = {id(part): builder.value(part) for part in (given["array"], width)}
    operands = [values[id(given["array"])], values[id(width)]]
    return builder.emit(node, "pad_by", operands, builder.spell(node, values, spelled), statics)


def _is_literal(builder: ExpressionBuilder, node: ast.expr) -> bool:
    scope = builder.owner.scope
    if isinstance(node, ast.Name) and node.id not in scope.local:
        node = constant_value(scope.module, node.id) or node
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True
