"""The table of all gates: what `--list-gates` prints and `docs/gates.md` is made from."""

from __future__ import annotations

import ast

from codegen import gates
from codegen.gates.declare import GATES, GateDefinition
from codegen.gates.source_text import expression_text

FAMILIES = {
    "arithmetic": "Arithmetic",
    "elementwise": "Exponentials, logarithms, roots, absolute values",
    "trigonometric": "Trigonometric functions",
    "hyperbolic": "Hyperbolic functions",
    "rounding": "Rounding, remainders, casts",
    "compare": "Comparisons and choices",
    "bounds": "Bounds",
    "composite": "Composites, recognised as a whole (MAX: the largest along the axis, or of all)",
    "reduce": "Reductions",
    "vectors": "Numbers in a row",
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
            rows += [f"  {text}" for text in gate.spellings or (_patterns(gate),)]
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
    return ", ".join(pattern.text for pattern in gate.patterns) or gate.name


def gradient(gate: GateDefinition) -> str:
    """Return a gate's local gradients as its body has them; `d` is the cotangent."""
    forms, names = [], []
    for node in ast.walk(gate.body):
        match node:
            case ast.Return(ast.Tuple(cells)):
                forms.append(", ".join(expression_text(gate, cell) for cell in cells))
            case ast.Return(value) if value is not None:
                forms.append(expression_text(gate, value))
            case ast.Assign([ast.Name(name)], value):
                names.append(f"{name} = {expression_text(gate, value)}")
    shown = "; or ".join(dict.fromkeys(forms))
    return f"{shown} with {', '.join(names)}" if names else shown
