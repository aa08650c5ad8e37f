"""Which parts of a cotangent need no clearing behind the store that they belong to.

`out[i, j] = v` gives v the part `dout[i, j]` and clears it, for what was stored there before. Where
nothing was, in no earlier turn and by no other line, and what the array was made with has no
gradient, nobody reads that part again.
"""

from __future__ import annotations

from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.overlap import Access, Overlap
from codegen.analyses.regions import Regions
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line
from codegen.stage.program import Contribution, LocalDefinition, Restore, Staging, Write

MOST_STORES = 16  # into one array, each of which is compared with all others


def drop_clears(
    built: Built,
    facts: TypeFacts,
    regions: Regions,
    cells: Cells,
    staging: Staging,
    active: set[ir.Value],
) -> None:
    """Take the steps out that clear what is not read again."""
    clears = [
        step
        for step in staging.steps
        if isinstance(step, Write) and step.operator == "" and step.term is None
    ]
    if not clears:
        return
    places, loops = staging.order()
    overlap = Overlap(built, facts, regions, places, loops)
    stores: dict[ir.Value, list[Line]] = {}
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.Store):
            cell = cells.of(operation.result)
            stores.setdefault(cell, []).append(built.line_of[operation])
    superfluous = set()
    for step in clears:
        made = built.definition.get(step.target)
        is_new = isinstance(made, ir.Gate) and step.target not in cells.several
        lines = stores[step.target]
        if not is_new or step.target in active or len(lines) > MOST_STORES:
            continue
        if not all(line in places for line in lines):
            continue
        written = Access(step.line, step.line.index)
        if not any(overlap.overwrites(written, Access(one, one.index, False)) for one in lines):
            superfluous.add(step)
    staging.steps = [s for s in staging.steps if s not in superfluous]


def changed_in_place(staging: Staging, given: set[ir.Value]) -> set[ir.Value]:
    """Return the cotangents that statements write into; all but a single `=` does."""
    found: set[ir.Value] = set()
    seen = set(given)
    for step in staging.steps:
        if isinstance(step, LocalDefinition | Restore):
            continue
        is_whole = isinstance(step, Contribution) and step.mode == ""
        if not is_whole or step.target in seen:
            found.add(step.target)
        seen.add(step.target)
    return found
