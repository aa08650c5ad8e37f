"""Lists, tuples and choices that a gradient would have to go through, and cannot yet: refused."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.activity import varied
from codegen.analyses.cells import Cells
from codegen.analyses.regions import is_statement
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import Problems
from codegen.gates.type_rules_growing import holds_parts, is_homogeneous, is_packed

_SEQUENCES = ("list", "tuple")


def check_sequences(
    built: Built,
    facts: TypeFacts,
    cells: Cells,
    inputs: set[ir.Value],
    outputs: set[ir.Value],
    problems: Problems,
) -> None:
    """Add a problem for each use of an input through which its gradient would be lost."""
    for parameter in built.parameters:
        kind = facts[parameter.value]
        if is_homogeneous(kind) and (not kind.items or holds_parts(kind)):
            continue
        if parameter.value in inputs and any(
            item.kind == "number" and (item.array or not item.scalar) for item in kind.items
        ):
            problems.add(
                "construct",
                f"`{parameter.name}` is a {kind.kind} of arrays, whose gradient is not "
                "supported yet",
                parameter.value.span,
                "pass its items as arguments of their own, or one numpy array",
            )
    if all(kind.kind == "number" for kind in facts.types.values()):
        return
    depends = varied(built.function, inputs, facts)
    needed = _needed(built.function, outputs)
    for operation in ir.operations(built.function.body):
        refusal = None
        if any(result in needed for result in operation.results):
            refusal = _refusal(operation, built, facts, cells, depends)
        if refusal is not None:
            problems.add("construct", refusal[0], operation.span, refusal[1])
            return  # what is computed from it would be refused too


def _refusal(
    operation: ir.Operation,
    built: Built,
    facts: TypeFacts,
    cells: Cells,
    depends: set[ir.Value],
) -> tuple[str, str] | None:
    """Return why an operation is refused and the way out, or None."""
    match operation:
        case ir.View(operands=(base, *others)) if (
            base in depends and facts[base].kind in _SEQUENCES
        ):
            kind = facts[base].kind
            is_followed = isinstance(built.definition.get(base), ir.Aggregate)
            if is_homogeneous(facts[operation.result]) and not is_followed:
                return None  # a slice
            if is_packed(facts[operation.result]) and is_homogeneous(facts[base]):
                return None  # a tuple in a list
            made = built.definition.get(base)
            is_literal = all(isinstance(built.definition.get(o), ir.Constant) for o in others)
            if isinstance(made, ir.View) and is_packed(facts[base]) and is_literal:
                return None  # an item of such a tuple
            if facts[operation.result].kind != "number":
                message = f"a part of a {kind} that is no number is not supported yet"
                return message, "read its items one by one, or pass a numpy array"
            if isinstance(
                built.definition.get(base), (ir.Aggregate, ir.View)
            ) and not is_homogeneous(facts[base]):
                message = f"an item of a {kind} that is picked by the run is not supported yet"
                return message, "pick it by a literal, or choose with `a if test else b`"
        case ir.For(results=results) | ir.While(results=results):
            if any(is_packed(facts[result]) and result in depends for result in results):
                message = "a tuple of a list that a loop carries is not supported yet"
                return message, "give its items names of their own"
        case ir.If(results=results):
            for place, result in enumerate(results):
                arms = ir.arms(operation, place)
                if result in cells.cells or (
                    is_homogeneous(facts[result]) and is_statement(operation, built)
                ):
                    continue  # one list that changes on some paths, or one of two
                if facts[result].kind == "number" or not any(arm in depends for arm in arms):
                    continue
                kinds = list(dict.fromkeys(facts[arm].kind for arm in arms))
                words = f"{kinds[0]}s" if len(kinds) == 1 else f"a {kinds[0]} and a {kinds[1]}"
                message = f"a choice between {words} is not supported yet"
                return message, "choose between numbers or arrays: `w[0] if test else v[0]`"
    return None


def _needed(function: ir.Function, outputs: set[ir.Value]) -> set[ir.Value]:
    """Return all values that the outputs are computed from."""
    found = set(outputs)
    _needed_in(function.body, found)
    return found


def _needed_in(block: ir.Block, found: set[ir.Value]) -> None:
    for operation in reversed(block.operations):
        if any(result in found for result in operation.results):
            found.update(operation.operands)
            for inner in operation.blocks():
                found.update(inner.yields)
        for inner in operation.blocks():
            _needed_in(inner, found)
