"""What is read of values that are made elsewhere: all of them, or their shapes and dtypes alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.stage.statements import MirrorStatements, Node

Leaf = Callable[[e.Expression], e.Expression | None]
NOTHING = e.Literal("0")


def shape_of(node: e.Expression) -> ir.Value | None:
    """Return the value whose shape an expression is."""
    match node:
        case e.Attribute(e.Primal(value), "shape"):
            return value
        case e.Call(e.Library("numpy.shape"), (e.Primal(value),), _):
            return value
    return None


@dataclass
class Reads:
    """Finds what is read before it is defined: "all" of it, its "shape", its "dtype"."""

    found: dict[ir.Value, set[str]] = field(default_factory=dict)
    popped: set[ir.Value] = field(default_factory=set)
    defined: set[ir.Value] = field(default_factory=set)

    def nodes(self, nodes: list[Node]) -> None:
        """Look at nodes in order."""
        for node in nodes:
            if isinstance(node, MirrorStatements):
                if node.header is not None:
                    self.read(node.header)
                    if isinstance(node.operation, ir.While) and isinstance(node.header, e.Primal):
                        self.popped.add(node.header.value)
                before = set(self.defined)
                if node.turn is not None:
                    self.defined.add(node.turn)
                for body in node.bodies:
                    self.nodes(body)
                self.defined = before
                continue
            for statement in node.statements:
                for part in statement.parts():
                    self.read(part)
                if statement.form == "primal" and statement.target is not None:
                    self.defined.add(statement.target)

    def read(self, expression: e.Expression) -> None:
        """Note what an expression reads."""
        for node in e.walk(expression):
            match node:
                case e.Call(e.Attribute(e.Primal(value), "pop"), (), _):
                    self.popped.add(value)

        def shape(value: ir.Value) -> e.Expression | None:
            return self._note(value, "shape")

        def dtype(value: ir.Value) -> e.Expression | None:
            return self._note(value, "dtype")

        left = e.rewrite(expression, by_parts(shape, dtype))
        for value in e.primals(left):
            if value not in self.defined:
                self.found.setdefault(value, set()).add("all")

    def _note(self, value: ir.Value, what: str) -> e.Expression | None:
        if value in self.defined:
            return None
        self.found.setdefault(value, set()).add(what)
        return NOTHING


def by_parts(
    shape: Callable[[ir.Value], e.Expression | None],
    dtype: Callable[[ir.Value], e.Expression | None],
) -> Leaf:
    """Return what puts something else where the shape or the dtype of a value is read."""

    def leaf(node: e.Expression) -> e.Expression | None:
        value = shape_of(node)
        if value is not None:
            return shape(value)
        match node:
            case e.Attribute(e.Primal(value), "dtype"):
                return dtype(value)
            case e.Call(e.Library("numpy.zeros_like"), (e.Primal(value),), ()):
                parts = shape(value), dtype(value)
                match parts:
                    case e.Attribute(one, "shape"), e.Attribute(other, "dtype") if one == other:
                        return e.call("numpy.zeros_like", one)
                    case e.Expression(), e.Expression():
                        return e.call("numpy.zeros", *parts)
            case e.Call(e.Library("numpy.result_type") as function, arguments, ()):
                return _result_type(function, arguments, dtype, leaf)
        return None

    return leaf


def _result_type(
    function: e.Expression,
    arguments: tuple[e.Expression, ...],
    dtype: Callable[[ir.Value], e.Expression | None],
    leaf: Leaf,
) -> e.Expression:
    """Return np.result_type(...), which takes an array's dtype for the array."""
    parts = []
    for part in arguments:
        found = dtype(part.value) if isinstance(part, e.Primal) else None
        parts.append(found if found is not None else e.rewrite(part, leaf))
    match parts:
        case [e.Attribute(e.Primal(), "dtype") as found, e.Literal("1.0")]:
            return found  # of what is floating
    return e.Call(function, tuple(parts))
