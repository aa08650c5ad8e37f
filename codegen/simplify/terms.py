"""Terms: one contribution to one cotangent, as a product in normal form.

A term is coefficient * factor * factor / factor ..., in the order in which a person would write it,
with the shape that the product has when it is computed (which may be smaller than the
shape of the value it belongs to: numpy broadcasts it later) and the masks it travels under.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache, lru_cache

from codegen import expressions as e
from codegen.frozen import changed, frozen
from codegen.shapes import SCALAR, Known, Shape, Unknown, broadcast, is_scalar

Number = int | Fraction  # exact; `1 / n` of a whole number would not be: write Fraction(1) / n


@frozen
class Factor:
    """One factor: its expression, power 1 or -1, and what is known of it."""

    expression: e.Expression
    power: int = 1
    shape: Shape = SCALAR
    dtype: str = "float"

    @property
    def scalar(self) -> bool:
        return is_scalar(self.shape)


@frozen
class Mask:
    """The term counts only where `condition` is (or is not) true; `lazy` for Python's own if."""

    condition: e.Expression
    when: bool
    lazy: bool
    shape: Shape = SCALAR

    def opposite(self) -> Mask:
        return changed(self, when=not self.when)


@frozen
class Term:
    """A product in normal form; `pinned` keeps an author's `1.0` in `-1.0 / den**2` on paper."""

    coefficient: Number = 1
    factors: tuple[Factor, ...] = ()
    shape: Shape = SCALAR
    masks: tuple[Mask, ...] = ()
    pinned: str | None = None
    guarded: bool = False  # its masks were summed away: where it is 0, what follows is 0 too
    settled: tuple[Mask, ...] = ()  # masks that are not written, as the term is 0 there anyway

    @property
    def is_zero(self) -> bool:
        return not self.coefficient

    @property
    def scalar(self) -> bool:
        return is_scalar(self.shape)


FLAGGED = ".flagged"  # a part of the shape of `d if flag else 0.0`, which may be one number
ZERO = Term(0)
ONE = Term()


def of(expression: e.Expression, shape: Shape, dtype: str = "float") -> Term:
    """Return the term of one factor; a number becomes the coefficient."""
    number = literal_value(expression)
    if number is not None:
        return Term(number, (), SCALAR)
    return Term(1, (Factor(expression, 1, shape, dtype),), shape)


def literal_value(expression: e.Expression) -> Number | None:
    """Return a finite number literal's exact value."""
    if isinstance(expression, e.Unary) and expression.operator in "+-":
        inner = literal_value(expression.operand)
        return None if inner is None else -inner if expression.operator == "-" else inner
    return _exact(expression.text) if isinstance(expression, e.Literal) else None


@cache
def _exact(text: str) -> Number | None:
    digits = text.replace("_", "")
    try:
        if digits.isdigit():
            return int(digits)
        number = float(digits) if digits[0] in "0123456789." else None
    except ValueError:
        return None
    if number is None or (number in (float("inf"), 0.0) and number):
        return None
    return Fraction(digits) if "x" not in digits.lower() else None


def times(left: Term, right: Term) -> Term:
    """Return the product, with factors that cancel taken out."""
    if left.is_zero or right.is_zero:
        return ZERO
    factors = list(left.factors)
    for factor in right.factors:
        place = _cancelled(factor, factors)
        if place is None:
            factors.append(factor)
            continue
        left_over = _left_over(factors.pop(place), factor)
        if left_over is not None:
            factors.insert(place if left_over.power > 0 else len(factors), left_over)
    masks = left.masks
    if right.masks:
        masks += tuple([m for m in right.masks if m not in left.masks])
    settled = tuple([m for m in masks if _stays_settled(m, left, right)]) if masks else ()
    pinned = left.pinned if right.coefficient == 1 and right.pinned is None else None
    shape = broadcast(whole_shape(left.shape), whole_shape(right.shape))
    if masks and any(is_scalar(mask.shape) for mask in masks):
        shape = flagged(shape)
    elif may_be_one_number(left) or may_be_one_number(right):
        shape = broadcast(left.shape, right.shape)
    return Term(
        left.coefficient * right.coefficient,
        tuple(factors),
        shape,
        masks,
        pinned,
        left.guarded or right.guarded,
        settled,
    )


def _cancelled(factor: Factor, factors: list[Factor]) -> int | None:
    """Return the place of what a factor takes out of a product, or out of which it takes a part."""
    for place, other in enumerate(factors):
        if other.power != factor.power and other == changed(factor, power=other.power):
            return place
    base, exponent = _power(factor.expression)
    if not isinstance(base, e.Primal):
        return None
    for place, other in enumerate(factors):
        is_alike = (other.shape, other.dtype) == (factor.shape, factor.dtype)
        if other.power != factor.power and is_alike:
            theirs, size = _power(other.expression)
            if theirs == base and exponent and size and (size - exponent) % 1 == 0:
                return place
    return None


def _left_over(one: Factor, other: Factor) -> Factor | None:
    """Return what is left of `x**3 / x**2`."""
    base, exponent = _power(one.expression)
    size = int(exponent - _power(other.expression)[1])
    if not size:
        return None
    power = one.power if size > 0 else -one.power
    size = abs(size)
    kept = base if size == 1 else e.Binary("**", base, e.Literal(str(size)))
    return changed(one, expression=kept, power=power)


def _power(expression: e.Expression) -> tuple[e.Expression, Number]:
    """Return the base of a power with a number for its exponent, and that number."""
    match expression:
        case e.Binary("**", base, e.Literal(text)):
            return base, _exact(text) or 0
    return expression, 1


def _stays_settled(mask: Mask, left: Term, right: Term) -> bool:
    """True if a product is 0 where one side is: the other is surely finite there."""
    if mask in left.settled:
        return mask in right.settled or is_finite(right)
    return mask in right.settled and is_finite(left)


def is_finite(term: Term) -> bool:
    """True if a term reads no forward value, or nothing of it but a comparison."""
    return all(
        factor.dtype == "bool"
        or not any(isinstance(n, e.Primal | e.Local) for n in factor.expression.leaves())
        for factor in term.factors
    )


def inverse(term: Term) -> Term:
    """Return 1 / term (of a term without masks); a count of 0 is divided by when it is run."""
    if term.is_zero:
        return Term(factors=(Factor(e.Literal("0"), -1, dtype="int"),))
    factors = tuple(changed(factor, power=-factor.power) for factor in term.factors)
    return Term(Fraction(1) / term.coefficient, factors, term.shape)


def negate(term: Term) -> Term:
    """Return -term."""
    pinned = None if term.pinned is None else _negated_text(term.pinned)
    return changed(term, coefficient=-term.coefficient, pinned=pinned)


def _negated_text(text: str) -> str:
    return text[1:] if text.startswith("-") else f"-{text}"


def with_mask(term: Term, mask: Mask) -> Term:
    """Return the term under one more mask."""
    if mask in term.masks:
        return term
    if mask.shape == SCALAR and not term.scalar:
        # Where the condition is false the whole term is one 0.0.
        return changed(term, masks=(*term.masks, mask), shape=flagged(term.shape))
    return changed(term, masks=(*term.masks, mask), shape=broadcast(term.shape, mask.shape))


def settle(term: Term) -> Term:
    """Return the term with the masks that it travels under, but a flag's, as settled."""
    return changed(term, settled=tuple(mask for mask in term.masks if mask.shape != SCALAR))


def written(term: Term) -> tuple[Mask, ...]:
    """Return the masks that are on paper."""
    return tuple([mask for mask in term.masks if mask not in term.settled]) if term.masks else ()


def computed_shape(factors: Sequence[Factor], masks: Sequence[Mask]) -> Shape:
    """Return the shape that a product under masks has when it is computed."""
    shape = broadcast(*(f.shape for f in factors), *(m.shape for m in masks))
    return flagged(shape) if any(mask.shape == SCALAR for mask in masks) else shape


def flagged(shape: Shape) -> Shape:
    """Return the shape of what is a bare 0.0 where a condition is false."""
    if shape == SCALAR:
        return SCALAR
    return Unknown((shape.parts if isinstance(shape, Unknown) else frozenset({shape})) | {FLAGGED})


def is_flagged(shape: Shape) -> bool:
    """True for the shape of what may be one number although it stands for an array."""
    return isinstance(shape, Unknown) and FLAGGED in shape.parts


def whole_shape(shape: Shape) -> Shape:
    """Return the shape that a term has where its flags hold."""
    if not isinstance(shape, Unknown) or not is_flagged(shape):
        return shape
    known = [part for part in shape.parts if isinstance(part, Known)]
    others = frozenset(p for p in shape.parts if not isinstance(p, Known) and p != FLAGGED)
    return broadcast(*known, *([Unknown(others)] if others else []))


def may_be_one_number(term: Term) -> bool:
    """True if the term is a bare 0.0 where a condition is false."""
    return is_flagged(term.shape)


def without_flags(term: Term) -> tuple[Term, tuple[Mask, ...]]:
    """Return the term as it is where its flags (conditions that are one number) hold, and those."""
    flags = tuple([mask for mask in term.masks if is_scalar(mask.shape)]) if term.masks else ()
    if not flags:
        return term, ()
    rest = tuple(mask for mask in term.masks if mask.shape != SCALAR)
    shape = whole_shape(term.shape)
    if any(is_flagged(factor.shape) for factor in term.factors):
        shape = flagged(shape)
    return changed(term, masks=rest, shape=shape), flags


def without_masks(term: Term, masks: Sequence[Mask]) -> Term:
    """Return the term as it is where these flags hold."""
    bare, flags = without_flags(term)
    return with_masks(bare, [flag for flag in flags if flag not in masks])


def with_masks(term: Term, masks: Sequence[Mask]) -> Term:
    """Return the term under some more masks."""
    for mask in masks:
        term = with_mask(term, mask)
    return term


def magnitude(number: Number) -> Number:
    """Return the absolute value, exact."""
    return -number if number < 0 else number


@lru_cache(maxsize=1024)
def coefficient_text(value: Number) -> tuple[str, str | None]:
    """Return a positive coefficient as (numerator, denominator or None) texts."""
    if value.denominator == 1 and value.numerator < 10**16:
        return str(value.numerator), None
    near = float(value)
    if Fraction(e.number(near).text) == value:
        return e.number(near).text, None
    if max(value.numerator, value.denominator) < 10**16:
        return str(value.numerator), str(value.denominator)
    return e.number(near).text, None


def product(term: Term) -> tuple[bool, e.Expression]:
    """Return (is negative, the absolute product) without its masks.

    Scalars come first where there are arrays, so that an array is multiplied once; bool and int
    arrays come last: `0.5 * mask` would be float64 whatever the rest is, and `-mask` raises.
    """
    negative = term.coefficient < 0
    size = magnitude(term.coefficient)
    over, under = coefficient_text(size)
    head: list[tuple[e.Expression, int]] = []
    if term.pinned is not None and any(f.power == -1 for f in term.factors):
        over, under = term.pinned.lstrip("-"), None
        head.append((e.Literal(over), 1))
    elif over != "1":
        head.append((e.Literal(over), 1))
    tail: list[tuple[e.Expression, int]] = []
    if under is not None:
        tail.append((e.Literal(under), -1))
    ordered = _ordered(term, bool(head) or negative)
    arrays = [f.expression for f in term.factors if not f.scalar]
    first = next((i for i, (part, _) in enumerate(ordered) if part in arrays), len(ordered))
    if not head and not first:
        first = len(ordered)  # `dx / 3`
    sequence = [*head, *ordered[:first], *tail, *ordered[first:]]
    return negative, _multiply_out(sequence)


def _ordered(term: Term, has_head: bool) -> list[tuple[e.Expression, int]]:
    scalars = [f for f in term.factors if f.scalar]
    if has_head:
        # numpy's bool has no minus sign
        scalars.sort(key=lambda factor: factor.dtype == "bool")
    arrays = [f for f in term.factors if not f.scalar]
    if not arrays:
        return [(f.expression, f.power) for f in scalars]
    leads = has_head or any(f.power == 1 for f in scalars)
    if leads or len(arrays) > 2:
        floats = [f for f in arrays if f.dtype == "float"]
        arrays = floats + [f for f in arrays if f.dtype != "float"]
    only_counts = all(f.power == -1 and _is_count(f.expression) for f in scalars)
    # A Python number divided by a count of 0 raises; an array does not.
    ordered = [*scalars, *arrays] if leads and not only_counts else [*arrays, *scalars]
    return [(f.expression, f.power) for f in ordered]


def _is_count(expression: e.Expression) -> bool:
    """True for a number of entries, also less a literal: `x.shape[0] - 1`."""
    nodes = [node for node in e.walk(expression) if not isinstance(node, e.Binary)]
    return all(isinstance(node, e.SizeOf | e.Literal) for node in nodes)


def _multiply_out(sequence: list[tuple[e.Expression, int]]) -> e.Expression:
    if not sequence:
        return e.Literal("1")
    if sequence[0][1] == -1:
        first = next((i for i, (_, power) in enumerate(sequence) if power == 1), None)
        if first is None:
            sequence = [(e.Literal("1"), 1), *sequence]
        else:
            sequence = [sequence[first], *sequence[:first], *sequence[first + 1 :]]
    result = sequence[0][0]
    for expression, power in sequence[1:]:
        result = e.Binary("*" if power == 1 else "/", result, expression)
    return result


def signed(term: Term) -> e.Expression:
    """Return the whole product with its sign, without its masks."""
    negative, expression = product(term)
    return negated(expression) if negative else expression


def negated(expression: e.Expression) -> e.Expression:
    """Return the expression with a minus sign in front of its first factor."""
    if isinstance(expression, e.Binary) and expression.operator in "*/":
        return e.Binary(expression.operator, negated(expression.left), expression.right)
    return e.Unary("-", expression)


def masked(term: Term, inner: e.Expression, zero: e.Expression | None = None) -> e.Expression:
    """Return `inner` with zeros where the term's masks do not hold: `zero` where a flag does not.

    Flags stand outside: they hold for the whole term, and what is not taken is not computed.
    """
    if not term.masks:
        return inner
    for mask in reversed(written(term)):
        if mask.shape != SCALAR:
            arms = (inner, e.Literal("0")) if mask.when else (e.Literal("0"), inner)
            inner = e.call("numpy.where", mask.condition, *arms)
    return chosen([m for m in term.masks if m.shape == SCALAR], inner, zero or e.Literal("0.0"))


def chosen(flags: Sequence[Mask], inner: e.Expression, zero: e.Expression) -> e.Expression:
    """Return `inner if flag else zero`; several flags are one condition."""
    if not flags:
        return inner
    if len(flags) == 1 and not flags[0].when:
        return e.Conditional(flags[0].condition, zero, inner)
    return e.Conditional(test(flags), inner, zero)


def test(flags: Sequence[Mask]) -> e.Expression:
    """Return the condition that all these flags hold."""
    tests = [m.condition if m.when else e.Unary("not", m.condition) for m in flags]
    return tests[0] if len(tests) == 1 else e.Boolean("and", tuple(tests))


def expression(term: Term) -> e.Expression:
    """Return the term as it will be printed."""
    if term.is_zero:
        return e.Literal("0.0")
    return masked(term, signed(term))


def rewritten(term: Term, leaf: Callable[[e.Expression], e.Expression | None]) -> Term:
    """Return the term with some leaves replaced, as by `expressions.rewrite`."""
    factors = tuple(changed(f, expression=e.rewrite(f.expression, leaf)) for f in term.factors)
    masks = tuple(changed(m, condition=e.rewrite(m.condition, leaf)) for m in term.masks)
    return changed(term, factors=factors, masks=masks)


def leaves(term: Term) -> Iterator[e.Expression]:
    """Yield the leaves of all expressions in a term."""
    for factor in term.factors:
        yield from factor.expression.leaves()
    for mask in term.masks:
        yield from mask.condition.leaves()


def parts(term: Term) -> Iterator[e.Expression]:
    """Yield all nodes of all expressions in a term."""
    for factor in term.factors:
        yield from e.walk(factor.expression)
    for mask in term.masks:
        yield from e.walk(mask.condition)
