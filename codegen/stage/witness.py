"""Where a shape or a dimension can be read off: the named values, by what they show."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.shapes import Dimension, Known, Shape


class Witnesses:
    """The first named value of each shape and dimension; more are added as values get names."""

    def __init__(
        self, facts: TypeFacts, named: Iterable[ir.Value], hidden: Collection[ir.Value] = ()
    ) -> None:
        self.facts = facts
        self.named: set[ir.Value] = set()
        self.arrays: dict[Shape, ir.Value] = {}
        self.axes: dict[Dimension, tuple[ir.Value, int]] = {}
        self.counts: dict[Dimension, ir.Value] = {}
        for value in named:
            self.add(value, value in hidden)

    def add(self, value: ir.Value, hidden: bool = False) -> None:
        """Take a value that has a name now; a hidden one, in an arm, tells only of itself."""
        self.named.add(value)
        if hidden:
            return
        kind = self.facts.types.get(value)
        if kind is None or kind.kind != "number":
            return
        if kind.array:
            known = self.arrays.get(kind.shape)
            if known is None or value.number < known.number:
                self.arrays[kind.shape] = value
        if kind.scalar and kind.dimension is not None and value.name and value.name != "_":
            count = self.counts.get(kind.dimension)
            if count is None or value.number < count.number:
                self.counts[kind.dimension] = value
        if isinstance(kind.shape, Known):
            for axis, dimension in enumerate(kind.shape.dimensions):
                place = self.axes.get(dimension)
                if place is None or value.number < place[0].number:
                    self.axes[dimension] = (value, axis)
