"""Expressions as they stand on paper: trees whose leaves are values, named late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import ClassVar, dataclass_transform

from codegen.frozen import Made, changed, frozen
from codegen.ir import Value

# what a field that holds no expression is declared as
PLAIN = {"str", "str | None", "int", "bool", "Value", "tuple[int, ...] | None", "tuple[str, ...]"}


@dataclass_transform(frozen_default=True)
def node(kind: type[Made]) -> type[Made]:
    """Make a class of nodes: a frozen value that knows which fields hold its sub-expressions."""
    made = frozen(kind)
    declared = fields(made)  # type: ignore[arg-type]
    below = tuple(field.name for field in declared if field.type not in PLAIN)
    setattr(made, "below", below)  # noqa: B010 - not known to be a class of nodes here
    return made


@node
class Expression:
    """Base of all nodes: not to be changed, compared by content."""

    below: ClassVar[tuple[str, ...]] = ()  # the names of the fields that hold expressions
    found_leaves: ClassVar[tuple[Expression, ...] | None] = None  # kept by each that is asked

    def children(self) -> list[Expression]:
        """Return the direct sub-expressions, left to right."""
        found: list[Expression] = []
        for name in self.below:
            _add_expressions(getattr(self, name), found)
        return found

    def leaves(self) -> tuple[Expression, ...]:
        """Return all nodes below that have none below, left to right: asked for many times."""
        if not self.below:
            return (self,)
        found = self.found_leaves
        if found is None:
            found = tuple([node for node in walk(self) if not node.below])
            self.__dict__["found_leaves"] = found
        return found


@node
class Primal(Expression):
    """What the forward pass computed for a value."""

    value: Value


@node
class Cotangent(Expression):
    """The accumulated gradient with respect to a value."""

    value: Value


@node
class ShapeOf(Expression):
    """The shape of a value; known without keeping the value's contents."""

    value: Value


@node
class SizeOf(Expression):
    """The number of entries of a value along some axes (None: all)."""

    value: Value
    axes: tuple[int, ...] | None = None


@node
class DtypeOf(Expression):
    """The float dtype that a gradient of the value has."""

    value: Value


@node
class Local(Expression):
    """A name that a gate's backward body gives to a helper value (`at_max`)."""

    stem: str
    owner: Value


@node
class Literal(Expression):
    """A constant as its source text."""

    text: str


@node
class Name(Expression):
    """A free name of the author's module: a constant, a helper, a built-in."""

    text: str


@node
class Library(Expression):
    """A library function or constant by its full name: `numpy.exp`, `math.pi`."""

    path: str


@node
class Helper(Expression):
    """One of the small functions the output may carry (`_unbroadcast`)."""

    name: str


@node
class Attribute(Expression):
    """`base.name`."""

    base: Expression
    name: str


@node
class Call(Expression):
    """`function(arguments, name=keyword)`."""

    function: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...] = ()


@node
class Subscript(Expression):
    """`base[index]`; a tuple index has no parentheses."""

    base: Expression
    index: Expression


@node
class Slice(Expression):
    """`lower:upper:step`, inside a subscript."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None


@node
class Unary(Expression):
    """`-x`, `not x`."""

    operator: str
    operand: Expression


@node
class Binary(Expression):
    """`x + y`."""

    operator: str
    left: Expression
    right: Expression


@node
class Comparison(Expression):
    """`left < a <= b`."""

    left: Expression
    operators: tuple[str, ...]
    rights: tuple[Expression, ...]


@node
class Boolean(Expression):
    """`a and b`."""

    operator: str
    operands: tuple[Expression, ...]


@node
class Conditional(Expression):
    """`then if test else otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression


@node
class Sequence(Expression):
    """A tuple, list or set display; a "chain" is an index behind an index, `[i][j]`."""

    kind: str  # "tuple" "list" "set" "chain"
    items: tuple[Expression, ...]


@node
class Comprehension(Expression):
    """`[body for a in x]`, `[body for a, b in zip(x, y)]`."""

    body: Expression
    names: tuple[Local, ...]
    sources: tuple[Expression, ...]


@node
class Mapping(Expression):
    """A dict display."""

    keys: tuple[Expression, ...]
    items: tuple[Expression, ...]


@node
class Formatted(Expression):
    """One `{...}` of an f-string."""

    operand: Expression
    conversion: str  # "" or "!r" "!s" "!a"
    specification: tuple[Expression, ...]


@node
class FormattedString(Expression):
    """An f-string: literal parts (Literal holds the plain text) and Formatted parts."""

    parts: tuple[Expression, ...]


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
        if node.below:
            stack.extend(reversed(node.children()))


def rewrite(expression: Expression, leaf: Callable[[Expression], Expression | None]) -> Expression:
    """Return the expression with every node for which `leaf` has an answer replaced by it."""
    answer = leaf(expression)
    if answer is not None:
        return answer
    return _below(expression, leaf) if expression.below else expression


def _below(expression: Expression, leaf: Callable[[Expression], Expression | None]) -> Expression:
    changes: dict[str, object] = {}
    for name in expression.below:
        old = getattr(expression, name)
        if isinstance(old, Expression):
            answer = leaf(old)
            if answer is not None:
                changes[name] = answer
            elif old.below:
                new = _below(old, leaf)
                if new is not old:
                    changes[name] = new
        elif isinstance(old, tuple):
            parts = tuple([_rewrite_item(part, leaf) for part in old])
            if any(a is not b for a, b in zip(parts, old, strict=True)):
                changes[name] = parts
    if not changes:
        return expression
    made = changed(expression, **changes)
    made.__dict__.pop("found_leaves", None)
    return made


def _rewrite_item(item: object, leaf: Callable[[Expression], Expression | None]) -> object:
    if isinstance(item, Expression):
        return rewrite(item, leaf)
    if isinstance(item, tuple):
        new = tuple([_rewrite_item(part, leaf) for part in item])
        return item if all(a is b for a, b in zip(new, item, strict=True)) else new
    return item


def primals(expression: Expression) -> Iterator[Value]:
    """Yield the forward values that the expression reads, with repeats."""
    for node in expression.leaves():
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
