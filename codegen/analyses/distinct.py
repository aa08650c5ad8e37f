"""Index arrays that surely name no entry twice."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.shapes import Known


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
    return isinstance(made, ir.Gate) and made.gate in ("arange", "flatnonzero")
