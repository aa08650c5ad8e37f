"""What outside its loop an array of a turn is like: where only its shape and dtype are read.

`np.zeros_like(a)` for the cotangent of a turn's array would keep that array for each turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.regions import Regions
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.shapes import Known
from codegen.stage.dtype_sources import operands_of_dtype
from codegen.stage.resolve import Resolver
from codegen.stage.statements import Node, groups_in

MOST = 5  # arrays that decide a dtype together


@dataclass
class Likeness:
    """Answers for one function; `is_free` are values of a turn that are computed again anyway."""

    built: Built
    facts: TypeFacts
    regions: Regions
    cells: Cells
    resolver: Resolver
    is_free: Callable[[ir.Value], bool]
    given: dict[ir.Value, tuple[ir.Value, ir.Value]] = field(init=False)  # of carried parameters

    def __post_init__(self) -> None:
        loops = [o for o in self.regions.of if isinstance(o, ir.For | ir.While)]
        pairs = [one for loop in loops for one in ir.carried(loop)]
        self.given = {one.parameter: (one.start, one.next) for one in pairs}

    def rewrite(self, nodes: list[Node]) -> None:
        """Read shapes and dtypes of turns' arrays off what is outside, where they alone are."""
        statements = [s for group in groups_in(nodes) for s in group.statements]
        parts = [part for statement in statements for part in statement.parts()]
        alike: set[ir.Value] = set()
        whole: set[ir.Value] = set()
        for part in parts:
            _note(part, alike, whole)
        outside = {value: self._outside(value) for value in alike - whole}
        found = {value: pair for value, pair in outside.items() if pair is not None}
        if not found:
            return
        for statement in statements:
            statement.rewrite(lambda part: e.rewrite(part, lambda node: _outer(node, found)))

    def _outside(self, value: ir.Value) -> tuple[e.Expression, e.Expression] | None:
        """Return the shape and the dtype of a turn's array, spelled by what is outside."""
        if not self.regions.in_loop(self.regions.home(value)) or self.is_free(value):
            return None
        sources = self._sources(value, False, set())
        shape = self._shape(value)
        if shape is None or not sources or len(sources) > MOST:
            return None
        if self._sources(value, True, set()) != sources:
            return None  # the dtype of the first turn may be another
        one = min(sources, key=lambda source: source.number)
        if len(sources) == 1 and self.facts[one].array and self.facts[one].dtype == "float":
            if self.facts[one].shape == self.facts[value].shape:
                shape = e.Attribute(e.Primal(one), "shape")
            return shape, e.Attribute(e.Primal(one), "dtype")
        ordered = sorted(sources, key=lambda source: source.number)
        parts = [e.Primal(source) for source in ordered]
        return shape, e.call("numpy.result_type", *parts, e.Literal("1.0"))

    def _shape(self, value: ir.Value) -> e.Expression | None:
        shape, witnesses = self.facts[value].shape, self.resolver.witnesses
        at = witnesses.arrays.get(shape)
        if at is not None:
            return e.Attribute(e.Primal(self.cells.of(at)), "shape")
        if not isinstance(shape, Known) or not shape.dimensions:
            return None
        sizes: list[e.Expression] = []
        for dimension in shape.dimensions:
            count, axis = witnesses.counts.get(dimension), witnesses.axes.get(dimension)
            if isinstance(dimension, int):
                sizes.append(e.number(dimension))
            elif count is not None:
                sizes.append(e.Primal(count))
            elif axis is not None:
                place = e.number(axis[1])
                sizes.append(e.Subscript(e.Attribute(e.Primal(axis[0]), "shape"), place))
            else:
                return None
        return sizes[0] if len(sizes) == 1 else e.Sequence("tuple", tuple(sizes))

    def _sources(
        self, value: ir.Value, is_first: bool, seen: set[ir.Value]
    ) -> frozenset[ir.Value] | None:
        """Return the arrays outside that decide a dtype together, in the first turn or in any."""
        value = self.cells.of(value)
        kind = self.facts.types.get(value)
        if value in seen or (kind is not None and kind.scalar and not kind.array):
            return frozenset()
        seen.add(value)
        if kind is None or kind.kind != "number":
            return None
        made = self.built.definition.get(value)
        in_loop = self.regions.in_loop(self.regions.home(value))
        if not in_loop and value in self.resolver.witnesses.named:
            return None if self.regions.home(value) else frozenset((self._original(value),))
        if value in self.given:
            start, following = self.given[value]
            parts = [start] if is_first else [start, following]
        else:
            known = operands_of_dtype(made)
            if known is None:
                return None
            parts = known
        found: frozenset[ir.Value] = frozenset()
        for part in parts:
            sources = self._sources(part, is_first, seen)
            if sources is None:
                return None
            found |= sources
        return found

    def _original(self, value: ir.Value) -> ir.Value:
        """Return the array that an array's dtype was taken from: `np.zeros(n, dtype=x.dtype)`."""
        made = self.built.definition.get(value)
        if not isinstance(made, ir.Gate):
            return value
        if made.gate == "alias":
            source: ir.Value | None = made.operands[0]
        elif made.gate in ("empty", "ones", "zeros"):
            asked = [self.built.definition.get(operand) for operand in made.operands[1:]]
            named = [one for one in asked if isinstance(one, ir.Gate) and one.gate == "dtype"]
            source = named[0].operands[0] if len(named) == 1 else None
        else:
            return value
        is_named = source in self.resolver.witnesses.named
        if source is None or not is_named or self.regions.home(source):
            return value
        return self._original(source)


def _note(expression: e.Expression, alike: set[ir.Value], whole: set[ir.Value]) -> None:
    """Note what is read for its shape or dtype, and what is read for its contents."""

    def leaf(node: e.Expression) -> e.Expression | None:
        match node:
            case (
                e.Call(e.Library("numpy.zeros_like"), (e.Primal(value),), ())
                | e.Attribute(e.Primal(value), "dtype")
                | e.Attribute(e.Primal(value), "shape")
            ):
                alike.add(value)
                return e.Literal("0")
            case e.Call(e.Library("numpy.result_type"), parts, ()):
                alike.update(part.value for part in parts if isinstance(part, e.Primal))
                return e.Literal("0")
        return None

    whole.update(e.primals(e.rewrite(expression, leaf)))


def _outer(
    node: e.Expression, found: dict[ir.Value, tuple[e.Expression, e.Expression]]
) -> e.Expression | None:
    match node:
        case e.Call(e.Library("numpy.zeros_like"), (e.Primal(value),), ()) if value in found:
            shape, dtype = found[value]
            match shape, dtype:
                case e.Attribute(base, "shape"), e.Attribute(other, "dtype") if base == other:
                    return e.call("numpy.zeros_like", base)
            return e.call("numpy.zeros", shape, dtype)
        case e.Attribute(e.Primal(value), "shape") if value in found:
            return found[value][0]
        case e.Attribute(e.Primal(value), "dtype") if value in found:
            return found[value][1]
        case e.Call(e.Library("numpy.result_type"), parts, ()):
            return _joined(parts, found)
    return None


def _joined(
    parts: tuple[e.Expression, ...], found: dict[ir.Value, tuple[e.Expression, e.Expression]]
) -> e.Expression | None:
    """Return `np.result_type(...)` of what is outside."""
    if not any(isinstance(part, e.Primal) and part.value in found for part in parts):
        return None
    if len(parts) == 2 and isinstance(parts[0], e.Primal):
        return found[parts[0].value][1]
    flat: dict[e.Expression, None] = {}
    for part in parts:
        match part:
            case e.Primal(value) if value in found:
                dtype = found[value][1]
                inner = dtype.arguments if isinstance(dtype, e.Call) else (dtype,)
                flat |= dict.fromkeys(inner)
            case _:
                flat[part] = None
    one = e.Literal("1.0")
    flat.pop(one, None)
    return e.call("numpy.result_type", *flat, one)
