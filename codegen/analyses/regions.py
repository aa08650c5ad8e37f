"""Where a value lives: in which arms and turns, from the outermost inwards."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import ir
from codegen.build.lines import Built


@dataclass(frozen=True)
class Region:
    """One block of one operation: an arm of an `if` (0, 1), the body of a loop (0)."""

    operation: ir.Operation
    place: int

    @property
    def is_loop(self) -> bool:
        return isinstance(self.operation, ir.For | ir.While)


Home = tuple[Region, ...]


@dataclass
class Regions:
    """The home of every value that does not live at the top of the function."""

    homes: dict[ir.Value, Home] = field(default_factory=dict)
    of: dict[ir.Operation, Home] = field(default_factory=dict)  # of operations with regions

    def home(self, value: ir.Value) -> Home:
        """Return the regions around a value's definition, the outermost first."""
        return self.homes.get(value, ())

    def is_in(self, value: ir.Value, operation: ir.Operation) -> bool:
        """True if a value lives inside an operation's regions."""
        return any(region.operation is operation for region in self.home(value))

    def in_loop(self, home: Home) -> bool:
        """True if a home is inside a loop's body."""
        return any(region.is_loop for region in home)


def is_statement(operation: ir.Operation, built: Built) -> bool:
    """True for an `if`, `for` or `while` statement; False for a conditional expression."""
    line = built.line_of.get(operation)
    return line is not None and line.operation is operation


def regions_of(built: Built) -> Regions:
    """Return where each value lives.

    The arms of conditional expressions count as where the expression stands.
    """
    found = Regions()
    _walk(built.function.body, (), built, found)
    return found


def _walk(block: ir.Block, home: Home, built: Built, found: Regions) -> None:
    if home:
        for parameter in block.parameters:
            found.homes[parameter] = home
    for operation in block.operations:
        if home:
            for result in operation.results:
                found.homes[result] = home
        inner = operation.blocks()
        if not inner:
            continue
        if not is_statement(operation, built):
            for below in inner:
                _walk(below, home, built, found)
            continue
        found.of[operation] = home
        if isinstance(operation, ir.While):
            _walk(operation.test, (*home, Region(operation, -1)), built, found)
            inner = inner[1:]
        for place, below in enumerate(inner):
            _walk(below, (*home, Region(operation, place)), built, found)
