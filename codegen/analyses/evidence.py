"""Scalar or array: what the uses of a parameter show where nothing is declared."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir, shapes
from codegen.build.lines import Built
from codegen.gates.declare import GATES, GateDefinition
from codegen.gates.rules import comparison
from codegen.shapes import Type

ONE_NUMBER = ("float", "int", "round")

COUNTING = {"zeros", "ones", "full", "eye", "arange"}


@dataclass
class Evidence:
    """What was seen of each value."""

    array: set[ir.Value] = field(default_factory=set)
    scalar: set[ir.Value] = field(default_factory=set)
    meets: set[ir.Value] = field(default_factory=set)  # inside what is shown to be an array
    counts: set[ir.Value] = field(default_factory=set)
    indices: set[ir.Value] = field(default_factory=set)
    flags: set[ir.Value] = field(default_factory=set)
    others: set[ir.Value] = field(default_factory=set)  # compared with text or None
    numbers: set[ir.Value] = field(default_factory=set)  # in arithmetic or a comparison
    ranks: dict[ir.Value, int] = field(default_factory=dict)  # from `N, D = x.shape`


def collect(built: Built) -> Evidence:
    """Walk the operations backwards and note what each use shows."""
    seen = Evidence()
    for operation in reversed(list(ir.operations(built.function.body))):
        _look(operation, built, seen)
    return seen


def _look(operation: ir.Operation, built: Built, seen: Evidence) -> None:
    match operation:
        case ir.View(operands=(base, *_), index=index):
            seen.array.add(base)
            for item in index:
                if isinstance(item, ir.At):
                    seen.indices.add(operation.operands[item.operand])
                elif isinstance(item, ir.Range):
                    for place in (item.lower, item.upper, item.step):
                        if place is not None:
                            seen.counts.add(operation.operands[place])
            _look_at_unpacking(operation, built, seen)
        case ir.If(operands=(test,)):
            seen.flags.add(test)
        case ir.Gate():
            _look_at_gate(operation, built, seen)


def _look_at_unpacking(operation: ir.View, built: Built, seen: Evidence) -> None:
    """`N, D = x.shape` shows the rank of x."""
    made = built.definition.get(operation.operands[0])
    line = built.line_of.get(operation)
    if isinstance(made, ir.Gate) and made.gate == "shape_of" and line is not None:
        if line.expression != e.Primal(made.result):
            return  # `a, b = x.shape[0], 1`
        for target in line.targets:
            if isinstance(target, tuple):
                seen.ranks[made.operands[0]] = len(target)


def _look_at_gate(operation: ir.Gate, built: Built, seen: Evidence) -> None:
    result = operation.result
    gate = GATES[operation.gate]
    spelled = built.spelling[result]
    if operation.gate in COUNTING:
        seen.counts.update(operation.operands[:1])
        if operation.gate == "full":
            seen.meets.update(operation.operands[1:2])
        return
    if operation.gate == "reshape":
        seen.counts.update(operation.operands[1:])
    if operation.gate == "boolean":
        seen.flags.update(operation.operands)
    if gate.sequences:  # a built-in that goes through it
        seen.array.update(operation.operands)
    elementwise = GATES[operation.gate].by_entry
    compared = not gate.differentiable
    if compared and any(_is_text(operand, built) for operand in operation.operands):
        seen.others.update(operation.operands)
        return
    if elementwise:
        seen.numbers.update(operation.operands)
    shown = library_of(spelled)
    if shown == "math" and (gate.sequences or gate.tuples):
        shown = "numpy"  # math.fsum and the like go through an array
    if shown == "math" or _is_of_one_number(spelled):
        seen.scalar.update(operation.operands)
        seen.numbers.update(operation.operands)
    elif shown == "numpy" and elementwise and result in seen.scalar:
        seen.scalar.update(operation.operands)  # `math.exp(np.minimum(x, y))`
        seen.numbers.update(operation.operands)
    elif shown == "numpy":
        _look_at_numpy(operation, gate, elementwise, seen)
    elif shown == "member" or operation.gate == "matmul":
        _look_at_member(operation, gate, shown == "member", seen)
    elif elementwise and gate.rule is not comparison:
        _look_at_operator(operation, result, seen)


def _look_at_numpy(
    operation: ir.Gate, gate: GateDefinition, elementwise: bool, seen: Evidence
) -> None:
    if gate.name == "where":
        seen.meets.update(operation.operands)
        return
    seen.numbers.update(operation.operands)
    if len(gate.operands) > 1 and elementwise:
        seen.meets.update(operation.operands)
    else:
        is_reshape = operation.gate == "reshape"
        seen.array.update(operation.operands[:1] if is_reshape else operation.operands)


def _look_at_member(
    operation: ir.Gate, gate: GateDefinition, is_member: bool, seen: Evidence
) -> None:
    if gate.differentiable:
        seen.numbers.update(operation.operands)
    all_arrays = not is_member or operation.gate == "dot"
    seen.array.update(operation.operands if all_arrays else operation.operands[:1])


def _look_at_operator(operation: ir.Gate, result: ir.Value, seen: Evidence) -> None:
    if result in seen.counts:
        seen.counts.update(operation.operands)
    if result in seen.scalar:
        seen.scalar.update(operation.operands)
    elif result in seen.array and len(operation.operands) == 1:
        seen.array.update(operation.operands)
    elif result in seen.array or result in seen.meets:
        seen.meets.update(operation.operands)


def _is_of_one_number(spelled: e.Expression) -> bool:
    """True for a call of a built-in that takes no arrays."""
    match spelled:
        case e.Call(e.Name(name), _, _):
            return name in ONE_NUMBER
    return False


def _is_text(value: ir.Value, built: Built) -> bool:
    made = built.definition.get(value)
    return isinstance(made, ir.Constant) and (
        made.text[:1] in "'\"" or made.text in ("None", "True", "False")
    )


def library_of(spelled: e.Expression) -> str | None:
    """Return "numpy", "math", "member" (`x.sum()`, `x.T`) or None for an operator."""
    match spelled:
        case e.Call(e.Library(path), _, _):
            return path.split(".")[0]
        case e.Call(e.Attribute(), _, _) | e.Attribute():
            return "member"
    for part in e.walk(spelled):
        if isinstance(part, e.Library):
            return part.path.split(".")[0]
    return None


def undecided_that_meet_arrays(
    built: Built, undecided: set[ir.Value], types: dict[ir.Value, Type]
) -> set[ir.Value]:
    """Return the undecided parameters that meet an array (or what may be one) in arithmetic.

    `types` are those with every undecided parameter taken as a scalar.
    """
    found: set[ir.Value] = set()
    while True:
        more = _meeting(built, undecided - found, found, types)
        if not more:
            return found
        found |= more


def _meeting(
    built: Built, undecided: set[ir.Value], unknown: set[ir.Value], types: dict[ir.Value, Type]
) -> set[ir.Value]:
    depends: dict[ir.Value, frozenset[ir.Value]] = {p: frozenset({p}) for p in undecided}
    maybe_array: set[ir.Value] = set(unknown)
    met: set[ir.Value] = set()
    none: frozenset[ir.Value] = frozenset()
    for operation in ir.operations(built.function.body):
        if not isinstance(operation, (ir.Gate, ir.If)):
            maybe_array.update(r for r in operation.results if types[r].shape != shapes.SCALAR)
            continue
        operands = operation.operands
        if isinstance(operation, ir.If):
            operands = tuple(v for block in operation.blocks() for v in block.yields)
        elif not GATES[operation.gate].by_entry:
            if types[operation.result].shape != shapes.SCALAR:
                maybe_array.add(operation.result)
            continue
        below = none.union(*(depends.get(o, none) for o in operands))
        is_array = any(
            o in maybe_array or (types[o].kind == "number" and types[o].shape != shapes.SCALAR)
            for o in operands
        )
        if is_array:
            maybe_array.add(operation.results[0])
            met |= below
        depends[operation.results[0]] = below
    return met
