"""The last form before text: forward lines and backward groups, in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Line


@dataclass(eq=False)
class Statement:
    """One backward statement.

    form: "=" first touch, "+=" and "-=" later ones, "rebind" (`dx = dx + t`), "part=" "part+="
    "part-=" (with an index), "at" (np.add.at), "local" (a gate's helper value).
    """

    form: str
    target: ir.Value | None
    expression: e.Expression
    index: e.Expression | None = None
    name: e.Local | None = None
    test: e.Expression | None = None  # the statement stands under `if test:`


@dataclass(eq=False)
class Group:
    """What one forward line gives back, under its comment."""

    line: Line
    statements: list[Statement] = field(default_factory=list)
    remarks: tuple[str, ...] = ()


@dataclass
class Program:
    """A whole gradient function, before its expressions are spelled."""

    lines: list[Line]
    numbers: dict[Line, int]
    groups: list[Group]
    zeros: list[Statement] = field(default_factory=list)  # gradients that nothing is added to
    copied: set[ir.Value] = field(default_factory=set)  # gradients to copy when returned
