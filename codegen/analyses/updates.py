"""Updates `x += e` that write into an array: whether it may be seen elsewhere, and why."""

from __future__ import annotations

import ast

from codegen import ir
from codegen.analyses.cells import cells_of
from codegen.analyses.numbers import is_number
from codegen.analyses.stale import Sharing, old_value
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line, all_lines
from codegen.gates.declare import GATES
from codegen.gates.type_rules_growing import HOLDING
from codegen.shapes import is_kept


def writes_in_place(built: Built, facts: TypeFacts) -> frozenset[ast.AugAssign]:
    """Return the statements `x += e` that write into an array which may be seen elsewhere."""
    found: set[ast.AugAssign] = set()
    augments = updates(built)
    if not augments:
        return frozenset()
    sharing, cells = Sharing(built, facts), cells_of(built, facts)
    for line in augments:
        if line.node is None:
            continue
        old = old_value(line)
        may_write = facts[old].kind == "number" and facts[old].array
        if may_write and not facts[old].scalar and cells.of(line.values()[0]) in cells.several:
            found.add(line.node)  # of an array that is written into elsewhere too
        if may_write and why_seen(line, sharing) is not None:
            found.add(line.node)
    return frozenset(found)


def shown_parameters(built: Built, facts: TypeFacts) -> set[ir.Value]:
    """Return the parameters that an update would write into, had it not been given a copy."""
    found: set[ir.Value] = set()
    augments = [line for line in updates(built) if why_shared(line, built, facts) is not None]
    if not augments:
        return found
    sharing = Sharing(built, facts)
    for line in augments:
        group = sharing.group(old_value(line))
        found |= {p.value for p in built.parameters if p.value in group}
    return found


def why_seen(line: Line, sharing: Sharing) -> str | None:
    """Return why an update's array may be seen behind it under another name, if it may."""
    built, facts, old = sharing.built, sharing.facts, old_value(line)
    why = why_shared(line, built, facts)
    if why is None:
        return None
    given = {p.value for p in built.parameters}
    for value in same_memory(old, built):
        is_given = value in given and facts[value].array
        if is_given or isinstance(built.definition.get(value), ir.Store):
            return why  # a store into what the caller gave
    group = sharing.group(old)
    made = [built.definition.get(value) for value in group]
    if any(isinstance(one, ir.Constant) and one.text.startswith("module:") for one in made):
        return why
    return why if sharing.is_stale_read(line.values()[0], group) else None


def why_shared(line: Line, built: Built, facts: TypeFacts) -> str | None:
    """Return why an update's array may have another name, or None if it has none."""
    old = old_value(line)
    if is_number(old, built, facts):
        return None
    same = same_memory(old, built)
    if line.handed & set(same):
        return f"`{line.values()[0].name}` is the caller's"
    return next(filter(None, (_shared(v, built, facts) for v in same)), None)


def updates(built: Built) -> list[Line]:
    """Return the lines `x += e` of names."""
    return [line for line in all_lines(built.lines) if line.kind == "augment"]


def same_memory(old: ir.Value, built: Built) -> list[ir.Value]:
    """Return the values whose memory a value may have: what an `if` or a loop gave it."""
    found: dict[ir.Value, None] = {}
    stack = [old]
    loops = [o for o in ir.operations(built.function.body) if isinstance(o, ir.For | ir.While)]
    given = {one.parameter: one for loop in loops for one in ir.carried(loop)}
    given |= {one.result: one for loop in loops for one in ir.carried(loop)}
    while stack:
        value = stack.pop()
        if value in found:
            continue
        found[value] = None
        made = built.definition.get(value)
        if value in given:
            stack += [given[value].start, given[value].next]
        elif isinstance(made, ir.If):
            stack += ir.arms(made, made.results.index(value))
    return list(found)


def _shared(old: ir.Value, built: Built, facts: TypeFacts) -> str | None:
    """Return why an array may be seen under another name, or None if it cannot."""
    if facts[old].scalar and not facts[old].array:
        return None  # a Python number, which nobody can write to
    if any(p.value is old for p in built.parameters):
        return f"`{old.name}` is the caller's"
    if not facts[old].fresh:
        return f"`{old.name}` may be another name, or a view, of other memory"
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.For) and _runs_over(operation, old):
            return f"a loop runs over `{old.name}`"
        if old not in operation.operands:
            if any(name != old.name for name in _goes_on_as(old, operation)):
                return f"`{old.name}` has another name"
            continue
        if isinstance(operation, ir.Gate) and is_kept(facts[operation.result]):
            return f"`{old.name}` may be in the cache of a call"
        if isinstance(operation, ir.Aggregate) or _holds(operation, old):
            return f"`{old.name}` is an item of a tuple or list"
        is_view = isinstance(operation, ir.View) and not facts[operation.result].fresh
        is_view = is_view and not facts[operation.result].scalar
        if (isinstance(operation, ir.Gate) and GATES[operation.gate].view) or is_view:
            return f"`{old.name}` has another name or a view"
    if old in built.function.returns:
        return f"`{old.name}` is returned as it was before"
    return None


def _runs_over(loop: ir.For, start: ir.Value) -> bool:
    """True if the turns of a loop read what a variable was before it: only its header does."""
    if start not in loop.operands[1:]:
        return False
    return any(start in inner.operands for inner in ir.operations(loop.body))


def _holds(operation: ir.Operation, value: ir.Value) -> bool:
    """True if a list of any length is given a value as an item."""
    match operation:
        case ir.Store(operator="append", operands=(_, item)):
            return item is value
        case ir.Gate(gate=name):
            return name in HOLDING
    return False


def _goes_on_as(value: ir.Value, operation: ir.Operation) -> list[str | None]:
    """Return the names of what an operation gives where one of its blocks yields a value."""
    names: list[str | None] = []
    for block in operation.blocks():
        is_test = isinstance(operation, ir.While) and block is operation.test
        for place, given in enumerate(block.yields):
            if given is value and not is_test:
                names.append(operation.results[place].name)
    return names
