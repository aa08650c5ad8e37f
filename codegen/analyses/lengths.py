"""How many entries a slice or a mask takes, where its bounds are not literals.

`A[i, :i]` and `x[:i]` have as many if `i` is the turn of a loop over an axis of both, and
`image[i : i + K]` has K if the loop ends early enough. Where the bounds do not show a length, two
slices of equal axes by equal bounds have equal lengths all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from codegen import ir
from codegen.analyses.inequalities import Linear, may_hold, number, unknown
from codegen.build.lines import Built
from codegen.shapes import Dimension, Type

Types = dict[ir.Value, Type]


@dataclass
class Lengths:
    """Answers for the index of one read or write: of the item at a place, on an axis of a size."""

    built: Built
    types: Types
    values: Sequence[ir.Value]  # the base, then what the index refers to
    index: Sequence[ir.IndexItem]
    rows: list[Linear] = field(default_factory=list)  # what is known not to be negative
    seen: set[object] = field(default_factory=set)

    def __call__(self, place: int, size: Dimension | None) -> Dimension | None:
        """Return a length; None where nothing is known of it."""
        item = self.index[place]
        if isinstance(item, ir.Range):
            return None if size is None or isinstance(size, frozenset) else self._slice(item, size)
        return self._count(self.values[item.operand]) if isinstance(item, ir.At) else None

    def _count(self, mask: ir.Value) -> Dimension | None:
        """Return the number of places where a mask is true, if its memory is its own."""
        made = self.built.definition.get(mask)
        own = made is None or (isinstance(made, ir.Gate) and self.types[mask].fresh)
        return f"v{mask.number}.true" if own else None

    def _slice(self, item: ir.Range, size: int | str) -> Dimension | None:
        lower, upper, step = (
            None if operand is None else self._linear(self.values[operand])
            for operand in (item.lower, item.upper, item.step)
        )
        given = ((item.lower, lower), (item.upper, upper), (item.step, step))
        if any(operand is not None and found is None for operand, found in given):
            return None
        if step is not None and not step.terms and abs(step.constant) == 1:
            if lower is None and upper is None:
                return size
            step = step if step.constant < 0 else None
        total = number(size) if isinstance(size, int) else self._natural(size)
        exact = None if step is not None else self._exact(lower, upper, total)
        if exact is not None:
            return exact
        bounds = ":".join("" if one is None else _text(one) for one in (lower, upper))
        return f"{size}[{bounds}{'' if step is None else ':' + _text(step)}]"

    def _exact(self, lower: Linear | None, upper: Linear | None, total: Linear) -> Dimension | None:
        """Return the length of a slice that surely lies on its axis."""
        start = number(0) if lower is None else lower
        stop = total if upper is None else upper
        if any(self._may_be_negative(one) for one in (start, stop - start, total - stop)):
            return None
        length = stop - start
        if not length.terms:
            return length.constant
        (name, factor), *more = length.terms
        if not more and factor == 1 and not length.constant:
            return str(name)
        return _text(length)

    def _may_be_negative(self, value: Linear) -> bool:
        return may_hold([*self.rows, value * -1 - number(1)])

    # numbers

    def _linear(self, value: ir.Value) -> Linear | None:
        """Return an int in the sizes of axes, in turns and in ints that nothing is known of."""
        made = self.built.definition.get(value)
        kind = self.types[value]
        if not kind.scalar or kind.dtype != "int":
            return None
        if isinstance(made, ir.Gate) and made.gate in ("add", "subtract", "multiply", "negative"):
            parts = [self._linear(operand) for operand in made.operands]
            found = _combined(made.gate, parts)
            if found is not None:
                return found
        if kind.dimension is None or isinstance(kind.dimension, frozenset):
            return None
        if isinstance(kind.dimension, int):
            return number(kind.dimension)
        if self._is_size(made):
            return self._natural(kind.dimension)
        self._turn(value, kind.dimension)
        return unknown(kind.dimension)

    def _is_size(self, made: ir.Operation | None) -> bool:
        """True for the length of an axis: `x.shape[0]`, `len(x)`."""
        if isinstance(made, ir.View):
            made = self.built.definition.get(made.operands[0])
            return isinstance(made, ir.Gate) and made.gate == "shape_of"
        return isinstance(made, ir.Gate) and made.gate in ("length", "size")

    def _natural(self, name: str) -> Linear:
        found = unknown(name)
        if name not in self.seen:
            self.seen.add(name)
            self.rows.append(found)
        return found

    def _turn(self, value: ir.Value, name: str) -> None:
        """Note between which numbers a loop counts."""
        loop = self.built.turns.get(value)
        if loop is None or value in self.seen:
            return
        self.seen.add(value)
        header = self.built.definition.get(loop.operands[0])
        if not isinstance(header, ir.Gate) or header.gate != "range":
            return
        parts = [self._linear(operand) for operand in header.operands]
        if len(parts) == 1:
            parts.insert(0, number(0))
        start, stop, *steps = parts
        step = steps[0] if steps else number(1)
        if step is None or step.terms or not step.constant:
            return
        sign = 1 if step.constant > 0 else -1
        if start is not None:
            self.rows.append((unknown(name) - start) * sign)
        if stop is not None:
            self.rows.append((stop - unknown(name)) * sign - number(1))


def _combined(gate: str, parts: list[Linear | None]) -> Linear | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if gate == "negative":
        return known[0] * -1
    left, right = known
    if gate == "multiply":
        if left.terms and right.terms:
            return None
        return left * right.constant if not right.terms else right * left.constant
    return left + right if gate == "add" else left - right


def _text(value: Linear) -> str:
    """Return a sum as text, the same for equal sums; never one name alone."""
    parts = [f"{factor}*{name}" for name, factor in value.terms]
    return f"({'+'.join([*parts, str(value.constant)])})"
