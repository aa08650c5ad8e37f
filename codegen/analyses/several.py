"""Arrays that are written into, and that the turns of a loop make anew under the same name.

What a turn writes into is then one array the first time, and another one the next. Where nobody
sees the writes under another name, each turn may as well begin with a copy: `x = x.copy()`.
"""

from __future__ import annotations

from codegen import ir
from codegen.analyses.cells import cells_of
from codegen.analyses.stale import Sharing
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.source import Span

Copies = frozenset[tuple[Span, str]]  # where loops are, and what is copied as a turn begins


def copies_of_turns(built: Built, facts: TypeFacts) -> Copies:
    """Return the loops whose turns write into what earlier turns have made, and the names."""
    cells = cells_of(built, facts)
    if not cells.several:
        return frozenset()
    sharing = Sharing(built, facts)
    operations = list(ir.operations(built.function.body))
    refused: set[ir.Value] = set()
    for store in operations:
        if not isinstance(store, ir.Store) or cells.of(store.result) not in cells.several:
            continue
        cell = cells.of(store.result)
        origins = cells.several[cell]
        own = all(one in built.definition and facts[one].fresh for one in origins)
        arrays = all(facts[one].kind == "number" and facts[one].array for one in origins)
        group = sharing.group(store.operands[0])
        if not own or not arrays or sharing.is_stale_read(store.result, group):
            refused.add(cell)
    found: set[tuple[Span, str]] = set()
    for loop in operations:
        if not isinstance(loop, ir.For | ir.While) or loop.span is None:
            continue
        for one in ir.carried(loop):
            cell = cells.of(one.parameter)
            is_anew = not isinstance(built.definition.get(one.next), ir.Store | ir.For | ir.While)
            if cell in cells.several and cell not in refused and is_anew:
                found.add((loop.span, str(one.parameter.name)))
    return frozenset(found)
