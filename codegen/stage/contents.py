"""What an expression reads of arrays: which part, or only what no store changes."""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells

NO_CONTENTS = frozenset(
    f"numpy.{name}" for name in ("zeros_like", "ones_like", "shape", "size", "result_type", "ndim")
)
ATTRIBUTES = ("shape", "dtype", "size", "ndim")


def keeps_shape(node: e.Expression) -> bool:
    """True for what reads the shape or dtype of an array, which no store changes."""
    match node:
        case e.Attribute(_, name):
            return name in ATTRIBUTES
        case e.Call(e.Library(path), _, _):
            return path in NO_CONTENTS
        case e.Call(e.Name("len"), _, _):
            return True
    return False


def is_whole(index: e.Expression) -> bool:
    """True for an index that means all of an array: `...`, `:`, `:, :`."""
    items = index.items if isinstance(index, e.Sequence) else (index,)
    return bool(items) and all(
        item in (e.Literal("..."), e.Slice(None, None, None)) for item in items
    )


def part_read(node: e.Expression, cells: Cells) -> tuple[ir.Value | None, e.Expression | None]:
    """Return the cell that is read, and by which index; nothing for what is no such read."""
    match node:
        case e.Subscript(e.Primal(value), index) if value in cells.cells:
            return cells.of(value), index
        case e.Primal(value) if value in cells.cells:
            return cells.of(value), None
    return None, None
