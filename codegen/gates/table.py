"""The table of all gates: what `--list-gates` prints and `docs/gates.md` is made from."""

from __future__ import annotations

import ast

from codegen import gates
from codegen.gates.declare import GATES, GateDefinition

FAMILIES = {
    "arithmetic": "Arithmetic",
    "elementwise": "Exponentials, logarithms, roots, absolute values",
    "trigonometric": "Trigonometric functions",
    "hyperbolic": "Hyperbolic functions",
    "composite": "Composites, recognised as a whole",
    "rounding": "Rounding, remainders, casts",
    "compare": "Comparisons and choices",
    "bounds": "Bounds",
    "reduce": "Reductions",
    "linalg": "Products and transposes",
    "shape": "Shapes, and arrays made anew",
    "truth": "Truth values",
}


def listing() -> str:
    """Return the table as text: for each gate its patterns, local gradients and kink rule."""
    rows: list[str] = []
    for family, title in FAMILIES.items():
        rows.append(f"{title}")
        for gate in _family(family):
            rows.append(f"  {_patterns(gate)}")
            rows.append(f"      {gate.doc.splitlines()[0]}")
            if gate.differentiable:
                rows.append(f"      gradient: {gradient(gate)}")
            if gate.kink is not None:
                rows.append(f"      kink: {gate.kink}")
        rows.append("")
    rows.append("Reads: x[int], slices with step, ..., newaxis, integer arrays, boolean masks.")
    return "\n".join(rows) + "\n"


def _family(family: str) -> list[GateDefinition]:
    assert gates.__all__  # importing the package registers the families
    return [gate for gate in GATES.values() if gate.family == family]


def _patterns(gate: GateDefinition) -> str:
    return ", ".join([*(p.text for p in gate.patterns), *gate.spellings]) or gate.name


def gradient(gate: GateDefinition) -> str:
    """Return a gate's local gradients as its body has them; `d` is the cotangent."""
    returned = [node for node in ast.walk(gate.body) if isinstance(node, ast.Return)]
    from codegen.gates.source_text import expression_text

    texts = [expression_text(gate, node.value) for node in returned if node.value is not None]
    return " or ".join(dict.fromkeys(texts))
