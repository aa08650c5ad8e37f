"""Parameters that say an axis or the like: the gradient is written for their default.

`def softmax(x, axis=-1)`: what is written depends on it, so the output raises for another one.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen import ir
from codegen.build.given import given_literal
from codegen.build.lines import Line

if TYPE_CHECKING:
    from codegen.build.function import Builder


def known_static(node: ast.expr, owner: Builder) -> str | None:
    """Return the literal that a name stands for, surely or as a parameter's default.

    Of a default, the function makes sure first.
    """
    text = given_literal(owner, node)
    if text is not None or not isinstance(node, ast.Name) or node.id not in owner.scope.values:
        return text
    value = owner.scope.values[node.id]
    made = owner.built.definition.get(value)
    while isinstance(made, ir.Gate) and made.gate == "alias":
        value = made.operands[0]
        made = owner.built.definition.get(value)
    for parameter in owner.built.parameters:
        if parameter.value is value and isinstance(parameter.default, ast.expr):
            try:
                literal = ast.literal_eval(parameter.default)
            except (ValueError, SyntaxError):
                return None
            _make_sure(value, parameter.name, literal, owner)
            return repr(literal)
    return None


def _make_sure(value: ir.Value, name: str, literal: Any, owner: Builder) -> None:
    """Let the function begin with a guard, once."""
    if value in owner.built.fixed:
        return
    owner.built.fixed.add(value)
    operator = "is not" if literal is None or isinstance(literal, bool) else "!="
    test = e.Comparison(e.Primal(value), (operator,), (e.Literal(repr(literal)),))
    message = e.Literal(f'"the gradient is written for {name}={literal!r}"')
    raised = e.Call(e.Name("ValueError"), (message,))
    span = value.span
    assert span is not None
    operation = ir.Effect((value,), (), span, "guard")
    line = Line("guard", span, (), test, detail=raised)
    line.inlined = True
    owner.built.function.body.operations.insert(0, operation)
    owner.built.lines.insert(0, line)
    owner.built.line_of[operation] = line
