"""Accepted statements that are right only on some types: refused here, when types are known."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.stale import Sharing, old_value
from codegen.analyses.types import TypeFacts
from codegen.analyses.updates import updates, why_seen
from codegen.build.lines import Built, Line
from codegen.errors import Problems
from codegen.gates.declare import GATES, GateDefinition
from codegen.gates.dtypes import dtype_class
from codegen.gates.type_rules_growing import holds_parts, is_homogeneous
from codegen.refuse.calls import check_given
from codegen.refuse.dtypes import check_dtypes


def check(built: Built, facts: TypeFacts, active: set[ir.Value], problems: Problems) -> None:
    """Add a problem for each use that the rest of the pipeline would get wrong."""
    augments = updates(built)
    if augments:
        sharing = Sharing(built, facts)
        for line in augments:
            _augmented(line, sharing, problems)
    check_dtypes(built, facts, active)
    for operation in ir.operations(built.function.body):
        _sequences(operation, built, facts, active, problems)
        _casts(operation, built, facts, active, problems)
        _without_rule(operation, facts, active, problems)
    for parameter in built.parameters:
        kind = facts[parameter.value]
        nested = kind.kind in ("list", "tuple") and any(i.kind != "number" for i in kind.items)
        nested = nested and not holds_parts(kind)
        if parameter.value in active and nested:
            problems.add(
                "construct",
                f"`{parameter.name}` is a list of lists, whose gradient is not supported yet",
                parameter.value.span,
                "pass a numpy array",
            )


def _spoken(gate: GateDefinition) -> str:
    name = gate.name.removeprefix("builtin_").removesuffix("_of_items")
    return name.replace("math_", "math.")


def _augmented(line: Line, sharing: Sharing, problems: Problems) -> None:
    facts, old = sharing.facts, old_value(line)
    name = line.values()[0].name
    if facts[old].kind != "number":
        problems.add(
            "construct",
            f"`{line.operator}=` on a list or text is not supported yet",
            line.span,
            f"write {name} = {name} {line.operator} ...",
        )
        return
    shared = why_seen(line, sharing)
    if shared is None:
        return
    problems.add(
        "store",
        f"`{name} {line.operator}= ...` writes into an array in place: {shared}",
        line.span,
        f"write `{name} = {name} {line.operator} ...`, which makes a new array, "
        "or annotate it as np.ndarray",
    )


def _dtype_source(operation: ir.Gate, built: Built) -> ir.Value | None:
    """Return the parameter whose dtype a cast takes: `out.astype(x.dtype)`."""
    if dict(operation.statics).get("dtype") != "?":
        return None
    made = built.definition.get(operation.operands[-1])
    if not isinstance(made, ir.Gate) or made.gate != "dtype":
        return None
    given = made.operands[0]
    return given if any(given is p.value for p in built.parameters) else None


def _casts(
    operation: ir.Operation,
    built: Built,
    facts: TypeFacts,
    active: set[ir.Value],
    problems: Problems,
) -> None:
    """A cast to whole numbers has no gradient, so that it must be known what it casts to."""
    if not isinstance(operation, ir.Gate) or not GATES[operation.gate].casts:
        return
    if operation.result in active and facts[operation.result].dtype == "unknown":
        source = _dtype_source(operation, built)
        if source is not None:
            # Checked when it runs: where it is a float array, the cast is one to floats.
            facts.cast_to.add(source)
            for value in (source, operation.result):
                facts.types[value] = facts[value].with_(dtype="float")
            return
        problems.add(
            "type",
            "what this casts to is not known to be a float dtype",
            operation.span,
            "write .astype(float), or annotate the array whose dtype it is",
        )


def _without_rule(
    operation: ir.Operation, facts: TypeFacts, active: set[ir.Value], problems: Problems
) -> None:
    """An operand of which the slope is not known to us is not to be differentiated by."""
    if not isinstance(operation, ir.Gate) or operation.result not in active:
        return
    gate = GATES[operation.gate]
    for place, operand in enumerate(operation.operands):
        if operand in active and gate.has_no_rule(place) and facts[operand].dtype != "int":
            role = gate.role_of(place)
            spoken = gate.patterns[0].text.split("(")[0]
            problems.add(
                "no-gate",
                f"{spoken} has no gradient rule with respect to `{role}`",
                operand.span or operation.span,
                f"keep `{role}` fixed: name what to differentiate by with `# codegen: wrt=...`",
            )


def _dtype(operation: ir.Gate, facts: TypeFacts, active: set[ir.Value], problems: Problems) -> None:
    """A dtype that may be one of integers: whether there is a slope is known only when it runs."""
    given = dict(operation.statics).get("dtype")
    if given is None or operation.result not in active or GATES[operation.gate].casts:
        return
    if given == "?" and facts[operation.operands[-1]].dtype == "float":
        return
    if given != "?" and dtype_class({"dtype": given}, "") != "unknown":
        return
    problems.add(
        "type",
        f"the dtype of `{operation.gate}` is not known to be one of floats",
        operation.span,
        "write dtype=float, or annotate the array that it is read off: "
        'x: Float[np.ndarray, "N D"]',
    )


def _sequences(
    operation: ir.Operation,
    built: Built,
    facts: TypeFacts,
    active: set[ir.Value],
    problems: Problems,
) -> None:
    """Arithmetic on lists means something else than on arrays."""
    if not isinstance(operation, ir.Gate):
        return
    gate = GATES[operation.gate]
    kinds = [facts[operand].kind for operand in operation.operands]
    if operation.gate == "alias" and is_homogeneous(facts[operation.operands[0]]):
        return
    if operation.gate == "alias" and "list" in kinds and operation.result in active:
        problems.add(
            "construct",
            "a list under a second name is not supported yet",
            operation.span,
            "use the first name",
        )
        return
    if operation.gate in (
        "alias",
        "stop",
        "shape_of",
        "length",
        "test",
        "boolean",
        "equal",
        "not_equal",
        "isinstance",
        "get",
        "growing",
        "packed",
        "list_of",
    ):
        return
    if gate.family == "pairs":
        check_given(operation, facts, active, problems)
        return
    if is_homogeneous(facts[operation.result]) and operation.gate in ("add", "copy"):
        return  # `a + b` of lists
    if operation.gate == "not" and is_homogeneous(facts[operation.operands[0]]):
        return  # whether a list is empty
    for place, operand in enumerate(operation.operands):
        kind = facts[operand]
        if kind.kind == "none" and gate.role_of(place) in gate.optional:
            continue
        may_be_sequence = not gate.is_number(place)
        if kind.kind in ("list", "tuple", "dict", "text", "none") and not (
            may_be_sequence and kind.kind in ("list", "tuple", "none")
        ):
            is_sequence = kind.kind in ("list", "tuple")
            name = gate.operands[min(place, len(gate.operands) - 1)]
            is_part = operand in active and operand in built.definition
            is_part = is_part and not is_homogeneous(kind)
            if is_sequence and name in gate.sequences and not is_part:
                continue
            if is_sequence and name in gate.tuples and operand not in active:
                continue
            if place >= len(gate.operands) and kind.kind == "text":
                continue
            name = f"`{operand.name}`" if operand.name else "this"
            problems.add(
                "type",
                f"{name} is a {kind.kind}, where `{_spoken(gate)}` needs a number or an array",
                operation.span,
                (
                    "annotate the parameter as np.ndarray, or wrap it: np.array(...)"
                    if kind.kind in ("list", "tuple")
                    else "give it a number, or leave it out"
                ),
            )
            return
    _dtype(operation, facts, active, problems)
    if operation.result in active and facts[operation.result].kind == "dict":
        way_out = "give its entries names of their own"
        problems.add("type", "a dict has no gradient yet", operation.span, way_out)
