"""The reverse program after staging: what is named, and the statements in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Line
from codegen.simplify import terms as t

Path = tuple[int, ...]


@dataclass(eq=False)
class Contribution:
    """One statement of the backward pass before its form (`=`, `+=`) is decided."""

    target: ir.Value
    term: t.Term
    line: Line
    path: Path
    index: e.Expression | None = None
    mode: str = ""  # "" whole, "part", "repeats", "item", "items" (of a list)
    # "each", "list", "push" (onto a list)
    first: bool = False  # nothing has arrived at the target before


@dataclass(eq=False)
class LocalDefinition:
    """A helper value of a gate's body, in its group."""

    name: e.Local
    term: t.Term
    line: Line
    path: Path


@dataclass(eq=False)
class Move:
    """The cotangent of what a loop carries, for the turn before: `target` takes over `source`."""

    target: ir.Value
    source: ir.Value
    source_is_zero: bool = False  # nothing has arrived at the source


@dataclass(eq=False)
class Zero:
    """A cotangent that nothing has arrived at on the path that was taken."""

    target: ir.Value


@dataclass(eq=False)
class Write:
    """A part of a cell's cotangent is cleared (operator ""), or multiplied or divided.

    With operator "pop" the last item of a list's cotangent goes.
    """

    target: ir.Value
    index: e.Expression
    operator: str
    term: t.Term | None
    line: Line
    path: Path


@dataclass(eq=False)
class Restore:
    """An array gets back what a store has overwritten, if something reads it later."""

    target: ir.Value
    operation: ir.Store
    line: Line
    path: Path


Step = Contribution | LocalDefinition | Move | Zero | Write | Restore


@dataclass(eq=False)
class Steps:
    """The steps of one line, or (without a line) those that join regions."""

    line: Line | None
    steps: list[Step]


@dataclass(eq=False)
class Mirror:
    """The reverse of an `if`, a `for` or a `while`."""

    line: Line
    operation: ir.Operation
    bodies: list[list[Node]]


Node = Steps | Mirror


@dataclass
class Staging:
    """What the fold decides: which values have forward lines, which cotangents have names."""

    lines: list[Line] = field(default_factory=list)  # all forward lines, ours among the author's
    bodies: dict[Line, tuple[list[Line], ...]] = field(default_factory=dict)  # of regions, too
    moves: dict[Line, list[Move]] = field(default_factory=dict)  # at the end of a turn's mirror
    edges: dict[tuple[Line, str], Line] = field(default_factory=dict)  # where regions meet
    staged: set[ir.Value] = field(default_factory=set)
    own: dict[ir.Value, Line] = field(default_factory=dict)  # lines that are not the author's
    named: set[ir.Value] = field(default_factory=set)  # values whose cotangent has a name
    steps: list[Step] = field(default_factory=list)
    # Values that are computed in an arm: the flags under which they and their cotangents hold.
    arms: dict[ir.Value, tuple[t.Mask, ...]] = field(default_factory=dict)
    # What an arm gives -> the named choice that it is then.
    chosen: dict[ir.Value, ir.Value] = field(default_factory=dict)
    reads: set[ir.Value] = field(default_factory=set)  # forward values that the reverse reads
    numbered: list[Line] = field(default_factory=list)  # lines with a backward group
    remarks: dict[Line, list[str]] = field(default_factory=dict)
    outer: dict[ir.Value, ir.Value] = field(default_factory=dict)  # value -> the stage it is in

    def order(self) -> tuple[dict[Line, int], dict[Line, tuple[Line, ...]]]:
        """Return the place of each line, and the loops around it, outermost first."""
        places: dict[Line, int] = {}
        loops: dict[Line, tuple[Line, ...]] = {}
        stack: list[tuple[Line, tuple[Line, ...]]] = [(line, ()) for line in reversed(self.lines)]
        while stack:
            line, around = stack.pop()
            places[line] = len(places)
            loops[line] = around
            inside = (*around, line) if line.kind in ("for", "while") else around
            for body in reversed(self.bodies.get(line, ())):
                stack += [(one, inside) for one in reversed(body)]
        return places, loops

    def line_index(self, line: Line) -> e.Expression:
        """Return where the store of a line writes."""
        assert line.index is not None
        return line.index
