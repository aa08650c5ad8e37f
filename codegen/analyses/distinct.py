"""Index arrays that surely name no entry twice."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.shapes import Known

PLACES = ("nonzero", "triangle_indices", "diag_indices")  # gates whose rows name places once


def is_distinct(value: ir.Value, built: Built, facts: TypeFacts) -> bool:
    """True for the numbers below n, each once: np.arange(n), a permutation, an order.

    Also where entries are not 0, each once.
    """
    made = built.definition.get(value)
    if isinstance(made, ir.Gate) and made.gate == "alias":
        return is_distinct(made.operands[0], built, facts)
    if isinstance(made, ir.Gate) and made.gate == "argsort":
        shape = facts[value].shape
        return isinstance(shape, Known) and shape.rank == 1
    if isinstance(made, ir.Effect) and made.gate == "permutation":
        return facts[value].dtype == "int" and facts[made.operands[0]].scalar
    return is_flat(value, built) or (isinstance(made, ir.Gate) and made.gate == "arange")


def is_flat(value: ir.Value, built: Built) -> bool:
    """True for where entries are not 0, counted through the whole array: np.flatnonzero(x)."""
    made = built.definition.get(value)
    if isinstance(made, ir.Gate) and made.gate == "alias":
        return is_flat(made.operands[0], built)
    return isinstance(made, ir.Gate) and made.gate == "flatnonzero"


def names_places(indices: list[ir.Value], built: Built, facts: TypeFacts) -> bool:
    """True for a tuple of rows that names places each once, or for all of its rows.

    `x[np.nonzero(m)]`, `x[np.diag_indices(n)]`, `i, j = np.triu_indices(n)` and `x[i, j]`.
    """
    if len(indices) == 1 and _is_places(indices[0], built):
        return True
    found: set[int] = set()
    bases: set[ir.Value] = set()
    for value in indices:
        made = built.definition.get(value)
        if isinstance(made, ir.Gate) and made.gate == "alias":
            made = built.definition.get(made.operands[0])
        if not isinstance(made, ir.View) or not isinstance(made.index[0], ir.At):
            return False
        base, place = made.operands[0], facts[made.operands[made.index[0].operand]].dimension
        if not _is_places(base, built) or not isinstance(place, int):
            return False
        bases.add(base)
        found.add(place)
    if len(bases) != 1:
        return False
    rank = facts[bases.pop()].dimension
    return isinstance(rank, int) and found == set(range(rank)) and len(indices) == rank


def _is_places(value: ir.Value, built: Built) -> bool:
    made = built.definition.get(value)
    if isinstance(made, ir.Gate) and made.gate == "alias":
        return _is_places(made.operands[0], built)
    return isinstance(made, ir.Gate) and made.gate in PLACES
