"""Calls of pairs: what they may be given, and that nothing writes into what their caches keep."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.stale import Sharing, is_other_arm, loops_around
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import Problems
from codegen.gates.declare import GATES
from codegen.gates.type_rules_growing import holds_numbers


def check_given(
    operation: ir.Gate, facts: TypeFacts, active: set[ir.Value], problems: Problems
) -> None:
    """Add a problem for what has a gradient in the author's program, and has none in a pair."""
    told: set[ir.Value] = set()
    gate = GATES[operation.gate]
    for place, operand in enumerate(operation.operands):
        kind = facts[operand]
        is_list = kind.kind in ("list", "tuple", "dict")
        is_taken = not is_list or gate.role_of(place) in gate.sequences
        if is_taken and is_list and holds_numbers(kind):
            continue
        if kind.kind == "number" or operand in told or (is_taken and operand not in active):
            continue
        told.add(operand)
        problems.add(
            "recursion",
            f"this gives a {kind.kind} to a function that calls itself",
            operation.span,
            (
                "annotate its parameter as list[float], or give it an array, np.array([a, b])"
                if holds_numbers(kind)
                else "give it an array, np.array([a, b]), or the items one by one"
            ),
        )


def check_kept(built: Built, facts: TypeFacts, problems: Problems) -> None:
    """Add a problem for each store into what a call's cache may refer to."""
    stores = [o for o in ir.operations(built.function.body) if isinstance(o, ir.Store)]
    if not stores:
        return
    sharing = Sharing(built, facts)
    told: set[tuple[ir.Operation, ir.Value]] = set()
    for operation in ir.operations(built.function.body):
        if not isinstance(operation, ir.Gate) or not GATES[operation.gate].keeps:
            continue
        for operand in operation.operands:
            kind = facts[operand]
            if kind.kind in ("none", "text") or (kind.scalar and not kind.array):
                continue
            group = sharing.group(operand)
            for store in (one for one in stores if one.result in group):
                is_news = (store, operand) not in told
                if is_news and _is_behind(store, operation, group, sharing):
                    told.add((store, operand))
                    _tell(store, operation, operand, problems)


def _is_behind(
    store: ir.Operation, call: ir.Operation, group: set[ir.Value], sharing: Sharing
) -> bool:
    """True if a store may run after a call, on the same memory."""
    there, here = sharing.paths[store], sharing.paths[call]
    common = [one for one in loops_around(there) if one in loops_around(here)]
    if any(one not in loops_around(sharing.homes[value]) for one in common for value in group):
        return True  # the store of the next turn
    return sharing.order[store] > sharing.order[call] and not is_other_arm(there, here)


def _tell(store: ir.Operation, call: ir.Operation, operand: ir.Value, problems: Problems) -> None:
    copy = f"{operand.name}.copy()" if operand.name else "np.copy(...)"
    problems.add(
        "store",
        "this writes into an array that a call was given whose backward pass reads it",
        store.span,
        f"give the call a copy: {copy}",
        [("it is given here", call.span)] if call.span is not None else [],
    )


def check_masked(built: Built, facts: TypeFacts, problems: Problems) -> None:
    """Add a problem for a choice among entries that a pair gives, and whose slopes may be infinite.

    The mask does not go into the pair, where 0 times infinity would be NaN.
    """
    for operation in ir.operations(built.function.body):
        if not isinstance(operation, ir.Gate) or operation.gate != "where":
            continue
        for arm in operation.operands[1:]:
            call = _singular_call(arm, built, facts)
            if call is not None:
                problems.add(
                    "recursion",
                    "np.where of what a function gives that calls itself, and whose slope may be "
                    "infinite where it is left out",
                    operation.span,
                    "give the function safe entries: np.where(mask, x, 1.0)",
                    [("it is called here", call.span)] if call.span is not None else [],
                )


def _singular_call(value: ir.Value, built: Built, facts: TypeFacts) -> ir.Gate | None:
    """Return the call of a pair that entries come from, if its slope may be infinite."""
    seen: set[ir.Value] = set()
    left = [value]
    while left:
        one = left.pop()
        made = built.definition.get(one)
        if one in seen or made is None or facts[one].scalar:
            continue
        seen.add(one)
        if isinstance(made, ir.If):
            left += ir.arms(made, made.results.index(one))
        elif isinstance(made, ir.View):
            left.append(made.operands[0])
        elif isinstance(made, ir.Gate):
            gate = GATES[made.gate]
            if gate.family == "pairs" and gate.singular and gate.differentiable:
                return made
            if gate.by_entry or gate.view or made.gate in ("alias", "where"):
                left += made.operands
    return None
