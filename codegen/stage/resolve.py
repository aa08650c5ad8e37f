"""From leaves to names: values, shapes, sizes and dtypes as they are read in the output."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.gates.declare import GATES
from codegen.shapes import SCALAR, Dimension, Known
from codegen.stage.witness import Witnesses

ASKING = (e.ShapeOf, e.SizeOf, e.DtypeOf)  # leaves that are spelled by what has a name


def has_witness(value: ir.Value, built: Built, witnesses: Witnesses) -> bool:
    """True if a nameless value's shape can be read off something that has a name."""
    facts = witnesses.facts
    kind = facts[value]
    if kind.shape in witnesses.arrays:
        return True
    if isinstance(kind.shape, Known) and all(
        isinstance(d, int) or d in witnesses.axes for d in kind.shape.dimensions
    ):
        return True
    if is_view(value, built, facts):
        base = built.definition[value].operands[0]
        return base in witnesses.named or has_witness(base, built, witnesses)
    parts = _shaping(value, built, facts)
    return value not in parts and all(
        part in witnesses.named or has_witness(part, built, witnesses) for part in parts
    )


def _shaping(value: ir.Value, built: Built, facts: TypeFacts) -> list[ir.Value]:
    """Return the operands whose broadcast shape a nameless value has, or the value if unknown."""
    made = built.definition.get(value)
    if isinstance(made, ir.Gate) and GATES[made.gate].by_entry:
        shaped = (o for o in made.operands if facts[o].shape != SCALAR)
        return list(dict.fromkeys(shaped)) or [value]
    return [value]


def is_view(value: ir.Value, built: Built, facts: TypeFacts) -> bool:
    """True if taking the value again costs nothing, so that its shape may be read off it."""
    made = built.definition.get(value)
    if facts[value].fresh:
        return False
    return isinstance(made, ir.View) or (isinstance(made, ir.Gate) and GATES[made.gate].view)


@dataclass
class Resolver:
    """Turns expressions over values into expressions over names.

    `witnesses` are the values that have a name; the names are the namer's. `chosen` are the values
    of arms that are read, where they hold, under the name of the choice.
    """

    built: Built
    facts: TypeFacts
    witnesses: Witnesses
    chosen: dict[ir.Value, ir.Value] = field(default_factory=dict)
    spelled: dict[ir.Value, e.Expression] = field(default_factory=dict)  # what has no name
    names: dict[ir.Value, str] = field(default_factory=dict)
    made: dict[str, e.Name] = field(default_factory=dict)
    cotangents: dict[ir.Value, str] = field(default_factory=dict)
    locals: dict[e.Local, str] = field(default_factory=dict)

    def __call__(self, expression: e.Expression) -> e.Expression:
        """Return the expression with every leaf a name."""
        return e.rewrite(expression, self._leaf)

    def lowered(self, expression: e.Expression) -> e.Expression:
        """Return the expression with shapes, sizes and dtypes spelled out, over values still."""
        named = self.witnesses.named
        for leaf in expression.leaves():
            if isinstance(leaf, e.Primal):
                if leaf.value not in named:
                    break
            elif isinstance(leaf, ASKING):
                break
        else:
            return expression

        def spelled(node: e.Expression) -> e.Expression | None:
            if node.below:
                return None
            match node:
                case e.Primal(value) if value not in self.witnesses.named:
                    if value not in self.spelled:
                        self.spelled[value] = self.lowered(self.built.spelling[value])
                    return self.spelled[value]
                case e.ShapeOf(value):
                    return self._shape(value)
                case e.SizeOf(value, axes):
                    return self._size(value, axes)
                case e.DtypeOf(value):
                    return self._dtype(value)
            return None

        return e.rewrite(expression, spelled)

    def _leaf(self, node: e.Expression) -> e.Expression | None:
        if node.below and not isinstance(node, e.Attribute):
            return None
        match node:
            case e.Primal(value):
                name = self.names.get(value)
                if name is not None:
                    return self._name(name)
                return self(self.built.spelling[value])
            case e.Cotangent(value):
                return self._name(self.cotangents[value])
            case e.Local():
                return e.Name(self.locals[node])
            case e.Attribute(base, "T"):
                match self(base):
                    case e.Attribute(inner, "T"):
                        return inner
                    case inner:
                        return e.Attribute(inner, "T")
            case e.ShapeOf() | e.SizeOf() | e.DtypeOf():
                return self(self.lowered(node))
        return None

    def _name(self, text: str) -> e.Name:
        """Return one name for all places where it stands: a long function has many."""
        made = self.made.get(text)
        if made is None:
            made = self.made[text] = e.Name(text)
        return made

    def _shape(self, value: ir.Value) -> e.Expression:
        value = self.chosen.get(value, value)
        at: ir.Value | None = value
        if value not in self.witnesses.named:
            at = self.witnesses.arrays.get(self.facts[value].shape)
        if at is not None:
            return self._shape_of(e.Primal(at), at)
        shape = self.facts[value].shape
        if isinstance(shape, Known) and all(self._is_at_hand(d) for d in shape.dimensions):
            return e.Sequence("tuple", tuple(self._dimension(d) for d in shape.dimensions))
        if is_view(value, self.built, self.facts):
            return self._shape_of(self.lowered(self.built.spelling[value]), value)
        parts = _shaping(value, self.built, self.facts)
        assert value not in parts, "a shape that nothing has a name for"
        same = [part for part in parts if self.facts[part].shape == shape]
        if same or len(parts) == 1:
            return self._shape((same or parts)[0])
        flat = _flat([self._shape(part) for part in parts])
        return flat[0] if len(flat) == 1 else e.call("numpy.broadcast_shapes", *flat)

    def _shape_of(self, expression: e.Expression, value: ir.Value) -> e.Expression:
        """Return `x.shape`, or `np.shape(x)` of what may be a Python number."""
        if self.facts[value].array:
            return e.Attribute(expression, "shape")
        return e.call("numpy.shape", expression)

    def _is_at_hand(self, dimension: Dimension) -> bool:
        return isinstance(dimension, int) or dimension in self.witnesses.axes

    def _dimension(self, dimension: Dimension) -> e.Expression:
        if isinstance(dimension, int):
            return e.number(dimension)
        count = self.witnesses.counts.get(dimension)
        if count is not None:
            return e.Primal(count)
        found = self.witnesses.axes[dimension]
        return e.Subscript(e.Attribute(e.Primal(found[0]), "shape"), e.number(found[1]))

    def _size(self, value: ir.Value, axes: tuple[int, ...] | None) -> e.Expression:
        value = self.chosen.get(value, value)
        shape = self.facts[value].shape
        if axes is not None and isinstance(shape, Known):
            parts = [self._size_along(value, shape.dimensions[axis], axis) for axis in axes]
            return _product(parts)
        if axes is not None:
            whole = self._shape(value)
            return _product([e.Subscript(whole, _index(axis)) for axis in axes])
        if isinstance(shape, Known) and all(isinstance(d, int) for d in shape.dimensions):
            total = 1
            for d in shape.dimensions:
                assert isinstance(d, int)
                total *= d
            return e.number(total)
        if isinstance(shape, Known) and shape.rank == 1:
            return self._size_along(value, shape.dimensions[0], 0)
        at = (
            value
            if value in self.witnesses.named
            else self.witnesses.arrays.get(self.facts[value].shape)
        )
        if at is not None:
            if self.facts[at].array:
                return e.Attribute(e.Primal(at), "size")
            return e.call("numpy.size", e.Primal(at))
        if isinstance(shape, Known) and all(self._is_at_hand(d) for d in shape.dimensions):
            return _product([self._dimension(d) for d in shape.dimensions])
        return e.call("math.prod", self._shape(value))

    def _size_along(self, value: ir.Value, dimension: Dimension, axis: int) -> e.Expression:
        if isinstance(dimension, int):
            return e.number(dimension)
        count = self.witnesses.counts.get(dimension)
        if count is not None:
            return e.Primal(count)
        if value in self.witnesses.named:
            return e.Subscript(e.Attribute(e.Primal(value), "shape"), e.number(axis))
        if self._is_at_hand(dimension):
            return self._dimension(dimension)
        return e.Subscript(self._shape(value), e.number(axis))

    def _dtype(self, value: ir.Value) -> e.Expression:
        sources = self._dtype_sources(self.chosen.get(value, value))
        if (
            len(sources) == 1
            and self.facts[sources[0]].array
            and self.facts[sources[0]].dtype == "float"
        ):
            return e.Attribute(e.Primal(sources[0]), "dtype")
        parts = [self._of_dtype(source) for source in sources]
        return e.call("numpy.result_type", *parts, e.Literal("1.0"))

    def _of_dtype(self, value: ir.Value) -> e.Expression:
        """Return what has a value's dtype: of what may be a list, the array that it makes."""
        may_be_list = value in self.facts.evidence.converted and not self.facts[value].array
        return e.call("numpy.asarray", e.Primal(value)) if may_be_list else e.Primal(value)

    def _dtype_sources(self, value: ir.Value) -> list[ir.Value]:
        """Return the named values whose dtypes decide the value's."""
        found: dict[ir.Value, None] = {}
        stack = [value]
        seen: set[ir.Value] = set()
        while stack:
            at = stack.pop()
            if at in seen or self.facts[at].kind != "number":
                continue
            seen.add(at)
            made = self.built.definition.get(at)
            if at in self.witnesses.named:
                if self.facts[at].array or not self.facts[at].scalar:
                    found[at] = None
            elif isinstance(made, ir.Gate):
                gate = GATES[made.gate]
                numbers = [o for place, o in enumerate(made.operands) if gate.is_number(place)]
                stack.extend(reversed(numbers[:1] if gate.of_first else numbers))
            elif isinstance(made, ir.View):
                stack.append(made.operands[0])
            elif isinstance(made, ir.If):
                stack.extend(block.yields[0] for block in made.blocks())
        return list(found)


def _flat(shapes: list[e.Expression]) -> list[e.Expression]:
    """Return what is broadcast, each shape once."""
    found: dict[e.Expression, None] = {}
    for shape in shapes:
        match shape:
            case e.Call(e.Library("numpy.broadcast_shapes"), inner, _):
                found |= dict.fromkeys(inner)
            case _:
                found[shape] = None
    return list(found)


def _index(axis: int) -> e.Expression:
    return e.number(axis) if axis >= 0 else e.Unary("-", e.number(-axis))


def _product(parts: list[e.Expression]) -> e.Expression:
    result = parts[0]
    for part in parts[1:]:
        result = e.Binary("*", result, part)
    return result
