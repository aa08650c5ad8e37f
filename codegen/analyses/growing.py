"""Lists that grow or shrink: which of their values they still have at the function's end.

The reverse reads a list as the forward pass left it. What it was before a later `append` or `pop`
is there no more, and what was read of it then must have been kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codegen import ir
from codegen.analyses.regions import regions_of
from codegen.gates.declare import GATES

if TYPE_CHECKING:
    from codegen.analyses.cells import Cells
    from codegen.analyses.types import TypeFacts
    from codegen.build.lines import Built


@dataclass
class _Order:
    """Where each value and each store stands; what a loop or an `if` gives is behind it."""

    places: dict[ir.Value, int] = field(default_factory=dict)

    def walk(self, block: ir.Block) -> None:
        """Number the values of a block in the order in which the program runs."""
        for parameter in block.parameters:
            self.places[parameter] = len(self.places)
        for operation in block.operations:
            for inner in operation.blocks():
                self.walk(inner)
            for result in operation.results:
                self.places[result] = len(self.places)


def settle_lists(built: Built, facts: TypeFacts, cells: Cells) -> None:
    """Note for each list that is stored into its last value, and those that are as good as it.

    All values of one list get the type of the last: `[]` has items of a type too.
    """
    members: dict[ir.Value, list[ir.Value]] = {}
    for value, cell in cells.cells.items():
        if facts[value].kind == "list":
            members.setdefault(cell, []).append(value)
    if not members:
        return
    order, regions = _Order(), regions_of(built)
    order.walk(built.function.body)
    places = order.places
    stores = [o.result for o in ir.operations(built.function.body) if isinstance(o, ir.Store)]
    for cell, values in members.items():
        around = {r.operation for r in regions.home(cell) if r.is_loop}
        written = [value for value in stores if cells.of(value) is cell]

        def loops(value: ir.Value, around: set[ir.Operation] = around) -> set[ir.Operation]:
            return {r.operation for r in regions.home(value) if r.is_loop} - around

        for value in values:
            if not any(
                places[store] > places[value] or loops(store) & loops(value) for store in written
            ):
                cells.final.add(value)
        last = max((v for v in values if v in cells.final), key=places.__getitem__, default=cell)
        cells.lists[cell] = last
        for value in values:
            facts.types[value] = facts[last].with_(fresh=facts[value].fresh)


def holds_own(value: ir.Value, built: Built, facts: TypeFacts, cells: Cells) -> bool:
    """True for a list that was made here, of what was made here: nobody else has any of it.

    An array that is put in twice, or once in each turn of a loop, has its own place in none.
    """
    return _holds_own(value, built, facts, cells, set())


def _holds_own(
    value: ir.Value, built: Built, facts: TypeFacts, cells: Cells, seen: set[ir.Value]
) -> bool:
    kind, cell = facts[value], cells.of(value)
    if kind.kind == "number":
        made, is_again = built.definition.get(value), value in seen
        seen.add(value)
        return kind.scalar or (kind.fresh and isinstance(made, ir.Gate) and not is_again)
    if cell in seen:
        return True
    seen.add(cell)
    regions = regions_of(built)
    stores = (o for o in ir.operations(built.function.body) if isinstance(o, ir.Store))
    own = [o for o in stores if cells.of(o.result) is cell and o.operator != "pop"]
    put_in = [store.operands[1] for store in own]
    for item, store in zip(put_in, own, strict=True):
        loops = [region for region in regions.home(store.result) if region.is_loop]
        around = [region for region in regions.home(cells.of(item)) if region.is_loop]
        if not facts[item].scalar and around != loops:
            return False
    made = built.definition.get(cell)
    match made:
        case ir.Gate(gate="growing", operands=items):
            put_in += items
        case ir.Gate(gate="add", operands=parts):
            put_in += parts
        case ir.If():
            put_in += ir.arms(made, made.results.index(cell))
        case ir.Gate() if GATES[made.gate].family == "pairs":
            pass
        case ir.Gate(gate="repeated" | "copy" | "list_of") | ir.View(index=(ir.Range(),)) if all(
            item.scalar for item in kind.items
        ):
            pass
        case _:
            return False
    return all(_holds_own(item, built, facts, cells, seen) for item in put_in)
