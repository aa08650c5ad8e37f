"""Reverse of what makes a list of another: slices, copies, `a + b`, `[x] * n`.

The cotangent of such a list is a list; a part of it goes on to each list that it was made of.
"""

from __future__ import annotations

from collections.abc import Collection

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.pullback import Flow
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.type_rules_growing import is_homogeneous, is_packed
from codegen.shapes import SCALAR, Known, Type
from codegen.simplify import terms as t

COPIES = ("copy", "list_of", "alias")


def list_flows(
    operation: ir.View | ir.Gate,
    d: e.Expression,
    built: Built,
    facts: TypeFacts,
    passed: Collection[ir.Value] = (),
) -> list[Flow]:
    """Return what the cotangent `d` of a list gives the operands that it was made of.

    Slices that are `passed` have none of their own: what is theirs goes to what they were taken of.
    """
    if isinstance(operation, ir.View):
        spelled = built.spelling[operation.result]
        assert isinstance(spelled, e.Subscript)
        is_slice = any(isinstance(item, ir.Range) for item in operation.index)
        return [Flow(0, _whole(d), spelled.index, "items" if is_slice else "item")]
    first = operation.operands[0] if operation.operands else operation.result
    match operation.gate:
        case "growing" | "packed":
            return [
                _given(
                    place,
                    t.of(e.Subscript(d, e.number(place)), facts[operand].shape),
                    facts[operand],
                )
                for place, operand in enumerate(operation.operands)
            ]
        case "add":
            return _joined(operation, d, built, passed)
        case "repeated":
            return [Flow(0, _repeated(d, first, facts))]
        case gate if gate in COPIES:
            return [Flow(0, *_copied(d, first, facts))]
    raise AssertionError(f"{operation.gate} makes no list")


def _given(place: int, term: t.Term, kind: Type) -> Flow:
    return Flow(place, term, mode="items" if is_homogeneous(kind) or is_packed(kind) else "")


def _whole(d: e.Expression) -> t.Term:
    return t.of(d, SCALAR)


def _copied(d: e.Expression, source: ir.Value, facts: TypeFacts) -> tuple[t.Term, None, str]:
    kind = facts[source]
    if kind.kind == "list":
        return _whole(d), None, "items"
    made = e.call("numpy.array", d)
    if not isinstance(kind.shape, Known) or kind.shape.rank != 1:
        made = e.Call(e.Attribute(made, "reshape"), (e.ShapeOf(source),))
    return t.of(made, kind.shape), None, ""


def _joined(
    operation: ir.Gate, d: e.Expression, built: Built, passed: Collection[ir.Value]
) -> list[Flow]:
    """Return the two parts of a list that two were put together to."""
    left, right = operation.operands
    made = built.definition.get(right)
    if (
        isinstance(made, ir.Gate)
        and made.gate == "growing"
        and right.name is None
        and made.operands
    ):
        at: e.Expression = e.Unary("-", e.number(len(made.operands)))
    elif left in passed:
        at = _end(left, right, built) or e.Call(e.Name("len"), (built.spelling[left],))
    else:
        at = e.Call(e.Name("len"), (e.Primal(left),))
    head: e.Expression = e.Subscript(d, e.Slice(None, at, None))
    if left in passed:
        head = d  # it is added to a slice, which takes as much as it has places
    tail = e.Subscript(d, e.Slice(at, None, None))
    return [Flow(place, _whole(part), None, "items") for place, part in enumerate((head, tail))]


def _end(left: ir.Value, right: ir.Value, built: Built) -> e.Expression | None:
    """Return `j` of `row[:j] + row[j + 1:]`: where row is shorter, nothing is behind it."""
    match built.definition.get(left), built.definition.get(right):
        case (
            ir.View((base, end), index=(ir.Range(None, int(), None),)),
            ir.View((other, start), index=(ir.Range(int(), None, None),)),
        ) if (
            base is other and _never_negative(end, built) and _is_behind(start, end, built)
        ):
            return e.Primal(end)
    return None


def _is_behind(start: ir.Value, end: ir.Value, built: Built) -> bool:
    """True for `j` and for `j + 1`, where the other is `j`."""
    if start is end:
        return True
    match built.definition.get(start):
        case ir.Gate(gate="add", operands=(one, other)):
            return (one is end and _is_positive(other, built)) or (
                other is end and _is_positive(one, built)
            )
    return False


def _never_negative(value: ir.Value, built: Built) -> bool:
    """True for a literal, and for the number of a turn that a loop counts from 0."""
    if _is_positive(value, built):
        return True
    loops = (o for o in ir.operations(built.function.body) if isinstance(o, ir.For))
    for loop in loops:
        if loop.body.parameters[0] is value:
            made = built.definition.get(loop.operands[0])
            return made is not None and len(made.operands) == 1
    return False


def _is_positive(value: ir.Value, built: Built) -> bool:
    made = built.definition.get(value)
    return isinstance(made, ir.Constant) and made.text.isdigit()


def _repeated(d: e.Expression, item: ir.Value, facts: TypeFacts) -> t.Term:
    """Return the sum of a list: of no arrays it would be 0, which is no array."""
    kind = facts[item]
    total: e.Expression = e.Call(e.Name("sum"), (d,))
    if not kind.scalar:
        total = e.Call(e.Name("sum"), (d, _zeros(item, facts)))
    return t.of(total, kind.shape)


def _zeros(value: ir.Value, facts: TypeFacts) -> e.Expression:
    kind = facts[value]
    if kind.array and kind.dtype == "float":
        return e.call("numpy.zeros_like", e.Primal(value))
    return e.call("numpy.zeros", e.ShapeOf(value), e.DtypeOf(value))
