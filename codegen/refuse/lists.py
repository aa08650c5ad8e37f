"""Lists that grow and cannot be followed: refused, with what to write instead."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import Problem, Problems
from codegen.gates.type_rules_growing import HOLDING, is_homogeneous, is_packed, may_differ
from codegen.refuse.rows import is_of_row
from codegen.shapes import Type

SEVERAL = {"number": "arrays", "list": "lists", "tuple": "tuples"}


def changed_list(value: ir.Value, built: Built) -> Problem:
    """Return what is said where the reverse would read a list that was changed later."""
    stores = [o for o in ir.operations(built.function.body) if isinstance(o, ir.Store)]
    later = [o.span for o in stores if o.result.name == value.name and o.span is not None]
    later = [span for span in later if value.span is None or span > value.span]
    return Problem(
        "store",
        f"the gradient reads `{value.name}` as it is here, and it is changed behind this",
        value.span,
        "give what is read here, or appended later, a list of its own",
        tuple(("it is changed here", span) for span in later[:1]),
    )


def is_of_list(operation: ir.Store, facts: TypeFacts) -> bool:
    """True for a store into a list that is a value of its own."""
    return is_homogeneous(facts[operation.operands[0]])


def check_lists(
    changes: list[ir.Store], built: Built, facts: TypeFacts, cells: Cells, problems: Problems
) -> None:
    """Add a problem for each change of what is no list of our own, or holds what may change."""
    for operation in changes:
        before, value = operation.operands[:2]
        cell, name = cells.of(before), operation.result.name
        kind = facts[before]
        if not is_homogeneous(kind):
            problems.add(
                "store",
                f"`{name}` is not known to be a list that was made here",
                operation.span,
                f"make it here: {name} = []",
            )
        elif cell in cells.several or _is_met(cell, built):
            problems.add(
                "store",
                f"`{name}` is changed here, and means another list on another path",
                operation.span,
                "give each list a name of its own, or make this one a list of its own: list(...)",
                [
                    ("it is made here", v.span)
                    for v in cells.several.get(cell, [])
                    if v.span is not None
                ],
            )
        elif cell not in built.definition or not facts[cell].fresh:
            problems.add(
                "store",
                f"`{name}` is the caller's, or another name of a list, and is changed here",
                operation.span,
                f"make a list of its own: {name} = "
                + (f"[list(row) for row in {name}]" if is_of_row(operation) else f"list({name})"),
            )
        elif operation.operator != "pop":
            _item(operation, value, facts, cells, problems)
            if operation.operator != "append":
                _replaced(operation, built, facts, problems)


def _leaf(operation: ir.Store, facts: TypeFacts) -> Type | None:
    """Return what stands where a store writes, in a list or in a list in it."""
    kind = facts[operation.result]
    for _ in operation.index:
        if not is_homogeneous(kind) or not kind.items:
            return None
        (kind,) = kind.items
    return kind


def check_held(built: Built, facts: TypeFacts, cells: Cells, problems: Problems) -> None:
    """Add a problem for each list that is made of an array which is written in place."""
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.Aggregate):
            _in_tuple(operation, cells, problems)
        if not isinstance(operation, ir.Gate) or not operation.operands:
            continue
        first = operation.operands[0]
        is_changed = cells.is_changed(first) or operation.result in cells.cells
        if operation.gate == "alias" and is_homogeneous(facts[first]) and is_changed:
            problems.add(
                "store",
                f"`{operation.result.name}` is another name of a list that is changed",
                operation.span,
                "make a list of its own: list(...)",
            )
        if operation.gate not in HOLDING:
            continue
        items = facts[operation.result].items
        if operation.gate == "list_of" and all(item.scalar for item in items):
            continue
        for operand in operation.operands:
            if is_homogeneous(facts[operand]):
                _list_in_list(operand, operation, cells, problems)
            cell = cells.shown(operand)
            if cell is None or cell in cells.lists or facts[operand].scalar:
                continue
            name = f"`{operand.name}`" if operand.name else "what is in this list"
            problems.add(
                "store",
                f"{name} is written in place, and the list would hold it as it is in the end",
                operation.span,
                "give the list a copy: .copy()",
            )


def _in_tuple(operation: ir.Aggregate, cells: Cells, problems: Problems) -> None:
    for operand in operation.operands:
        if cells.is_changed(operand):
            problems.add(
                "store",
                f"`{operand.name}` is changed behind this, and is an item of a {operation.kind}",
                operation.span,
                "give it a copy: list(...)",
            )


def _is_met(cell: ir.Value, built: Built) -> bool:
    """True for what a loop or an `if` makes of several lists."""
    made = built.definition.get(cell)
    if made is None:
        return all(cell is not parameter.value for parameter in built.parameters)
    return isinstance(made, ir.If | ir.For | ir.While)


def _replaced(operation: ir.Store, built: Built, facts: TypeFacts, problems: Problems) -> None:
    """Refuse what is not `hs[i] = v`, or `hs[i] += v` of numbers."""
    name, item = operation.result.name, _leaf(operation, facts)
    if item is None:
        problems.add(
            "store",
            f"there is no list in `{name}` that is known to be written into here",
            operation.span,
            f"make it here: {name} = [[0.0] * m for _ in range(n)]",
        )
    elif operation.operator not in ("", "+", "-") or (
        not item.scalar and (operation.operator or operation in built.scaled_items)
    ):
        what = "arrays" if not item.scalar else "numbers"
        problems.add(
            "store",
            f"an item of a list of {what} is updated in place here: this is not supported yet",
            operation.span,
            f"write {name}[i] = {name}[i] {operation.operator or '*'} ...",
        )
    elif not item.scalar and (item.kind != "number" or may_differ(item.shape)):
        problems.add(
            "store",
            f"the {SEVERAL.get(item.kind, 'items')} in `{name}` may differ in "
            f"{'shape' if item.kind == 'number' else 'length'}, and one is replaced here",
            operation.span,
            "append to a new list",
        )
    elif not all(isinstance(place, ir.At) for place in operation.index):
        problems.add(
            "store",
            f"a slice of `{name}` is replaced here: this is not supported yet",
            operation.span,
            "replace the items one by one",
        )


def _item(
    operation: ir.Store, value: ir.Value, facts: TypeFacts, cells: Cells, problems: Problems
) -> None:
    kind = facts[value]
    name = f"`{value.name}`" if value.name else "what is appended"
    if is_homogeneous(kind):
        _list_in_list(value, operation, cells, problems)
    elif kind.kind != "number" and not is_packed(kind):
        problems.add(
            "construct",
            f"a {kind.kind} as an item of a list of unknown length is not supported yet",
            operation.span,
            "append numbers or arrays",
        )
    elif cells.shown(value) is not None and not kind.scalar:
        problems.add(
            "store",
            f"{name} is written in place, and the list would hold it as it is in the end",
            operation.span,
            "append a copy: .copy()",
        )


def _list_in_list(
    value: ir.Value, operation: ir.Operation, cells: Cells, problems: Problems
) -> None:
    """Refuse a list as an item that is changed behind this: the list around changes with it."""
    if not cells.is_changed(value):
        return
    name = f"`{value.name}`" if value.name else "this list"
    problems.add(
        "store",
        f"{name} is put into a list here, and changed behind this",
        operation.span,
        f"put a copy in: list({value.name or '...'})",
    )
