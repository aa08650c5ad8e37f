"""What is cheap enough to be written twice, and what deserves a line of its own."""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.declare import GATES
from codegen.simplify import terms as t

CHEAP_SCALAR = {
    "add",
    "subtract",
    "multiply",
    "divide",
    "reciprocal",
    "negative",
    "positive",
    "power_literal",
    "square",
    "floor_divide",
    "remainder",
    "math_power_literal",
}

# of whole numbers: bounds of slices
CHEAP_BOUNDS = CHEAP_SCALAR | {"larger", "larger_literal", "smaller", "smaller_literal"}

COUNTED = (e.Binary, e.Call, e.Comparison, e.Conditional, e.Boolean)
FEW = 3  # operations on numbers that are rather computed again than kept


def is_cheap(value: ir.Value, built: Built, facts: TypeFacts, will_be_named: set[ir.Value]) -> bool:
    """True if reading a nameless value again costs next to nothing.

    That is a constant, a mask, an index or a view of what has a name, or one operation on scalars.
    """
    made = built.definition[value]
    if isinstance(made, ir.Constant):
        return True
    if isinstance(made, ir.View) and _is_dimension(made, built):
        return is_cheap_chain(made, built, facts, will_be_named)
    at_hand = made.operands[:1] if isinstance(made, ir.View) else made.operands
    if isinstance(made, ir.View) and not all(
        operand in will_be_named
        or (facts[operand].scalar and is_cheap(operand, built, facts, will_be_named))
        for operand in made.operands[1:]
        if not _is_leaf(operand, built)
    ):
        return False
    if not all(operand in will_be_named or _is_leaf(operand, built) for operand in at_hand):
        if isinstance(made, ir.View) and facts[made.operands[0]].kind in ("list", "tuple"):
            return is_cheap(made.operands[0], built, facts, will_be_named)  # A[i][j]
        return (
            isinstance(made, ir.Gate)
            and _is_size(made)
            and is_cheap_chain(made, built, facts, will_be_named)
        )
    if isinstance(made, ir.View):
        return facts[value].scalar or not facts[value].fresh
    if not isinstance(made, ir.Gate):
        return False
    gate = GATES[made.gate]
    if gate.cheap or (gate.view and not facts[value].fresh):
        return True
    return made.gate in CHEAP_SCALAR and facts[value].scalar


def count_scalar(
    value: ir.Value, built: Built, facts: TypeFacts, will_be_named: set[ir.Value]
) -> int:
    """Return how many operations on scalars compute a nameless value; many if it takes others."""
    made = built.definition.get(value)
    if not isinstance(made, ir.Gate) or made.gate not in CHEAP_SCALAR or not facts[value].scalar:
        return FEW + 1
    count = 1
    for operand in made.operands:
        inner = built.definition.get(operand)
        known = inner is None or operand in will_be_named
        if not known and not is_cheap_read(inner, built, facts, will_be_named):
            count += count_scalar(operand, built, facts, will_be_named)
    return count


def is_cheap_read(
    made: ir.Operation | None, built: Built, facts: TypeFacts, will_be_named: set[ir.Value]
) -> bool:
    """True for a constant, and for an entry of what has a name."""
    if isinstance(made, ir.Constant):
        return True
    return (
        isinstance(made, ir.View)
        and facts[made.result].scalar
        and is_cheap(made.result, built, facts, will_be_named)
    )


def _is_dimension(made: ir.View, built: Built) -> bool:
    """True for `x.shape[0]`."""
    base = built.definition.get(made.operands[0])
    return isinstance(base, ir.Gate) and base.gate == "shape_of"


def is_cheap_chain(
    made: ir.Operation, built: Built, facts: TypeFacts, will_be_named: set[ir.Value]
) -> bool:
    """True if everything a cheap value is made of is cheap: `np.arange(x.shape[0])`."""
    return all(
        operand in will_be_named or is_cheap(operand, built, facts, will_be_named)
        for operand in made.operands
    )


def _is_size(made: ir.Gate) -> bool:
    return made.gate in ("arange", "length", "shape_of", "size", "ndim")


def _is_leaf(value: ir.Value, built: Built) -> bool:
    return isinstance(built.definition.get(value), (ir.Constant, type(None)))


def arithmetic(term: t.Term) -> int:
    """Return how many operations it takes to compute a term."""
    count = sum(_operations(factor.expression) for factor in term.factors)
    count += max(len(term.factors) - 1, 0) + len(t.written(term))
    if abs(term.coefficient) != 1 and term.factors:
        count += 1
    return count


def beyond_a_literal_factor(term: t.Term) -> bool:
    """True if a scalar term is more than `2 * d` or `-d`."""
    return (
        len(term.factors) > 1
        or bool(t.written(term))
        or any(_operations(factor.expression) for factor in term.factors)
    )


def has_call_or_power(term: t.Term) -> bool:
    """True if a number takes more than a few products: `np.sum(A[i] * dC[i])`, `-out**2 * d`."""
    return any(
        isinstance(node, e.Call) or (isinstance(node, e.Binary) and node.operator in ("**", "@"))
        for factor in term.factors
        for node in e.walk(factor.expression)
    )


def _operations(expression: e.Expression) -> int:
    if isinstance(expression, e.Subscript):
        return _operations(expression.base)  # an index costs next to nothing
    if not expression.below:
        return 0
    return isinstance(expression, COUNTED) + sum(map(_operations, expression.children()))
