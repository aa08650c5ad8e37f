"""The last form before text: forward lines and backward groups, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Line


@dataclass(eq=False)
class Statement:
    """One backward statement.

    form: "=" first touch, "+=" and "-=" later ones, "rebind" (`dx = dx + t`), "part=" "part+="
    "part-=" (with an index), "at" (np.add.at), "local" (a gate's helper value), "primal" (a forward
    value that the mirror of a loop gets back), "move" (one cotangent goes on as another).
    """

    form: str
    target: ir.Value | None
    expression: e.Expression
    index: e.Expression | None = None
    name: e.Local | None = None


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


@dataclass
class Program:
    """A whole gradient function, before its expressions are spelled."""

    lines: list[Line]
    numbers: dict[Line, int]
    groups: list[Group]
    zeros: list[Statement] = field(default_factory=list)  # gradients that nothing is added to
    copied: set[ir.Value] = field(default_factory=set)  # gradients to copy when returned
