"""The last form before text: forward lines and backward groups, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Line


@dataclass(eq=False)
class Statement:
    """One backward statement.

    form: "=" first touch, "+=" and "-=" later ones, "rebind" (`dx = dx + t`), "part=" "part+="
    "part-=" (with an index), "at" (np.add.at), "local" (a gate's helper value), "primal" (a forward
    value that the mirror of a loop gets back), "part*=" and "part/=", "restore" (old contents).
    `is_move`: a cotangent goes on under another name.
    """

    form: str
    target: ir.Value | None
    expression: e.Expression
    index: e.Expression | None = None
    name: e.Local | None = None
    is_move: bool = False
    base: e.Expression | None = None  # of "restore": the array
    store: ir.Store | None = None  # of "restore": an array gets back what this overwrote
    test: e.Expression | None = None  # the statement stands under `if test:`

    def parts(self) -> list[e.Expression]:
        """Return all expressions of the statement."""
        return [p for p in (self.expression, self.index, self.test, self.base) if p]

    def rewrite(self, change: Callable[[e.Expression], e.Expression]) -> None:
        """Put something else for each expression."""
        self.expression = change(self.expression)
        self.index = None if self.index is None else change(self.index)
        self.test = None if self.test is None else change(self.test)
        self.base = None if self.base is None else change(self.base)

    def rewrite_as(self, other: Statement) -> None:
        """Take over another's expressions."""
        self.expression, self.index = other.expression, other.index
        self.test, self.base = other.test, other.base


@dataclass(eq=False)
class Group:
    """What one forward line gives back, under its comment; without a line, between regions."""

    line: Line | None
    statements: list[Statement] = field(default_factory=list)
    remarks: tuple[str, ...] = ()


@dataclass(eq=False)
class MirrorStatements:
    """The reverse of an `if`, a `for` or a `while`; `header` is its text's expression."""

    line: Line
    operation: ir.Operation
    bodies: list[list[Node]]
    header: e.Expression | None = None
    turn: ir.Value | None = None  # what a mirrored `for` counts


Node = Group | MirrorStatements


def groups_in(nodes: list[Node]) -> Iterator[Group]:
    """Yield all groups, those in mirrors too, in order."""
    for node in nodes:
        if isinstance(node, Group):
            yield node
        else:
            for body in node.bodies:
                yield from groups_in(body)


def mirrors_in(nodes: list[Node]) -> Iterator[MirrorStatements]:
    """Yield all mirrors, those in mirrors too, in order."""
    for node in nodes:
        if isinstance(node, MirrorStatements):
            yield node
            for body in node.bodies:
                yield from mirrors_in(body)
