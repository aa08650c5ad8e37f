"""The author's expressions, evaluated: trees over values whose numbers are known."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from codegen import expressions as e
from codegen import ir
from codegen.interpret import library as lib

Read = Callable[[ir.Value], Any]


class Unknown(LookupError):
    """A name that neither the constants nor Python's built-ins define."""


def evaluate(expression: e.Expression, read: Read, constants: Mapping[str, Any]) -> Any:
    """Return the value of a forward expression.

    `read` gives the number of each value that is a leaf, `constants` what the module's own names
    stand for. Raises Unknown for any other name, and what numpy or Python raise.
    """

    def go(node: e.Expression) -> Any:
        return evaluate(node, read, constants)

    match expression:
        case e.Call(function, arguments, keywords):
            called = _called(function, read, constants)
            return called(*_given(arguments, go), **{word: go(part) for word, part in keywords})
        case e.Subscript(base, index):
            return go(base)[go(index)]
        case e.Slice(lower, upper, step):
            return slice(*(None if part is None else go(part) for part in (lower, upper, step)))
        case e.Unary(operator, operand):
            return lib.UNARY[operator](go(operand))
        case e.Binary():
            return _binary(expression, go)
        case e.Comparison(left, operators, rights):
            return _comparison(go(left), operators, rights, go)
        case e.Boolean(operator, operands):
            return _boolean(operator, operands, go)
        case e.Conditional(test, then, otherwise):
            return go(then) if lib.truth(go(test)) else go(otherwise)
        case e.Sequence(kind, items):
            made = [go(item) for item in items]
            return made if kind == "list" else tuple(made) if kind == "tuple" else set(made)
        case e.Mapping(keys, items):
            return {go(key): go(item) for key, item in zip(keys, items, strict=True)}
        case e.FormattedString(parts):
            return "".join(_formatted(part, go) for part in parts)
    return _leaf(expression, read, constants)


def _given(arguments: tuple[e.Expression, ...], go: Callable[[e.Expression], Any]) -> list[Any]:
    """Return the values of a call's arguments, `*x.shape` one by one."""
    values: list[Any] = []
    for argument in arguments:
        if isinstance(argument, e.Unary) and argument.operator == "*":
            values.extend(go(argument.operand))
        else:
            values.append(go(argument))
    return values


def _leaf(node: e.Expression, read: Read, constants: Mapping[str, Any]) -> Any:
    match node:
        case e.Primal(value):
            return read(value)
        case e.Literal(text):
            return literal(text)
        case e.Name(text):
            return name(text, constants)
        case e.Library(path):
            return lib.library(path)
        case e.Attribute(base, attribute):
            return getattr(evaluate(base, read, constants), attribute)
    raise AssertionError(f"{type(node).__name__} is no part of a forward expression")


@lru_cache(maxsize=1024)
def literal(text: str) -> Any:
    """Return the value of a literal; all literals are immutable, so they are read once."""
    return ast.literal_eval(text)


def name(text: str, constants: Mapping[str, Any]) -> Any:
    """Return what a name of the author's module stands for."""
    if text in constants:
        return constants[text]
    if not hasattr(builtins, text):
        raise Unknown(f"`{text}` is neither a constant that was given nor a built-in")
    return getattr(builtins, text)


def _called(node: e.Expression, read: Read, constants: Mapping[str, Any]) -> Any:
    """Return what a call calls: its functions are continued to complex arguments."""
    match node:
        case e.Library(path):
            return lib.function(path)
        case e.Helper(name_of_ours):
            return lib.helper(name_of_ours)
        case e.Name(text) if text not in constants and hasattr(builtins, text):
            return lib.builtin(text)
        case e.Attribute(base, attribute):
            return lib.method(evaluate(base, read, constants), attribute)
    return evaluate(node, read, constants)


def _binary(node: e.Binary, go: Callable[[e.Expression], Any]) -> Any:
    # Left-deep chains (a + b + c + ...) may be thousands long: walk them without recursion.
    chain = [node]
    while isinstance(chain[-1].left, e.Binary):
        chain.append(chain[-1].left)
    result = go(chain[-1].left)
    for part in reversed(chain):
        result = lib.operation(part.operator)(result, go(part.right))
    return result


def _comparison(
    left: Any,
    operators: tuple[str, ...],
    rights: tuple[e.Expression, ...],
    go: Callable[[e.Expression], Any],
) -> Any:
    result: Any = True
    for place, (operator, node) in enumerate(zip(operators, rights, strict=True)):
        right = go(node)
        result = lib.operation(operator)(left, right)
        if place < len(operators) - 1 and not lib.truth(result):
            return result
        left = right
    return result


def _boolean(
    operator: str, operands: tuple[e.Expression, ...], go: Callable[[e.Expression], Any]
) -> Any:
    result: Any = None
    for node in operands:
        result = go(node)
        if node is not operands[-1] and lib.truth(result) == (operator == "or"):
            return result
    return result


def _formatted(part: e.Expression, go: Callable[[e.Expression], Any]) -> str:
    if isinstance(part, e.Literal):
        return part.text
    assert isinstance(part, e.Formatted)
    value = go(part.operand)
    convert: dict[str, Callable[[Any], Any]] = {"!r": repr, "!s": str, "!a": ascii}
    if part.conversion:
        value = convert[part.conversion](value)
    return format(value, "".join(_formatted(one, go) for one in part.specification))
