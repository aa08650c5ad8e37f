"""Parts of a cotangent of zeros that nothing was added to: they are given what they get at once.

`dx = np.zeros(...)` and in each turn `dx[:, t] += g` is `dx[:, t] = g`, where no other statement
and no other turn touches that part before.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.overlap import Access, Overlap
from codegen.stage.statements import Group, MirrorStatements, Node, Statement

MOST_PARTS = 16  # of one cotangent, each of which is compared with all others
MADE = (e.Library("numpy.zeros"), e.Library("numpy.zeros_like"))


Body = tuple[tuple[MirrorStatements, int], ...]  # the mirrors around a statement, outermost first


@dataclass
class _Touched:
    """What is done to one cotangent, in the order of the backward pass."""

    made: Body | None = None  # where it is made of zeros
    is_plain: bool = True  # all else are additions to parts
    rows: list[tuple[Statement, Access]] = field(default_factory=list)


def first_parts(nodes: list[Node], cells: Cells, overlap: Overlap) -> None:
    """Write `=` for additions to parts that are zero."""
    touched: dict[ir.Value, _Touched] = {}
    _walk(nodes, (), touched, cells, overlap)
    for one in touched.values():
        if one.made is not None and one.is_plain and len(one.rows) <= MOST_PARTS:
            for place, (statement, _) in enumerate(one.rows):
                if statement.form == "part+=" and _is_first(place, one, overlap):
                    statement.form = "part="


def _walk(
    nodes: list[Node],
    around: Body,
    touched: dict[ir.Value, _Touched],
    cells: Cells,
    overlap: Overlap,
) -> None:
    for node in nodes:
        if isinstance(node, MirrorStatements):
            for place, body in enumerate(node.bodies):
                _walk(body, (*around, (node, place)), touched, cells, overlap)
            continue
        for statement in node.statements:
            _note(statement, node, around, touched, cells, overlap)


def _note(
    statement: Statement,
    group: Group,
    around: Body,
    touched: dict[ir.Value, _Touched],
    cells: Cells,
    overlap: Overlap,
) -> None:
    if statement.is_move:
        for node in e.walk(statement.expression):
            if isinstance(node, e.Cotangent):
                touched.setdefault(cells.of(node.value), _Touched()).is_plain = False
    if statement.target is None or statement.form in ("local", "primal", "restore"):
        return
    one = touched.setdefault(cells.of(statement.target), _Touched())
    match statement:
        case Statement(form="=", expression=e.Call(function)) if function in MADE:
            one.is_plain = one.is_plain and one.made is None
            one.made = around
        case Statement(form="part=" | "part+=" | "part-=", index=index) if (
            index is not None
            and group.line in overlap.places
            and one.made is not None
            and around[: len(one.made)] == one.made
        ):
            one.rows.append((statement, Access(group.line, index, False)))
        case _:
            one.is_plain = False


def _is_first(place: int, one: _Touched, overlap: Overlap) -> bool:
    """True if no statement that runs before touches the part, nor this one in another turn."""
    assert one.made is not None
    depth = sum(not isinstance(mirror.operation, ir.If) for mirror, _ in one.made)
    _, own = one.rows[place]
    for number, (_, other) in enumerate(one.rows):
        if number < place and overlap.places[other.line] < overlap.places[own.line]:
            return False
        # The backward pass goes from last to first: what runs before it stands behind the line.
        before = Access(other.line, other.index, is_old=number < place)
        if overlap.overwrites(before, Access(own.line, own.index, number < place), depth):
            return False
    return True
