"""Syntax tree to paper expression, with no IR in between: for text that is only carried over."""

from __future__ import annotations

import ast
from collections.abc import Callable

from codegen import expressions as e
from codegen.gates.pattern import OPERATORS

_WORDS: dict[type, str] = {
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
Leaf = Callable[[ast.expr], e.Expression | None]


class NotPlain(Exception):
    """The expression holds something that cannot be carried over."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__(type(node).__name__)
        self.node = node


def operator_text(operator: ast.operator | ast.unaryop | ast.cmpop) -> str:
    """Return an operator as it is written."""
    kind = type(operator)
    return _WORDS.get(kind) or OPERATORS[kind].removesuffix("x").strip()


def constant_text(node: ast.Constant, segment: Callable[[ast.AST], str]) -> str:
    """Return a constant's text: numbers as the author wrote them, strings as Python shows them."""
    if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        written = segment(node) if node.kind is None else ""  # else it is not the author's
        return written if written and written[0] in "0123456789." else repr(node.value)
    return "..." if node.value is Ellipsis else repr(node.value)


def plain(node: ast.expr, leaf: Leaf, segment: Callable[[ast.AST], str]) -> e.Expression:
    """Return the expression, asking `leaf` first at every node; raise NotPlain where it cannot."""

    def go(part: ast.expr) -> e.Expression:
        known = leaf(part)
        return known if known is not None else inside(part)

    def maybe(part: ast.expr | None) -> e.Expression | None:
        return None if part is None else go(part)

    def inside(part: ast.expr) -> e.Expression:
        match part:
            case ast.Constant():
                return e.Literal(constant_text(part, segment))
            case ast.Name(name):
                return e.Name(name)
            case ast.Attribute(base, name):
                return e.Attribute(go(base), name)
            case ast.Call(function, arguments, keywords):
                if any(k.arg is None for k in keywords):
                    raise NotPlain(part)
                named = tuple((k.arg or "", go(k.value)) for k in keywords)
                return e.Call(go(function), tuple(go(a) for a in arguments), named)
            case ast.Subscript(base, index):
                return e.Subscript(go(base), go(index))
            case ast.Starred(value):
                return e.Unary("*", go(value))
            case ast.Slice(lower, upper, step):
                return e.Slice(maybe(lower), maybe(upper), maybe(step))
            case ast.UnaryOp(operator, operand):
                return e.Unary(operator_text(operator), go(operand))
            case ast.BinOp(left, operator, right):
                return e.Binary(operator_text(operator), go(left), go(right))
            case ast.BoolOp(operator, values):
                word = "and" if isinstance(operator, ast.And) else "or"
                return e.Boolean(word, tuple(go(v) for v in values))
            case ast.Compare(left, operators, rights):
                words = tuple(operator_text(o) for o in operators)
                return e.Comparison(go(left), words, tuple(go(r) for r in rights))
            case ast.IfExp(test, then, otherwise):
                return e.Conditional(go(test), go(then), go(otherwise))
            case ast.Tuple(items):
                return e.Sequence("tuple", tuple(go(i) for i in items))
            case ast.List(items):
                return e.Sequence("list", tuple(go(i) for i in items))
            case ast.Dict(keys, items) if all(k is not None for k in keys):
                return e.Mapping(tuple(go(k) for k in keys if k), tuple(go(i) for i in items))
            case ast.JoinedStr(parts):
                return e.FormattedString(tuple(formatted(p) for p in parts))
        raise NotPlain(part)

    def formatted(part: ast.expr) -> e.Expression:
        match part:
            case ast.Constant(str() as text):
                return e.Literal(text)
            case ast.FormattedValue(operand, conversion, specification):
                word = "" if conversion == -1 else f"!{chr(conversion)}"
                parts: tuple[e.Expression, ...] = ()
                if isinstance(specification, ast.JoinedStr):
                    parts = tuple(formatted(p) for p in specification.values)
                return e.Formatted(go(operand), word, parts)
        raise NotPlain(part)

    return go(node)
