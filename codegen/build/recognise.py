"""Composite expressions that are one gate as a whole: the sigmoid in its spellings."""

from __future__ import annotations

import ast
from collections.abc import Callable

Path = Callable[[ast.expr], str | None]


def sigmoid(node: ast.expr, path: Path) -> list[ast.expr] | None:
    """Return the places of t in a sigmoid of t; None if the expression is something else.

    `path` gives the full library name of a function expression.
    """
    match node:
        case ast.BinOp(left=numerator, op=ast.Div(), right=ast.BinOp(op=ast.Add()) as below):
            other = _one_plus(below)
            if other is None:
                return None
            inner = _exponential(other, path)
            if inner is None:
                return None
            if _is_one(numerator):  # 1 / (1 + exp(-t))
                return _negated(inner)
            top = _exponential(numerator, path)  # exp(t) / (1 + exp(t))
            if top is not None and _same(top, inner):
                return [top, inner]
        case ast.BinOp(left=ast.BinOp(op=ast.Add()) as base, op=ast.Pow(), right=power):
            other = _one_plus(base)  # (1 + exp(-t)) ** -1
            if other is None or not _is_minus_one(power):
                return None
            inner = _exponential(other, path)
            return None if inner is None else _negated(inner)
    return None


def _one_plus(node: ast.BinOp) -> ast.expr | None:
    if _is_one(node.left):
        return node.right
    return node.left if _is_one(node.right) else None


def _exponential(node: ast.expr, path: Path) -> ast.expr | None:
    match node:
        case ast.Call(func=function, args=[inner], keywords=[]):
            if path(function) in ("numpy.exp", "math.exp"):
                return inner
    return None


def _negated(node: ast.expr) -> list[ast.expr] | None:
    """Return t of `-t`, as the one place of it."""
    match node:
        case ast.UnaryOp(ast.USub(), operand):
            return [operand]
    return None


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value == 1


def _is_minus_one(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and _is_one(node.operand)
    )


def _same(left: ast.expr, right: ast.expr) -> bool:
    return ast.dump(left) == ast.dump(right)
