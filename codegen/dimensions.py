"""Arithmetic on dimensions: `N * T`, `4 * H`, `H - HH + 1`, in one spelling for equal ones.

A dimension that is computed is a sum of products of symbols, spelled as text: "N*T". What cannot
be divided is a symbol of its own: "(C//G)".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Sum = Mapping[tuple[str, ...], int]  # the products of symbols, each with its factor
Computed = int | str | frozenset[str]

MOST_TERMS = 6
_PARTS = re.compile(r"[A-Za-z_][\w.]*|\d+|[-+*]|\((?:[^()]|\([^()]*\))*\)")
_SIZE = re.compile(r"[A-Za-z_]\w*(?:\.\d+)?")  # a declared name, or an axis of an array


def arithmetic(operator: str, left: Computed, right: Computed) -> Computed | None:
    """Return the sum, difference, product or whole quotient of two dimensions, if it is told.

    >>> arithmetic("*", "T", "N"), arithmetic("-", "4*H", "H"), arithmetic("//", "4*H", 4)
    ('N*T', '3*H', 'H')
    """
    one, other = _sum(left), _sum(right)
    if one is None or other is None:
        return None
    if operator == "//":
        return _quotient(one, other)
    result: dict[tuple[str, ...], int] = {}
    if operator == "*":
        for a, x in one.items():
            for b, y in other.items():
                product = tuple(sorted((*a, *b)))
                result[product] = result.get(product, 0) + x * y
    else:
        sign = {"+": 1, "-": -1}[operator]
        result = dict(one)
        for b, y in other.items():
            result[b] = result.get(b, 0) + sign * y
    return _text(result)


def normal(text: str) -> Computed | None:
    """Return a dimension as somebody wrote it in the one spelling: `4H`, `D*4`.

    >>> normal("4H"), normal("T * N"), normal("H'")
    ('4*H', 'N*T', None)
    """
    text = re.sub(r"(?<![\w.])(\d+)\s*([A-Za-z_])", r"\1*\2", text.strip()).replace(" ", "")
    found = _sum(text)
    return None if found is None or "(" in text else _text(found)


def renamed(dimension: Computed, prefix: str) -> Computed:
    """Return a dimension with a prefix before all its symbols: of another function's names.

    >>> renamed("4*H", "step.1.")
    '4*step.1.H'
    """
    if not isinstance(dimension, str):
        return dimension
    return re.sub(r"[A-Za-z_][\w.]*", lambda found: prefix + found[0], dimension)


def sliced(size: Computed, lower: Computed | None, upper: Computed | None) -> Computed | None:
    """Return the length of `x[lower:upper]`; None where only the run can tell.

    >>> sliced("N", 1, None), sliced("4*H", "H", "2*H"), sliced("N", None, "M")
    ('N-1', 'H', None)
    """
    start = 0 if lower is None else lower
    end = size if upper is None else upper
    if isinstance(end, int) and end < 0:
        shorter = arithmetic("+", size, end)
        return None if shorter is None else arithmetic("-", shorter, start)
    if lower is None and upper is None:
        return size
    if isinstance(start, int) and start >= 0 and upper is None and not isinstance(size, int):
        return arithmetic("-", size, start)
    length = arithmetic("-", end, start)
    rest = arithmetic("-", size, end)
    if length is None or rest is None or not all(map(is_size, (start, length, rest))):
        return None
    return length


def is_size(dimension: Computed) -> bool:
    """True if a dimension surely is not negative."""
    found = _sum(dimension)
    return found is not None and all(
        factor >= 0 and all(_SIZE.fullmatch(symbol) for symbol in product)
        for product, factor in found.items()
    )


def _sum(dimension: Computed) -> Sum | None:
    """Return a dimension as a sum; None for what is not spelled as one."""
    if isinstance(dimension, int):
        return {(): dimension} if dimension else {}
    if isinstance(dimension, frozenset):
        return None
    parts = _PARTS.findall(dimension)
    if "".join(parts) != dimension:
        return None
    result: dict[tuple[str, ...], int] = {}
    sign, factor, product = 1, 1, list[str]()
    expects = True  # a factor comes next
    for part in [*parts, "+"]:
        if part in ("+", "-") and not (expects and part == "-" and not product):
            if expects:
                return None
            key = tuple(sorted(product))
            result[key] = result.get(key, 0) + sign * factor
            sign, factor, product, expects = 1 if part == "+" else -1, 1, [], True
        elif part == "-":
            sign = -sign
        elif part == "*":
            if expects:
                return None
            expects = True
        else:
            if not expects:
                return None
            if part.isdigit():
                factor *= int(part)
            else:
                product.append(part)
            expects = False
    return {key: count for key, count in result.items() if count}


def _text(terms: Sum) -> Computed | None:
    """Return the one spelling of a sum."""
    kept = {product: factor for product, factor in terms.items() if factor}
    if not kept.keys() - {()}:
        return kept.get((), 0)
    if len(kept) > MOST_TERMS:
        return None
    order = sorted(kept, key=lambda p: (not p, kept[p] < 0, p))
    words = ""
    for product in order:
        factor = kept[product]
        names = [str(abs(factor))] if abs(factor) != 1 or not product else []
        words += ("-" if factor < 0 else "+" if words else "") + "*".join([*names, *product])
    return words


def _quotient(one: Sum, other: Sum) -> Computed | None:
    """Return `one // other`: exact where every term can be divided, else a symbol of its own."""
    if not other:
        return None
    if len(other) == 1:
        ((divisor, count),) = other.items()
        result: dict[tuple[str, ...], int] = {}
        for product, factor in one.items():
            left = list(product)
            for symbol in divisor:
                if symbol not in left:
                    break
                left.remove(symbol)
            else:
                if factor % count == 0:
                    result[tuple(left)] = factor // count
                    continue
            break
        else:
            return _text(result)
        if not any(product for product in (*one, *other)):
            return one.get((), 0) // count
    left_text, right_text = _text(one), _text(other)
    if left_text is None or right_text is None:
        return None
    text = f"({left_text}//{right_text})"
    return text if _PARTS.fullmatch(text) else None
