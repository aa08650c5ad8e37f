"""Gradients of lists: one display where one group has all of it, else item by item."""

from __future__ import annotations

from collections import Counter

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.zeros import item_of
from codegen.analyses.types import TypeFacts
from codegen.simplify import sums
from codegen.simplify import terms as t
from codegen.stage.program import Contribution, Staging, Step
from codegen.stage.resolve import Resolver
from codegen.stage.schedule import place_of

MODES = ("item", "each")


def item_counts(staging: Staging) -> Counter[ir.Value]:
    """Return how many terms each list gets in all, for an item, for each or for the whole list."""
    return Counter(
        step.target
        for step in staging.steps
        if isinstance(step, Contribution) and step.mode in (*MODES, "list")
    )


def joined(
    steps: list[Step], total: Counter[ir.Value], facts: TypeFacts, resolver: Resolver
) -> list[Step]:
    """Join a group's item terms of a list into one step with a list display, where that is all.

    `total` counts a list's terms in all groups: `dw = [x[0] * ddot, x[1] * ddot, ddot]`, with 0.0
    for items that get nothing.
    """
    here: dict[ir.Value, list[Contribution]] = {}
    for step in steps:
        if isinstance(step, Contribution) and step.mode in MODES:
            here.setdefault(step.target, []).append(step)
    result: list[Step] = []
    for step in steps:
        if not isinstance(step, Contribution) or step.mode not in MODES:
            result.append(step)
            continue
        parts, length = here[step.target], facts[step.target].dimension
        display = None
        has_items = any(part.mode == "item" for part in parts)
        if has_items and len(parts) == total[step.target] and isinstance(length, int):
            display = _display(parts, length, resolver)
        if display is None:
            result.append(step)
        elif step is place_of(parts, steps):
            whole = t.of(display, facts[step.target].shape)
            result.append(Contribution(step.target, whole, step.line, step.path))
    return result


def _display(parts: list[Contribution], length: int, resolver: Resolver) -> e.Expression | None:
    found: dict[int, list[t.Term]] = {}
    for part in parts:
        if part.mode == "each":
            for place in range(length):
                found.setdefault(place, []).append(_for_item(part, place))
            continue
        number = _literal_place(part.index, resolver)
        if number is None or not -length <= number < length:
            return None
        found.setdefault(number % length, []).append(part.term)
    items = []
    for place in range(length):
        terms = found.get(place)
        items.append(e.Literal("0.0") if terms is None else t.expression(sums.add(terms)))
    return e.Sequence("list", tuple(items))


def _for_item(part: Contribution, place: int) -> t.Term:
    """Return what is said of each item, of one."""
    each = item_of(part.target)
    read = e.Subscript(e.Primal(part.target), e.number(place))
    return t.rewritten(part.term, lambda node: read if node == each else None)


def _literal_place(index: e.Expression | None, resolver: Resolver) -> int | None:
    number = None if index is None else t.literal_value(resolver.lowered(index))
    return int(number) if number is not None and number.denominator == 1 else None
