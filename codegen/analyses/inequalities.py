"""Linear inequalities over whole numbers, and whether they can all hold at once.

Fourier-Motzkin elimination, with bounds rounded to whole numbers (A. Schrijver, Theory of Linear
and Integer Programming, 1986, section 12.2). "No" is certain; "yes" may be said where it is not so.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import gcd

MOST = 400  # inequalities at a time; with more the answer is "yes"


@dataclass(frozen=True)
class Linear:
    """A sum of whole multiples of unknowns, and a whole number."""

    terms: tuple[tuple[Hashable, int], ...] = ()
    constant: int = 0

    def __add__(self, other: Linear) -> Linear:
        found = dict(self.terms)
        for name, factor in other.terms:
            found[name] = found.get(name, 0) + factor
        return _linear(found, self.constant + other.constant)

    def __mul__(self, factor: int) -> Linear:
        return _linear({n: f * factor for n, f in self.terms}, self.constant * factor)

    def __sub__(self, other: Linear) -> Linear:
        return self + other * -1


def number(value: int) -> Linear:
    """Return a number."""
    return Linear((), value)


def unknown(name: Hashable) -> Linear:
    """Return one unknown."""
    return Linear(((name, 1),))


def compared(a: Linear, operator: str, b: Linear) -> list[Linear]:
    """Return a comparison of whole numbers as what must be at least 0; nothing for `!=`.

    >>> compared(unknown("i"), ">", number(0)) == [unknown("i") - number(1)]
    True
    """
    match operator:
        case ">":
            return [a - b - number(1)]
        case "<":
            return [b - a - number(1)]
        case ">=":
            return [a - b]
        case "<=":
            return [b - a]
        case "==":
            return [a - b, b - a]
    return []


def greater(a: Linear, b: Linear, known: list[Linear]) -> str:
    """Return which of two whole numbers that differ is the greater, where `known` says it.

    >>> greater(unknown("i"), number(0), [unknown("i")])
    '>'
    """
    for operator, other in ((">", "<"), ("<", ">")):
        if not may_hold([*known, *compared(a, other, b)]):
            return operator
    return "!="


def _linear(terms: Mapping[Hashable, int], constant: int) -> Linear:
    kept = [(name, factor) for name, factor in terms.items() if factor]
    return Linear(tuple(sorted(kept, key=lambda pair: repr(pair[0]))), constant)


def may_hold(inequalities: Iterable[Linear]) -> bool:
    """False if it is certain that no whole numbers make all of these at least 0.

    >>> i, n = unknown("i"), unknown("n")
    >>> may_hold([i, n - i - number(1), i - n])  # 0 <= i < n <= i
    False
    >>> may_hold([i, n - i - number(1)])
    True
    """
    rows = {_tightened(row) for row in inequalities}
    while True:
        if any(not row.terms and row.constant < 0 for row in rows):
            return False
        rows = {row for row in rows if row.terms}
        if not rows or len(rows) > MOST:
            return True
        rows = _without(_cheapest(rows), rows)


def _tightened(row: Linear) -> Linear:
    shared = gcd(*(factor for _, factor in row.terms)) if row.terms else 1
    if shared <= 1:
        return row
    return Linear(tuple((n, f // shared) for n, f in row.terms), row.constant // shared)


def _cheapest(rows: set[Linear]) -> Hashable:
    """Return the unknown whose elimination makes the fewest inequalities."""
    signs: dict[Hashable, list[int]] = {}
    for row in rows:
        for name, factor in row.terms:
            signs.setdefault(name, [0, 0])[factor > 0] += 1
    return min(signs, key=lambda name: (signs[name][0] * signs[name][1], repr(name)))


def _without(name: Hashable, rows: set[Linear]) -> set[Linear]:
    lower: list[tuple[Linear, int]] = []
    upper: list[tuple[Linear, int]] = []
    found: set[Linear] = set()
    for row in rows:
        factor = dict(row.terms).get(name, 0)
        if factor > 0:
            lower.append((row, factor))
        elif factor < 0:
            upper.append((row, -factor))
        else:
            found.add(row)
    for low, a in lower:
        for high, b in upper:
            found.add(_tightened(low * b + high * a))
    return found
