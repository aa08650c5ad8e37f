"""Ranges turned round and cut off, as ranges: `reversed(range(0, n, 2))`, `range(n)[:len(xs)]`."""

from __future__ import annotations

import ast


def plain(node: ast.expr) -> ast.expr:
    """Return a range that counts the same numbers; the expression itself where that is not known.

    >>> ast.unparse(plain(ast.parse("reversed(range(n))", mode="eval").body))
    'range(n - 1, -1, -1)'
    >>> ast.unparse(plain(ast.parse("reversed(range(1, n, 2)[:len(k)])", mode="eval").body))
    'range(1 + (min(n, 1 + len(k) * 2) - 1 - 1) // 2 * 2, 0, -2)'
    """
    found = _parts(node)
    if found is None or (isinstance(node, ast.Call) and _is_range(node)):
        return node
    start, stop, step = found
    made = ast.Call(ast.Name("range", ast.Load()), [start, stop, _number(step)], [])
    for part in ast.walk(made):
        if isinstance(part, ast.expr) and not hasattr(part, "lineno"):
            ast.copy_location(part, node)
    return made


def _parts(node: ast.expr) -> tuple[ast.expr, ast.expr, int] | None:
    """Return the start, stop and step of a range; None if it is none, or its step is not known."""
    match node:
        case ast.Call(ast.Name("range"), [stop], []):
            return _number(0), stop, 1
        case ast.Call(ast.Name("range"), [start, stop], []):
            return start, stop, 1
        case ast.Call(ast.Name("range"), [start, stop, by], []):
            step = _literal(by)
            return (start, stop, step) if step else None
        case ast.Subscript(inner, ast.Slice(None, count, None)) if _is_natural(count):
            assert count is not None
            found = _parts(inner)
            if found is None:
                return None
            start, stop, step = found
            end = _sum(start, count if step == 1 else ast.BinOp(count, ast.Mult(), _number(step)))
            least = ast.Name("min" if step > 0 else "max", ast.Load())
            return start, ast.Call(least, [stop, end], []), step
        case ast.Call(ast.Name("reversed"), [inner], []):
            found = _parts(inner)
            return None if found is None else _turned(*found)
    return None


def _turned(start: ast.expr, stop: ast.expr, step: int) -> tuple[ast.expr, ast.expr, int]:
    """Return a range's numbers from the last to the first."""
    sign, size = (1, step) if step > 0 else (-1, -step)
    if size == 1:
        return _plus(stop, -sign), _plus(start, -sign), -sign
    left, right = (stop, start) if sign > 0 else (start, stop)
    steps = ast.BinOp(
        _plus(_difference(left, right), -1), ast.FloorDiv(), _number(size)
    )
    way = ast.BinOp(steps, ast.Mult(), _number(size))
    last = _sum(start, way) if sign > 0 else ast.BinOp(start, ast.Sub(), way)
    return last, _plus(start, -sign), -step


def _plus(node: ast.expr, number: int) -> ast.expr:
    known = _literal(node)
    if number == 0:
        return node
    if known is not None:
        return _number(known + number)
    operator = ast.Add() if number > 0 else ast.Sub()
    return ast.BinOp(node, operator, _number(abs(number)))


def _sum(left: ast.expr, right: ast.expr) -> ast.expr:
    return right if _literal(left) == 0 else ast.BinOp(left, ast.Add(), right)


def _difference(left: ast.expr, right: ast.expr) -> ast.expr:
    number = _literal(right)
    return ast.BinOp(left, ast.Sub(), right) if number is None else _plus(left, -number)


def _number(number: int) -> ast.expr:
    if number < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-number))
    return ast.Constant(number)


def _literal(node: ast.expr) -> int | None:
    try:
        found = ast.literal_eval(node)
    except ValueError:
        return None
    return found if type(found) is int else None


def _is_natural(node: ast.expr | None) -> bool:
    """True for a count that is not negative: `[:-1]` leaves out the last."""
    match node:
        case ast.Call(ast.Name("len"), [_], []):
            return True
        case ast.Constant(int(number)):
            return number >= 0
    return False


def _is_range(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "range"
