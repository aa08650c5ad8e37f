"""Expressions as they stand on paper: trees whose leaves are values, named late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

from codegen.ir import Value


@dataclass(frozen=True)
class Expression:
    """Base of all nodes: frozen, compared by content."""

    def children(self) -> list[Expression]:
        """Return the direct sub-expressions, left to right."""
        found: list[Expression] = []
        for name in _field_names(type(self)):
            _add_expressions(getattr(self, name), found)
        return found


@dataclass(frozen=True)
class Primal(Expression):
    """What the forward pass computed for a value."""

    value: Value


@dataclass(frozen=True)
class Cotangent(Expression):
    """The accumulated gradient with respect to a value."""

    value: Value


@dataclass(frozen=True)
class ShapeOf(Expression):
    """The shape of a value; known without keeping the value's contents."""

    value: Value


@dataclass(frozen=True)
class SizeOf(Expression):
    """The number of entries of a value along some axes (None: all)."""

    value: Value
    axes: tuple[int, ...] | None = None


@dataclass(frozen=True)
class DtypeOf(Expression):
    """The float dtype that a gradient of the value has."""

    value: Value


@dataclass(frozen=True)
class Local(Expression):
    """A name that a gate's backward body gives to a helper value (`at_max`)."""

    stem: str
    owner: Value


@dataclass(frozen=True)
class Literal(Expression):
    """A constant as its source text."""

    text: str


@dataclass(frozen=True)
class Name(Expression):
    """A free name of the author's module: a constant, a helper, a built-in."""

    text: str


@dataclass(frozen=True)
class Library(Expression):
    """A library function or constant by its full name: `numpy.exp`, `math.pi`."""

    path: str


@dataclass(frozen=True)
class Helper(Expression):
    """One of the small functions the output may carry (`_unbroadcast`)."""

    name: str


@dataclass(frozen=True)
class Attribute(Expression):
    """`base.name`."""

    base: Expression
    name: str


@dataclass(frozen=True)
class Call(Expression):
    """`function(arguments, name=keyword)`."""

    function: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True)
class Subscript(Expression):
    """`base[index]`; a tuple index has no parentheses."""

    base: Expression
    index: Expression


@dataclass(frozen=True)
class Slice(Expression):
    """`lower:upper:step`, inside a subscript."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None


@dataclass(frozen=True)
class Unary(Expression):
    """`-x`, `not x`."""

    operator: str
    operand: Expression


@dataclass(frozen=True)
class Binary(Expression):
    """`x + y`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Comparison(Expression):
    """`left < a <= b`."""

    left: Expression
    operators: tuple[str, ...]
    rights: tuple[Expression, ...]


@dataclass(frozen=True)
class Boolean(Expression):
    """`a and b`."""

    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Conditional(Expression):
    """`then if test else otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True)
class Sequence(Expression):
    """A tuple, list or set display."""

    kind: str  # "tuple" "list" "set"
    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Comprehension(Expression):
    """`[body for a in x]`, `[body for a, b in zip(x, y)]`."""

    body: Expression
    names: tuple[Local, ...]
    sources: tuple[Expression, ...]


@dataclass(frozen=True)
class Mapping(Expression):
    """A dict display."""

    keys: tuple[Expression, ...]
    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Formatted(Expression):
    """One `{...}` of an f-string."""

    operand: Expression
    conversion: str  # "" or "!r" "!s" "!a"
    specification: tuple[Expression, ...]


@dataclass(frozen=True)
class FormattedString(Expression):
    """An f-string: literal parts (Literal holds the plain text) and Formatted parts."""

    parts: tuple[Expression, ...]


_NAMES: dict[type, tuple[str, ...]] = {}
_PLAIN = {"str", "str | None", "int", "bool", "Value", "tuple[int, ...] | None"}


def _field_names(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of a class of nodes that may hold expressions."""
    names = _NAMES.get(kind)
    if names is None:
        names = tuple(field.name for field in fields(kind) if field.type not in _PLAIN)
        _NAMES[kind] = names
    return names


def _add_expressions(item: object, found: list[Expression]) -> None:
    if isinstance(item, Expression):
        found.append(item)
    elif isinstance(item, tuple):
        for part in item:
            _add_expressions(part, found)


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield the expression and all below it, left to right."""
    stack = [expression]
    while stack:
        node = stack.pop()
        yield node
        if _field_names(type(node)):
            stack.extend(reversed(node.children()))


def rewrite(expression: Expression, leaf: Callable[[Expression], Expression | None]) -> Expression:
    """Return the expression with every node for which `leaf` has an answer replaced by it."""
    answer = leaf(expression)
    if answer is not None:
        return answer
    names = _field_names(type(expression))
    if not names:
        return expression
    changes: dict[str, object] = {}
    for name in names:
        old = getattr(expression, name)
        if isinstance(old, (Expression, tuple)):
            new = _rewrite_item(old, leaf)
            if new is not old:
                changes[name] = new
    return _with(expression, changes) if changes else expression


def _with(expression: Expression, changes: dict[str, object]) -> Expression:
    """Return a copy with some fields changed: `dataclasses.replace`, several times faster."""
    made: Expression = object.__new__(type(expression))
    made.__dict__.update(expression.__dict__)
    made.__dict__.update(changes)
    return made


def _rewrite_item(item: object, leaf: Callable[[Expression], Expression | None]) -> object:
    if isinstance(item, Expression):
        return rewrite(item, leaf)
    if isinstance(item, tuple):
        new = tuple(_rewrite_item(part, leaf) for part in item)
        return item if all(a is b for a, b in zip(new, item, strict=True)) else new
    return item


def primals(expression: Expression) -> Iterator[Value]:
    """Yield the forward values that the expression reads, with repeats."""
    for node in walk(expression):
        if isinstance(node, Primal):
            yield node.value


def call(path: str, *arguments: Expression, **keywords: Expression) -> Call:
    """Return a call of a library function given by its full name."""
    return Call(Library(path), arguments, tuple(keywords.items()))


def number(value: int | float) -> Literal:
    """Return a literal in its shortest text (`1e-5`, not `1e-05`)."""
    text = repr(value)
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return Literal(text)
