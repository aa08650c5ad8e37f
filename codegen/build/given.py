"""Which literal a name surely stands for: the axis that an inlined function is called with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen import ir

if TYPE_CHECKING:
    from codegen.build.function import Builder


def given_literal(owner: Builder, node: ast.expr) -> str | None:
    """Return the text of what a name is here; None where that is no literal, or not known."""
    value = owner.scope.values.get(node.id) if isinstance(node, ast.Name) else None
    text = None if value is None else _text_of(owner, value)
    try:
        ast.literal_eval(text or "no literal")
    except (ValueError, SyntaxError):
        return None
    return text


def is_nothing(owner: Builder, test: ast.expr) -> bool | None:
    """Return whether `axis is None` holds in an inlined function that is called with a literal."""
    match test:
        case ast.Compare(left, [ast.Is() | ast.IsNot() as word], [ast.Constant(None)]):
            text = given_literal(owner, left) if owner.inlining else None
            return None if text is None else (text == "None") is isinstance(word, ast.Is)
    return None


def _text_of(owner: Builder, value: ir.Value) -> str | None:
    made = owner.built.definition.get(value)
    while isinstance(made, ir.Gate) and made.gate == "alias":  # `axis = 0`
        made = owner.built.definition.get(made.operands[0])
    if isinstance(made, ir.Constant):
        return made.text
    if not isinstance(made, ir.Aggregate) or made.kind != "tuple":
        return None
    items = [_text_of(owner, item) for item in made.operands]
    texts = [text for text in items if text is not None]
    if len(texts) < len(items):
        return None
    return f"({', '.join(texts)}{',' * (len(texts) == 1)})"
