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
    mode: str = ""  # "" whole, "part", "repeats", "item", "each"


@dataclass(eq=False)
class LocalDefinition:
    """A helper value of a gate's body, in its group."""

    name: e.Local
    term: t.Term
    line: Line
    path: Path


Step = Contribution | LocalDefinition


@dataclass
class Staging:
    """What the fold decides: which values have forward lines, which cotangents have names."""

    lines: list[Line] = field(default_factory=list)  # all forward lines, ours among the author's
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
