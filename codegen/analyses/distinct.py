"""Index arrays that surely name no entry twice."""

from __future__ import annotations

from codegen import expressions as e
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
    is_flat_or_rest = is_flat(value, built) or is_rest(value, built)
    return is_flat_or_rest or (isinstance(made, ir.Gate) and made.gate == "arange")


def is_rest(value: ir.Value, built: Built) -> bool:
    """True for the numbers below n without some: np.delete(np.arange(n), j)."""
    made = built.definition.get(value)
    if not isinstance(made, ir.Gate) or made.gate not in ("alias", "delete"):
        return False
    whole = built.definition.get(made.operands[0])
    if made.gate == "alias":
        return is_rest(made.operands[0], built)
    return isinstance(whole, ir.Gate) and whole.gate == "arange"


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


def swapped(operation: ir.Store, built: Built, facts: TypeFacts) -> e.Expression | None:
    """Return the index that is read in `A[[i, j]] = A[[j, i]]`, where i and j may be one number.

    What two entries are to each other does not depend on whether they are two.
    """
    base, value = operation.operands[:2]
    line, spelled = built.line_of.get(operation), built.spelling.get(value)
    if operation.operator != "" or value.name is not None or line is None or line.index is None:
        return None
    match spelled:
        case e.Subscript(e.Primal(read), index) if read is base:
            written, picked = _items(_plain(line.index, built)), _items(_plain(index, built))
        case _:
            return None
    other = [pair for pair in zip(written, picked, strict=False) if pair[0] != pair[1]]
    if len(written) != len(picked) or len(other) != 1:
        return None
    match other[0]:
        case e.Sequence("list", (a, b)), e.Sequence("list", (c, d)) if (a, b) == (d, c):
            values = [*e.primals(a), *e.primals(b)]
            return index if all(facts[one].scalar for one in values) else None
    return None


def _plain(expression: e.Expression, built: Built) -> e.Expression:
    """Return an expression over values that have names."""

    def leaf(node: e.Expression) -> e.Expression | None:
        match node:
            case e.Primal(value) if value.name is None and value in built.spelling:
                return _plain(built.spelling[value], built)
        return None

    return e.rewrite(expression, leaf)


def _items(index: e.Expression) -> tuple[e.Expression, ...]:
    return index.items if isinstance(index, e.Sequence) and index.kind == "tuple" else (index,)


def _is_places(value: ir.Value, built: Built) -> bool:
    made = built.definition.get(value)
    if isinstance(made, ir.Gate) and made.gate == "alias":
        return _is_places(made.operands[0], built)
    return isinstance(made, ir.Gate) and made.gate in PLACES
