"""Sums of terms: equal ones joined, the common factor taken out."""

from __future__ import annotations

from fractions import Fraction

from codegen import expressions as e
from codegen.frozen import changed
from codegen.shapes import SCALAR, broadcast
from codegen.simplify import terms as t


def add(summands: list[t.Term]) -> t.Term:
    """Return the sum as one term: `0.5 * (1 - a / x**2) * dx`, not two products.

    Terms under opposite masks become one choice: `np.where(c, a, b)`.
    """
    parts = [part for part in summands if not part.is_zero]
    if not parts:
        return t.ZERO
    if len(parts) == 1:
        return parts[0]
    parts = _choices(_joined(parts))
    if len(parts) == 1:
        return parts[0]
    masks = tuple(m for m in parts[0].masks if all(m in p.masks for p in parts))
    if masks:
        parts = [changed(p, masks=tuple(m for m in p.masks if m not in masks)) for p in parts]
    result = changed(_factored(parts), guarded=all(p.guarded or p.masks for p in parts))
    for mask in masks:
        result = t.with_mask(result, mask)
    settled = tuple(m for m in masks if all(m in p.settled for p in parts))
    return changed(result, settled=settled)


def _joined(parts: list[t.Term]) -> list[t.Term]:
    """Add the coefficients of terms that are otherwise the same."""
    found: dict[object, t.Term] = {}
    for part in parts:
        key = (frozenset(part.factors), len(part.factors), part.masks)
        known = found.get(key)
        if known is None:
            found[key] = part
        else:
            total = known.coefficient + part.coefficient
            found[key] = changed(known, coefficient=total, pinned=None)
    return [part for part in found.values() if not part.is_zero] or [t.ZERO]


def _choices(parts: list[t.Term]) -> list[t.Term]:
    """Join pairs whose only difference in masks is that the last one is opposite."""
    result: list[t.Term] = []
    for part in parts:
        partner = next((r for r in result if _opposite(r, part)), None)
        if partner is None:
            result.append(part)
            continue
        result[result.index(partner)] = _choice(partner, part)
    return result


def _opposite(left: t.Term, right: t.Term) -> bool:
    if not left.masks or not right.masks:
        return False
    return left.masks[:-1] == right.masks[:-1] and left.masks[-1] == right.masks[-1].opposite()


def _choice(left: t.Term, right: t.Term) -> t.Term:
    mask = left.masks[-1]
    then, otherwise = (left, right) if mask.when else (right, left)
    arms = [t.signed(changed(arm, masks=())) for arm in (then, otherwise)]
    shapes = [t.without_flags(arm)[0].shape for arm in (left, right)]
    shape = broadcast(*shapes)
    if mask.shape != SCALAR:
        chosen: e.Expression = e.call("numpy.where", mask.condition, *arms)
    else:
        chosen = e.Conditional(mask.condition, arms[0], arms[1])
        if shapes[0] != shapes[1]:
            shape = t.flagged(shape)  # either one
    return t.with_masks(t.of(chosen, shape), left.masks[:-1])


def _factored(parts: list[t.Term]) -> t.Term:
    """Return the sum of unmasked (or differently masked) terms with common factors outside."""
    common: list[t.Factor] = []
    if all(not part.masks for part in parts):
        for factor in parts[0].factors:
            taken = common.count(factor)
            if all(part.factors.count(factor) > taken for part in parts[1:]):
                common.append(factor)
    sizes = {t.magnitude(part.coefficient) for part in parts}
    size = sizes.pop() if len(sizes) == 1 and all(not p.masks for p in parts) else 1
    rest = [_without(part, common, size) for part in parts]
    inside = t.of(_sum_expression(rest), broadcast(*(r.shape for r in rest)))
    result = changed(inside, coefficient=size)
    for factor in common:
        result = t.times(result, t.Term(factors=(factor,), shape=factor.shape))
    return result


def _without(part: t.Term, common: list[t.Factor], size: t.Number) -> t.Term:
    factors = list(part.factors)
    for factor in common:
        factors.remove(factor)
    shape = t.computed_shape(factors, part.masks)
    coefficient = part.coefficient if size == 1 else Fraction(part.coefficient) / size
    return t.Term(coefficient, tuple(factors), shape, part.masks, settled=part.settled)


def _sum_expression(parts: list[t.Term]) -> e.Expression:
    first = next((i for i, part in enumerate(parts) if part.coefficient > 0), 0)
    ordered = [parts[first], *parts[:first], *parts[first + 1 :]]
    result = _summand(ordered[0]) if ordered[0].coefficient > 0 else t.expression(ordered[0])
    for part in ordered[1:]:
        operator = "+" if part.coefficient > 0 else "-"
        result = e.Binary(operator, result, _summand(part))
    return result


def _summand(part: t.Term) -> e.Expression:
    """Return the absolute value of a term's product, an integer where it is a bare number."""
    if not part.factors:
        over, under = t.coefficient_text(t.magnitude(part.coefficient))
        bare: e.Expression = e.Literal(over)
        return bare if under is None else e.Binary("/", bare, e.Literal(under))
    return t.masked(part, t.product(part)[1])
