"""The text of a gate's body, as it stands in its family's file."""

from __future__ import annotations

import ast
import inspect
import textwrap

from codegen.gates.declare import GateDefinition


def expression_text(gate: GateDefinition, node: ast.expr) -> str:
    """Return the text of an expression in a gate's body, on one line."""
    if gate.tree is not None:
        return ast.unparse(node)
    text = textwrap.dedent(inspect.getsource(gate.function))
    line = " ".join((ast.get_source_segment(text, node) or "").split())
    return line.replace("( ", "(").replace(", )", ")")
