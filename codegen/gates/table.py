"""The table of all gates: what `--list-gates` prints and `docs/gates.md` is made from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

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
    "reduce": "Sums, products and averages along axes",
    "without_nan": "Along axes, without what is not a number",
    "spread": "Spread along axes",
    "weighted": "Averages with weights",
    "polynomials": "Polynomials",
    "covariance": "Covariances and correlations",
    "extremes": "Largest and smallest along axes",
    "sequence": "Built-ins that go through a list or an array",
    "vectors": "Functions of math that go through an array",
    "linalg": "Products",
    "einsum": "Sums of products by letters",
    "products": "Products along axes",
    "matrices": "Matrices: solving, inverting, measuring",
    "decompositions": "Matrices taken apart",
    "scipy_linalg": "Matrices in scipy.linalg",
    "special": "Special functions",
    "special_axes": "Special functions along axes",
    "distributions": "Distributions",
    "shape": "Shapes",
    "axes": "Transposes",
    "join": "Arrays of parts",
    "cut": "Turned, repeated and padded",
    "order": "Order along axes",
    "running": "Running along axes",
    "indexing": "Picked entries",
    "curves": "Curves by their values at some places",
    "apart": "Arrays taken apart, or copied along each other's axes",
    "places": "Where entries are, and how many",
    "outer": "Every entry with every other",
    "diagonals": "Triangles and diagonals",
    "convert": "Copies and conversions",
    "make": "Arrays made anew",
    "draw": "Random draws",
    "truth": "Truth values",
    "control": "What loops count",
    "own_helpers": "Helpers that our outputs carry, recognised by their text",
    "own_moves": "Helpers that our outputs carry: entries that move",
    "own_order": "Helpers that our outputs carry: order along axes",
    "own_curves": "Helpers that our outputs carry: curves",
    "own_products": "Helpers that our outputs carry: products",
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
                first, *more = gradients(gate)
                rows.append(f"      gradient: {first}")
                rows += [f"                {row}" for row in more]
            if gate.kink is not None:
                rows.append(f"      kink: {gate.kink}")
        rows.append("")
    rows.append("Reads: x[int], slices with step, ..., newaxis, integer arrays, boolean masks.")
    return "\n".join(rows) + "\n"


def page() -> str:
    """Return the table as a page of the docs."""
    rows = [
        "# Gates",
        "",
        "What has a gradient, and which. Made from the table that the generator reads: "
        "`pytest --update` rewrites this page, and `python -m codegen --list-gates` prints it.",
        "",
        "`d` is the cotangent, `out` the forward value. Where no `d` stands in a gradient, the "
        "cotangent is multiplied by it and summed to the operand's shape.",
        "",
    ]
    for family, title in FAMILIES.items():
        rows += [f"## {title}", ""]
        for gate in _family(family):
            patterns = gate.spellings or tuple(p.text for p in gate.patterns)
            patterns = patterns or gate.shown or (gate.name,)
            shown = ", ".join(f"`{text}`" for text in patterns)
            rows.append(f"- {shown}: {_escaped(gate.doc.splitlines()[0])}")
            if gate.differentiable:
                rows += ["", "  ```python", *(f"  {row}" for row in gradients(gate)), "  ```"]
            if gate.kink is not None:
                rows += ["", f"  Kink: {_escaped(gate.kink)}."]
            rows.append("")
    rows += ["## Reads", "", "`x[int]`, slices with step, `...`, `newaxis`, integer arrays, masks."]
    return "\n".join(rows) + "\n"


def _escaped(text: str) -> str:
    """Return text in which no star is read as emphasis."""
    return text.replace("*", "\\*").rstrip(".")


def _family(family: str) -> list[GateDefinition]:
    assert gates.__all__  # importing the package registers the families
    return [gate for gate in GATES.values() if gate.family == family]


def _patterns(gate: GateDefinition) -> str:
    return ", ".join(pattern.text for pattern in gate.patterns) or ", ".join(
        gate.shown or (gate.name,)
    )


def gradients(gate: GateDefinition) -> list[str]:
    """Return a gate's local gradients as its body has them, one row for each case.

    `d` is the cotangent; behind a case stands where it holds, and below it what its names are.
    """
    rows = []
    names = {
        node.targets[0].id: expression_text(gate, node.value)
        for node in ast.walk(gate.body)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for test, node in _returned(gate.body.body, None):
        row = expression_text(gate, node)
        if isinstance(node, ast.Tuple):
            row = ", ".join(expression_text(gate, cell) for cell in node.elts)
        rows.append(row if test is None else f"{row}   # if {expression_text(gate, test)}")
        read = _read(node, names)
        rows += [f"  with {name} = {text}" for name, text in names.items() if name in read]
    return rows


def _returned(
    body: list[ast.stmt], test: ast.expr | None
) -> Iterator[tuple[ast.expr | None, ast.expr]]:
    for node in body:
        if isinstance(node, ast.Return) and node.value is not None:
            yield test, node.value
        elif isinstance(node, ast.If):
            yield from _returned(node.body, node.test)


def _read(node: ast.expr, names: dict[str, str]) -> set[str]:
    """Return the names of helper values that an expression reads, and what those read."""
    found = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & set(names)
    for name in sorted(found):
        found |= _read(ast.parse(names[name], mode="eval").body, names)
    return found
