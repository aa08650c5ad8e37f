"""Accepted statements that are right only on some types: refused here, when types are known."""

from __future__ import annotations

import ast

from codegen import ir
from codegen.analyses.cells import cells_of
from codegen.analyses.numbers import is_number
from codegen.analyses.stale import Sharing, old_value
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line, all_lines
from codegen.errors import Problems
from codegen.gates.declare import GATES, GateDefinition
from codegen.gates.dtypes import dtype_class
from codegen.gates.type_rules_growing import HOLDING, is_homogeneous
from codegen.stage.check_calls import check_given
from codegen.stage.check_dtypes import check_dtypes


def check(built: Built, facts: TypeFacts, active: set[ir.Value], problems: Problems) -> None:
    """Add a problem for each use that the rest of the pipeline would get wrong."""
    augments = _augments(built)
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
        if parameter.value in active and nested:
            problems.add(
                "construct",
                f"`{parameter.name}` is a list of lists, whose gradient is not supported yet",
                parameter.value.span,
                "pass a numpy array",
            )


def _augments(built: Built) -> list[Line]:
    return [line for line in all_lines(built.lines) if line.kind == "augment"]


def _spoken(gate: GateDefinition) -> str:
    name = gate.name.removeprefix("builtin_").removesuffix("_of_items")
    return name.replace("math_", "math.")


def writes_in_place(built: Built, facts: TypeFacts) -> frozenset[ast.AugAssign]:
    """Return the statements `x += e` that write into an array which may be seen elsewhere."""
    found: set[ast.AugAssign] = set()
    augments = _augments(built)
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
        if may_write and _why_seen(line, sharing) is not None:
            found.add(line.node)
    return frozenset(found)


def shown_parameters(built: Built, facts: TypeFacts) -> set[ir.Value]:
    """Return the parameters that an update would write into, had it not been given a copy."""
    found: set[ir.Value] = set()
    augments = [line for line in _augments(built) if why_shared(line, built, facts) is not None]
    if not augments:
        return found
    sharing = Sharing(built, facts)
    for line in augments:
        group = sharing.group(old_value(line))
        found |= {p.value for p in built.parameters if p.value in group}
    return found


def _why_seen(line: Line, sharing: Sharing) -> str | None:
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
    shared = _why_seen(line, sharing)
    if shared is None:
        return
    problems.add(
        "store",
        f"`{name} {line.operator}= ...` writes into an array in place: {shared}",
        line.span,
        f"write `{name} = {name} {line.operator} ...`, which makes a new array, "
        "or annotate it as np.ndarray",
    )


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
