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
from codegen.nodes import nodes_of

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
            if _is_given(parameter.name, owner):
                return None  # a pair is written once, for all of its calls
            try:
                literal = ast.literal_eval(parameter.default)
            except (ValueError, SyntaxError):
                return None
            _make_sure(value, parameter.name, literal, owner)
            return repr(literal)
    return None


def _is_given(name: str, owner: Builder) -> bool:
    """True if the function is called by a pair, and a call in the file may give the parameter."""
    node = owner.built.node
    called = None if node is None else owner.module.paired.get(node)
    if node is None or called is None:
        return False
    plain = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
    place = plain.index(name) if name in plain else len(plain)
    return any(
        len(part.args) > place
        or any(isinstance(one, ast.Starred) for one in part.args)
        or any(keyword.arg in (name, None) for keyword in part.keywords)
        for part in nodes_of(owner.module.tree)
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and part.func.id == called
    )


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
