"""Stores that cannot be followed: refused, with the places that stand in each other's way."""

from __future__ import annotations

from collections.abc import Iterator

from codegen import expressions as e
from codegen import ir, shapes
from codegen.analyses.cells import Cells
from codegen.analyses.distinct import is_flat, is_rest, names_places, swapped
from codegen.analyses.overlap import Access, Overlap, loops_of
from codegen.analyses.regions import Home, Regions, regions_of
from codegen.analyses.slots import slot_type
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import Problems
from codegen.gates.declare import GATES
from codegen.refuse.lists import check_held, check_lists, is_of_list
from codegen.refuse.rows import check_rows
from codegen.shapes import SCALAR, Known
from codegen.verify import OF_LISTS

COPY = "copy what is to stay as it is, with .copy()"


def check_stores(built: Built, facts: TypeFacts, cells: Cells, problems: Problems) -> None:
    """Add a problem for each store whose array may be seen in another way."""
    every = [o for o in ir.operations(built.function.body) if isinstance(o, ir.Store)]
    of_lists = [o for o in every if o.operator in OF_LISTS or is_of_list(o, facts)]
    stores = [o for o in every if o not in of_lists]
    check_lists(of_lists, built, facts, cells, problems)
    if not problems:
        check_rows(of_lists, built, facts, cells, problems)
    for operation in stores:
        _store(operation, built, facts, cells, problems)
    if every and not problems:
        check_held(built, facts, cells, problems)
    if every and not problems:
        _views(built, cells, stores, problems)


def _store(
    operation: ir.Store, built: Built, facts: TypeFacts, cells: Cells, problems: Problems
) -> None:
    base = operation.operands[0]
    cell, name = cells.of(base), operation.result.name
    kind = facts[cell]
    if kind.kind != "number":
        problems.add(
            "store",
            f"`{name}` is a {kind.kind}, whose items cannot be replaced yet",
            operation.span,
            "make an array of it: np.array(...)",
        )
        return
    if cell in cells.several:
        problems.add(
            "store",
            f"`{name}` is written into here, and means another array on another path",
            operation.span,
            "give each array a name of its own",
            [("it is made here", v.span) for v in cells.several[cell] if v.span is not None],
        )
        return
    try:
        slot_type(operation, built, facts.types)
    except ValueError as error:
        is_number = kind.shape == SCALAR
        problems.add(
            "shape",
            f"`{name}` is taken as a number, and has no parts" if is_number else str(error),
            operation.span,
            (
                f"annotate what `{name}` is computed from as np.ndarray, or take it out of the "
                "tuple that it is given in"
                if is_number
                else "leave one out"
            ),
        )
        return
    is_parameter = cell not in built.definition
    if not is_parameter and (not kind.fresh or _is_one_of_two(cell, built)):
        problems.add(
            "store",
            f"`{name}` may be another name, or a view, of other memory that is written into here",
            operation.span,
            f"write into that memory by its own name, or copy what `{name}` is made of: .copy()",
            [("it is made here", cell.span)] if cell.span is not None else [],
        )
        return
    is_power = operation.operator == "**" and power_of(operation, built) is not None
    if operation.operator in ("**", "//", "%", "@") and not is_power:
        problems.add(
            "store",
            f"`{operation.operator}=` into a part of an array is not supported yet",
            operation.span,
            f"write {name}[...] = {name}[...] {operation.operator} ...",
        )
    if _crosses(operation, built, facts, cells):
        problems.add(
            "store",
            "what is written here may overlap what is read, and numpy may read entries that are "
            "overwritten already",
            operation.span,
            "copy the right side: (...).copy()",
        )
    is_swap = swapped(operation, built, facts) is not None
    if operation.operator != "at" and not is_swap and _may_repeat(operation, built, facts):
        problems.add(
            "store",
            "an index array may name an entry twice, and then only the last write counts",
            operation.span,
            f"use np.add.at({name}, index, ...), a mask, or np.arange(n) beside an index array "
            "whose length is known to be n" + _or_numbers(operation, facts),
        )


def _or_numbers(operation: ir.Store, facts: TypeFacts) -> str:
    """Return what to annotate where an index may be a number: `for i, j in edges`."""
    index = operation.operands[2:]
    unknown = [v for v in index if v.name and not isinstance(facts[v].shape, Known)]
    if not unknown:
        return ""
    return (
        f"; if `{unknown[0].name}` is a number, annotate it or what it is read from: `int`, "
        'list[int], list[tuple[int, int]], Int[np.ndarray, "N"], Int[np.ndarray, "N 2"]'
    )


def _is_one_of_two(cell: ir.Value, built: Built) -> bool:
    """True for `a if test else b` of an array that has a name of its own."""
    made = built.definition.get(cell)
    if not isinstance(made, ir.If):
        return False
    for block in made.blocks():
        inside = {result for one in block.operations for result in one.results}
        if any(value not in inside or _is_one_of_two(value, built) for value in block.yields):
            return True
    return False


def _crosses(operation: ir.Store, built: Built, facts: TypeFacts, cells: Cells) -> bool:
    """True for `A[i] = A[:, j]`: numpy 2.4 copies a row at once, and misses the overlap.

    Rows of one kind are either the same or apart, and of slices numpy sees that they overlap.
    """
    read = built.definition.get(operation.operands[1])
    while isinstance(read, ir.Gate) and (read.gate == "alias" or GATES[read.gate].view):
        read = built.definition.get(read.operands[0])
    written = _numbered(operation, facts)
    if operation.operator != "" or not any(written):
        return False
    if not isinstance(read, ir.View) or facts[read.result].scalar:
        return False
    base = read.operands[0]
    if cells.shown(base) is not cells.of(operation.result):
        return False
    if base not in cells.cells or read.result is not operation.operands[1]:
        return True  # a view of a view, or `A.T[i]`
    if written == _numbered(read, facts):
        return False
    line, spelled = built.line_of[operation], built.spelling[read.result]
    assert isinstance(spelled, e.Subscript)
    if line.index is None or _swapped(line.index, spelled.index):
        return line.index is None
    regions = regions_of(built)
    overlap = Overlap(built, facts, regions, {}, loops_of(operation, built, regions))
    return overlap.meets(Access(line, line.index), Access(line, spelled.index))


def _swapped(written: e.Expression, read: e.Expression) -> bool:
    """True for `A[i:, i] = A[i, i:]`: the entry that both have comes at the same place."""
    if not isinstance(written, e.Sequence) or not isinstance(read, e.Sequence):
        return False
    return len(written.items) == 2 and written.items == read.items[::-1]


def _numbered(operation: ir.Store | ir.View, facts: TypeFacts) -> list[bool]:
    """Return for each part of an index whether it is one number."""
    found = [
        isinstance(item, ir.At) and facts[operation.operands[item.operand]].scalar
        for item in operation.index
    ]
    while found and not found[-1]:
        found.pop()
    return found


def power_of(operation: ir.Store, built: Built) -> int | None:
    """Return the exponent of `a[i] **= 2`, if it is a whole number from 1 on."""
    made = built.definition.get(operation.operands[1])
    if not isinstance(made, ir.Constant) or not made.text.isdigit():
        return None
    return int(made.text) or None


def _may_repeat(operation: ir.Store, built: Built, facts: TypeFacts) -> bool:
    """True if an entry may be named twice, and with it a number that has a gradient."""
    if isinstance(built.definition.get(operation.operands[1]), ir.Constant):
        return False  # what is written twice is the same
    given = [operation.operands[i.operand] for i in operation.index if isinstance(i, ir.At)]
    arrays = [v for v in given if not facts[v].scalar and facts[v].dtype != "bool"]
    if names_places(arrays, built, facts):
        return False
    lengths = {v: _listed(v, built) for v in arrays if facts[v].kind != "number"}
    has = {v: facts[v].shape if v not in lengths else Known((lengths[v],)) for v in arrays}
    try:
        met = shapes.broadcast(*has.values())
    except shapes.ShapeClash:
        return True
    return bool(arrays) and not any(
        (
            (_counts_up(value, built) or _distinct(value, built) or is_flat(value, built))
            and has[value] == met
        )
        or (is_rest(value, built) and has[value] == met)
        for value in arrays
    )


def _listed(value: ir.Value, built: Built) -> int:
    """Return how many items a list has that is written out."""
    made = built.definition.get(value)
    return len(made.operands) if isinstance(made, ir.Aggregate) else 0


def _distinct(value: ir.Value, built: Built) -> bool:
    """True for a list of different literals: `[0, 2]`."""
    made = built.definition.get(value)
    is_array = isinstance(made, ir.Gate) and made.gate == "array"
    if made is None or not (is_array or isinstance(made, ir.Aggregate)):
        return False
    texts = []
    for item in made.operands:
        constant = built.definition.get(item)
        if not isinstance(constant, ir.Constant):
            return False
        texts.append(constant.text)
    return len(set(texts)) == len(texts) and not any(text.startswith("-") for text in texts)


def _counts_up(value: ir.Value, built: Built) -> bool:
    made = built.definition.get(value)
    if isinstance(made, ir.Gate) and made.gate == "alias":
        return _counts_up(made.operands[0], built)
    return isinstance(made, ir.Gate) and made.gate == "arange" and len(made.operands) == 1


def _views(built: Built, cells: Cells, stores: list[ir.Store], problems: Problems) -> None:
    """A view, or another name, must not be read behind a write that it did not see."""
    regions = regions_of(built)
    order = {o: n for n, o in enumerate(ir.operations(built.function.body))}
    homes: dict[ir.Operation, Home] = {}
    for operation in order:
        if operation.results:
            homes[operation] = regions.home(operation.results[0])
    for operation in order:
        for operand in operation.operands:
            cell = cells.cells.get(operand)
            if cell is None or not isinstance(operation, ir.Aggregate):
                continue
            if cell in cells.lists and not cells.is_changed(operand):
                continue
            if _written_behind(operation, cell, cells, order, homes, regions.home(cell)):
                problems.add(
                    "store",
                    f"`{operand.name}` is written in place and is an item of a tuple",
                    operation.span,
                    "give the tuple a copy: np.copy(...)",
                )
    if _meetings(built, cells, order, regions, problems):
        return
    for view, cell in cells.views.items():
        made = built.definition[view]
        uses = [o for o in order if view in o.operands]
        uses += [o for o in order for block in o.blocks() if view in block.yields]
        is_returned = view in built.function.returns
        for store in stores:
            if cells.of(store.operands[0]) is not cell or order[store] < order[made]:
                continue
            behind = [
                u for u in uses if order[store] < order[u] or _share_a_loop(store, u, made, homes)
            ]
            if behind or is_returned:
                name = f"`{view.name}`" if view.name else "a part of the array"
                if view.name == "right":  # of `a[0], b = b, a`: no name of the author's
                    name = "what is assigned here"
                problems.add(
                    "store",
                    f"{name} shows memory that is written into behind it",
                    behind[0].span if behind else made.span,
                    COPY,
                    [("it is written into here", store.span)] if store.span else [],
                )
                return


def _written_behind(
    made: ir.Operation,
    cell: ir.Value,
    cells: Cells,
    order: dict[ir.Operation, int],
    homes: dict[ir.Operation, Home],
    around: Home,
) -> bool:
    """True if an array, or a list, may be written into once a tuple has been made of it."""
    outer = {region.operation for region in around if region.is_loop}

    def loops(operation: ir.Operation) -> set[ir.Operation]:
        return {r.operation for r in homes.get(operation, ()) if r.is_loop} - outer

    return any(
        isinstance(store, ir.Store)
        and cells.of(store.operands[0]) is cell
        and (order[store] > order[made] or loops(store) & loops(made))
        for store in order
    )


def _meetings(
    built: Built, cells: Cells, order: dict[ir.Operation, int], regions: Regions, problems: Problems
) -> bool:
    """Refuse what shows an array on one path only, if the array is written into behind that."""
    read = _read_values(built, list(order))
    for operation in order:
        later = _written_later(operation, cells, order, regions)
        for result, parts in _met(operation):
            shown = [part for part in parts if _may_change(part, later, cells)]
            if not shown or result in cells.cells or result not in read:
                continue
            name = f"`{result.name}`" if result.name else "what is chosen"
            problems.add(
                "store",
                f"{name} may show memory that is written in place, on one of several paths",
                operation.span if result.span is None else result.span,
                COPY,
                [("it shows it here", shown[0].span)] if shown[0].span is not None else [],
            )
            return True
    return False


def _may_change(value: ir.Value, later: set[ir.Value | None], cells: Cells) -> bool:
    """True if what a value shows is written into behind it; of a list it is known when."""
    cell = cells.shown(value)
    return cells.is_changed(value) if cell in cells.lists else cell in later


def _written_later(
    operation: ir.Operation, cells: Cells, order: dict[ir.Operation, int], regions: Regions
) -> set[ir.Value | None]:
    """Return the cells that are written into in or behind an operation, or in a turn to come.

    What a turn makes anew is not what an earlier turn handed on: `u, un = un, np.zeros(n)`.
    """
    if not isinstance(operation, ir.If | ir.For | ir.While):
        return set()
    around = {r.operation for r in regions.of.get(operation, ()) if r.is_loop}
    if operation.results:
        around |= {r.operation for r in regions.home(operation.results[0]) if r.is_loop}
    found: set[ir.Value | None] = set()
    for store in (o for o in order if isinstance(o, ir.Store)):
        cell = cells.of(store.result)
        made = {region.operation for region in regions.home(cell)}
        shared = around & {region.operation for region in regions.home(store.result)} - made
        if shared or (order[store] > order[operation] and operation not in made):
            found.add(cell)
    return found


def _met(operation: ir.Operation) -> Iterator[tuple[ir.Value, list[ir.Value]]]:
    """Yield what an operation makes of several values, with them."""
    if isinstance(operation, ir.If):
        for place, result in enumerate(operation.results):
            yield result, ir.arms(operation, place)
    elif isinstance(operation, ir.For | ir.While):
        for one in ir.carried(operation):
            yield one.parameter, [one.start, one.next]
            yield one.result, [one.start, one.next]


def _read_values(built: Built, operations: list[ir.Operation]) -> set[ir.Value]:
    """Return the values that more than a choice or a loop reads, there or where they go on to."""
    found = set(built.function.returns)
    for operation in operations:
        match operation:
            case ir.If() | ir.For():
                found.update(operation.operands[:1])
            case ir.While():
                found.update(operation.test.yields)
            case _:
                found.update(operation.operands)
    before = -1
    while before != len(found):
        before = len(found)
        for operation in operations:
            for result, parts in _met(operation):
                if result in found:
                    found.update(parts)
            if isinstance(operation, ir.While):
                for one in ir.carried(operation):
                    if one.tested in found:
                        found |= {one.parameter, one.result}
    return found


def _share_a_loop(
    store: ir.Operation, use: ir.Operation, made: ir.Operation, homes: dict[ir.Operation, Home]
) -> bool:
    """True if a later turn uses a view that was made before an earlier turn's write."""
    outer = {region.operation for region in homes.get(made, ()) if region.is_loop}
    loops = {r.operation for r in homes.get(store, ()) if r.is_loop} - outer
    return any(r.operation in loops for r in homes.get(use, ()) if r.is_loop)
