"""Scalar or array: what the uses of a parameter show where nothing is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir, shapes
from codegen.analyses.conditions import Compared, compared
from codegen.analyses.letters import labels_of
from codegen.build.lines import Built, Line
from codegen.gates.declare import GATES, SOURCE, GateDefinition
from codegen.gates.rules import comparison
from codegen.gates.subscripts import REST
from codegen.shapes import Type

ONE_NUMBER = ("float", "int", "round")
MADE = {"zeros", "ones", "empty", "full"}
COPIES = {"alias", "copy"}
CONVERTED = {"array", "array_of", "asarray", "atleast_1d", "atleast_2d", "atleast_3d"}
WHOLE_ARITHMETIC = frozenset(
    {"add", "subtract", "multiply", "floor_divide", "remainder", "alias", "negative", "positive"}
)


@dataclass
class Evidence:
    """What was seen of each value."""

    array: set[ir.Value] = field(default_factory=set)
    scalar: set[ir.Value] = field(default_factory=set)
    proven: set[ir.Value] = field(default_factory=set)  # scalar on every path
    always: set[ir.Operation] = field(default_factory=set)  # operations that run on every path
    meets: set[ir.Value] = field(default_factory=set)  # inside what is shown to be an array
    counts: set[ir.Value] = field(default_factory=set)
    sizes: set[ir.Value] = field(default_factory=set)  # a count, or a tuple of them
    pools: set[ir.Value] = field(default_factory=set)  # a count, or an array to draw from
    bounds: set[ir.Value] = field(default_factory=set)  # a number, whole or not
    indices: set[ir.Value] = field(default_factory=set)
    flags: set[ir.Value] = field(default_factory=set)
    dicts: set[ir.Value] = field(default_factory=set)  # read by a text
    others: set[ir.Value] = field(default_factory=set)  # compared with text or None
    sources: set[ir.Value] = field(default_factory=set)  # of random numbers
    places: set[ir.Value] = field(default_factory=set)  # that are written at: `s[k[i]] += x[i]`
    exponents: set[ir.Value] = field(default_factory=set)
    converted: set[ir.Value] = field(default_factory=set)  # by np.asarray: lists may be passed
    numbers: set[ir.Value] = field(default_factory=set)  # in arithmetic or a comparison
    subscripts: dict[ir.Value, int] = field(default_factory=dict)  # most of them at one read
    entries: dict[ir.Value, set[int]] = field(default_factory=dict)  # how many numbers pick one
    ranks: dict[ir.Value, int] = field(default_factory=dict)  # from `N, D = x.shape`
    compared: Compared = field(default_factory=Compared)  # by conditions
    tested: dict[ir.Value, int] = field(default_factory=dict)  # ranks from `if x[0] > 0:`


def collect(built: Built) -> Evidence:
    """Walk the operations backwards and note what each use shows."""
    seen = Evidence()
    seen.compared = compared(built.function.body)
    seen.flags |= built.fixed
    seen.always = set(_always_run(built.function.body))
    seen.ranks.update(_guarded_ranks(built))
    loops = any(isinstance(o, ir.For | ir.While) for o in ir.operations(built.function.body))
    for _ in range(3 if loops else 1):
        _collect(built.function.body, built, seen)
    return seen


def _guarded_ranks(built: Built) -> Iterator[tuple[ir.Value, int]]:
    """Yield the ranks that guards make sure of: `if x.ndim != 2: raise ...`."""
    for line in built.lines:
        match line:
            case Line(
                kind="guard",
                expression=e.Comparison(
                    e.Attribute(e.Primal(value), "ndim"), ("!=",), (e.Literal(text),)
                ),
            ) if text.isdigit():
                yield value, int(text)


def _always_run(block: ir.Block) -> Iterator[ir.Operation]:
    for operation in block.operations:
        yield operation
        if isinstance(operation, ir.While):
            yield from _always_run(operation.test)


def _collect(block: ir.Block, built: Built, seen: Evidence) -> None:
    for operation in reversed(block.operations):
        _look(operation, built, seen)
        for inner in reversed(operation.blocks()):
            _collect(inner, built, seen)


def _look(operation: ir.Operation, built: Built, seen: Evidence) -> None:
    match operation:
        case ir.View():
            _look_at_view(operation, built, seen)
            is_one = (
                (seen.compared.shows_number(operation.result) or operation.result in seen.places)
                and operation.result not in seen.others  # `mode["kind"] == "sin"`
                and not any(_is_quoted(key, built) for key in operation.operands[1:])
                and _picks_one(operation, built)
            )
            _look_at_subscript(operation.operands[0], operation.index, built, seen, is_one)
            if operation.result in seen.scalar and _picks_one(operation, built):
                seen.ranks.setdefault(operation.operands[0], len(operation.index))
            _look_at_unpacking(operation, built, seen)
        case ir.Store():
            _look_at_store(operation, built, seen)
        case ir.If(operands=(test,), results=results):
            seen.flags.add(test)
            for place, result in enumerate(results):
                arms = ir.arms(operation, place)
                _hand_down(result, arms, seen)
                _same(result, arms, seen)
        case ir.For() | ir.While():
            for one in ir.carried(operation):
                if one.result in seen.array or one.result in seen.meets:
                    seen.meets.update((one.start, one.next))
                if one.parameter in seen.array or one.parameter in seen.meets:
                    seen.meets.add(one.start)
                _same(one.parameter, [one.start], seen)
                _same(one.result, [one.start, one.next], seen)
        case ir.Aggregate(operands=items):
            _hand_down(operation.result, items, seen)  # `np.zeros((n, m))`, `x[[i, j]]`
        case ir.Effect(kind="draw", gate=name):
            _look_at_roles(operation, GATES[name], seen)
        case ir.Effect(kind="call"):
            seen.counts.update(operation.operands)  # `np.random.seed(seed)`
        case ir.Gate():
            _look_at_gate(operation, built, seen)


def _picks_one(operation: ir.View, built: Built) -> bool:
    """True for `x[i, j]` with plain numbers: literals, or what a loop counts."""
    turns = {
        o.body.parameters[0] for o in ir.operations(built.function.body) if isinstance(o, ir.For)
    }
    return all(
        isinstance(item, ir.At)
        and (
            operation.operands[item.operand] in turns
            or isinstance(built.definition.get(operation.operands[item.operand]), ir.Constant)
        )
        for item in operation.index
    )


def rank_made(value: ir.Value, built: Built) -> int | None:
    """Return the rank of an array that was made here by its sizes: `np.zeros((2, n))`."""
    given = {
        one.parameter: one.start
        for operation in ir.operations(built.function.body)
        if isinstance(operation, ir.For | ir.While)
        for one in ir.carried(operation)
    }
    while True:
        made = built.definition.get(value)
        if value in given:
            value = given[value]
        elif isinstance(made, ir.Store):
            value = made.operands[0]
        elif isinstance(made, ir.For | ir.While):
            value = ir.carried(made)[made.results.index(value)].start
        else:
            break
    if not isinstance(made, ir.Gate) or made.gate not in MADE:
        return None
    sizes = built.definition.get(made.operands[0])
    if isinstance(sizes, ir.Aggregate):
        return len(sizes.operands)
    return (
        1 if isinstance(sizes, ir.Constant | ir.View | ir.Gate) and not _is_shape(sizes) else None
    )


def _is_shape(made: ir.Operation) -> bool:
    return isinstance(made, ir.Gate) and made.gate in ("shape_of", "alias")


def _look_at_store(operation: ir.Store, built: Built, seen: Evidence) -> None:
    base, value, *_ = operation.operands
    seen.array.add(base)
    seen.numbers.add(value)
    index = operation.index
    if operation.operator != "at":
        at = (operation.operands[item.operand] for item in index if isinstance(item, ir.At))
        seen.places.update(at)
    if all(isinstance(i, ir.At) for i in index) and len(index) == rank_made(base, built):
        seen.scalar.add(value)  # one entry
    _look_at_subscript(base, index, built, seen)
    _look_at_index(operation, seen)


def _look_at_subscript(
    base: ir.Value,
    index: tuple[ir.IndexItem, ...],
    built: Built,
    seen: Evidence,
    is_compared: bool = False,
) -> None:
    """Note how many subscripts an array has, and that with as many numbers it is one entry.

    It is one, too, where a condition compares it.
    """
    origin = _parameter_of(base, built)
    if origin is None or not all(isinstance(item, ir.At | ir.Range) for item in index):
        return
    if is_compared:
        seen.tested.setdefault(origin, len(index))
    seen.subscripts[origin] = max(seen.subscripts.get(origin, 0), len(index))
    if len(index) > 1 and all(isinstance(item, ir.At) for item in index):
        seen.entries.setdefault(origin, set()).add(len(index))


def _parameter_of(value: ir.Value, built: Built) -> ir.Value | None:
    """Return the parameter that a value is, or a copy of, but for stores and turns of loops."""
    given = {
        one.parameter: one.start
        for operation in ir.operations(built.function.body)
        if isinstance(operation, ir.For | ir.While)
        for one in ir.carried(operation)
    }
    while True:
        made = built.definition.get(value)
        if value in given:
            value = given[value]
        elif isinstance(made, ir.Store):
            value = made.operands[0]
        elif isinstance(made, ir.For | ir.While):
            value = ir.carried(made)[made.results.index(value)].start
        elif isinstance(made, ir.Gate) and made.gate in COPIES:
            value = made.operands[0]
        else:
            return value if made is None else None


def _same(value: ir.Value, sources: list[ir.Value], seen: Evidence) -> None:
    """What is shown of a value is shown of those that it may be."""
    if value in seen.scalar:
        seen.scalar.update(sources)
    if value in seen.array or value in seen.meets:
        seen.meets.update(sources)  # one of them may be a number
    if value in seen.numbers:
        seen.numbers.update(sources)
    if value in seen.counts:
        seen.counts.update(sources)


def _hand_down(result: ir.Value, parts: Iterable[ir.Value], seen: Evidence) -> None:
    """What a count or an index is made of is one too: `x[i - 1]`, `x[: n + 1]`."""
    for group in (seen.counts, seen.indices):
        if result in group:
            group.update(parts)
    if result in seen.sizes:
        seen.counts.update(parts)


def _look_at_view(operation: ir.View, built: Built, seen: Evidence) -> None:
    base, *places = operation.operands
    by_text = any(_is_quoted(place, built) for place in places)
    (seen.dicts if by_text else seen.array).add(base)
    _look_at_index(operation, seen)


def _look_at_index(operation: ir.View | ir.Store, seen: Evidence) -> None:
    for item in operation.index:
        if isinstance(item, ir.At):
            seen.indices.add(operation.operands[item.operand])
        elif isinstance(item, ir.Range):
            bounds = (item.lower, item.upper, item.step)
            seen.counts.update(operation.operands[p] for p in bounds if p is not None)


def _look_at_unpacking(operation: ir.View, built: Built, seen: Evidence) -> None:
    """`N, D = x.shape` shows the rank of x."""
    made = built.definition.get(operation.operands[0])
    line = built.line_of.get(operation)
    if isinstance(made, ir.Gate) and made.gate == "shape_of" and line is not None:
        if line.expression != e.Primal(made.result):
            return  # `a, b = x.shape[0], 1`
        for target in line.targets:
            if isinstance(target, tuple):
                seen.ranks[made.operands[0]] = len(target)


def _look_at_gate(operation: ir.Gate, built: Built, seen: Evidence) -> None:
    result = operation.result
    gate = GATES[operation.gate]
    if gate.family == "pairs":
        _look_at_pair(operation, gate, seen)
        return
    numbers = _look_at_roles(operation, gate, seen)
    if operation.gate == "boolean":
        seen.flags.update(operation.operands)
    if operation.gate == "power":
        seen.exponents.add(operation.operands[1])
    if operation.gate in CONVERTED:
        seen.converted.update(operation.operands[:1])
    if gate.sequences:  # a built-in that goes through it
        seen.array.update(operation.operands)
    elementwise = GATES[operation.gate].by_entry
    compared = not gate.differentiable
    is_kind = operation.gate == "isinstance"
    if is_kind or (compared and any(_is_text(o, built) for o in operation.operands)):
        seen.others.update(operation.operands)
        return
    if elementwise:
        seen.numbers.update(numbers)
    if operation.gate in WHOLE_ARITHMETIC and (result in seen.counts or result in seen.sizes):
        seen.counts.update(operation.operands)  # `range(1, n + 2)`
    _look_at_spelling(operation, built, numbers, elementwise, seen)
    _look_at_letters(operation, seen)


def _look_at_letters(operation: ir.Gate, seen: Evidence) -> None:
    """np.einsum has a letter for every axis."""
    for labels, value in zip(labels_of(operation), operation.operands, strict=False):
        if operation not in seen.always or REST in labels:
            continue
        if labels:
            seen.ranks[value] = len(labels)
        else:
            seen.scalar.add(value)


def _look_at_spelling(
    operation: ir.Gate,
    built: Built,
    numbers: list[ir.Value],
    elementwise: bool,
    seen: Evidence,
) -> None:
    """What is shown by the library that a call is spelled with, or by an operator."""
    result, gate = operation.result, GATES[operation.gate]
    spelled = built.spelling[result]
    shown = library_of(spelled)
    if shown == "math" and (gate.sequences or gate.tuples):
        shown = "numpy"  # math.fsum and the like go through an array
    if shown == "math" or _is_of_one_number(spelled):
        _prove(operation, seen)
        seen.numbers.update(operation.operands)
    elif shown == "numpy" and elementwise and result in seen.scalar:
        _prove(operation, seen, operation.result)  # `math.exp(np.minimum(x, y))`
        seen.numbers.update(operation.operands)
    elif shown == "numpy":
        _look_at_numpy(operation, gate, numbers, seen)
    elif shown == "member" or operation.gate == "matmul":
        _look_at_member(operation, gate, shown == "member", seen)
    elif elementwise and gate.rule is not comparison:
        _look_at_operator(operation, result, seen)


def _look_at_roles(
    operation: ir.Gate | ir.Effect, gate: GateDefinition, seen: Evidence
) -> list[ir.Value]:
    """Note counts, sizes, indices and sources of random numbers; return the other operands."""
    roles = [gate.role_of(place) for place in range(len(operation.operands))]
    for role, operand in zip(roles, operation.operands, strict=True):
        if role in gate.counts or (role in gate.sizes and roles.count(role) > 1):
            seen.counts.add(operand)
        elif role in gate.sizes:
            seen.sizes.add(operand)
        elif role in gate.pools:
            seen.pools.add(operand)
        elif role in gate.bounds:
            seen.bounds.add(operand)
        elif role in gate.indices:
            seen.indices.add(operand)
        elif role == SOURCE:
            seen.sources.add(operand)
    return [o for place, o in enumerate(operation.operands) if gate.is_number(place)]


def _look_at_pair(operation: ir.Gate, gate: GateDefinition, seen: Evidence) -> None:
    """What the function shows of its parameters is shown of what it is given."""
    for place, operand in enumerate(operation.operands):
        for name, group in gate.serves:
            if name == gate.role_of(place):
                getattr(seen, group).add(operand)


def served(parameters: Iterable[tuple[str, ir.Value]], seen: Evidence) -> list[tuple[str, str]]:
    """Return what is shown of a function's parameters besides their ranks."""
    groups = ("counts", "indices", "flags", "sources", "sizes", "pools", "dicts", "others")
    return [
        (name, group)
        for name, value in parameters
        for group in groups
        if value in getattr(seen, group)
    ]


def _prove(operation: ir.Gate, seen: Evidence, result: ir.Value | None = None) -> None:
    """Its operands are scalars: on every path if it runs on all, and its result is one on all."""
    seen.scalar.update(operation.operands)
    if operation in seen.always and (result is None or result in seen.proven):
        seen.proven.update(operation.operands)


def _look_at_numpy(
    operation: ir.Gate, gate: GateDefinition, numbers: list[ir.Value], seen: Evidence
) -> None:
    if gate.name == "where":
        seen.meets.update(operation.operands)
        return
    seen.numbers.update(numbers)
    if len(gate.operands) > 1 and gate.by_entry:
        seen.meets.update(numbers)
        return
    either = (*gate.neutral, *gate.bounds)
    for place, operand in enumerate(operation.operands):
        if operand in numbers and gate.role_of(place) not in either:
            seen.array.add(operand)


def _look_at_member(
    operation: ir.Gate, gate: GateDefinition, is_member: bool, seen: Evidence
) -> None:
    if gate.differentiable:
        numbers = (o for place, o in enumerate(operation.operands) if gate.is_number(place))
        seen.numbers.update(numbers)
    all_arrays = not is_member or operation.gate == "dot"
    seen.array.update(operation.operands if all_arrays else operation.operands[:1])


def _look_at_operator(operation: ir.Gate, result: ir.Value, seen: Evidence) -> None:
    _hand_down(result, operation.operands, seen)
    if result in seen.scalar:
        _prove(operation, seen, result)
    elif result in seen.array and len(operation.operands) == 1:
        seen.array.update(operation.operands)
    elif result in seen.array or result in seen.meets:
        seen.meets.update(operation.operands)


def _is_of_one_number(spelled: e.Expression) -> bool:
    """True for a call of a built-in that takes no arrays."""
    match spelled:
        case e.Call(e.Name(name), _, _):
            return name in ONE_NUMBER
    return False


def _is_text(value: ir.Value, built: Built) -> bool:
    made = built.definition.get(value)
    if isinstance(made, ir.Aggregate):
        return any(_is_text(item, built) for item in made.operands)
    is_word = isinstance(made, ir.Constant) and made.text in ("None", "True", "False")
    return is_word or _is_quoted(value, built)


def _is_quoted(value: ir.Value, built: Built) -> bool:
    made = built.definition.get(value)
    return isinstance(made, ir.Constant) and made.text[:1] in ("'", '"')


def library_of(spelled: e.Expression) -> str | None:
    """Return "numpy", "math", "member" (`x.sum()`, `x.T`) or None for an operator.

    Functions of scipy, and helpers of ours, take what numpy's take.
    """
    match spelled:
        case e.Call(e.Helper(), _, _):
            return "numpy"
        case e.Call(e.Library(path), _, _):
            return _top(path)
        case e.Call(e.Attribute(), _, _) | e.Attribute():
            return "member"
    for part in spelled.leaves():
        if isinstance(part, e.Library):
            return _top(part.path)
    return None


def _top(path: str) -> str:
    top = path.split(".", maxsplit=1)[0]
    return "numpy" if top == "scipy" else top


def undecided_that_meet_arrays(
    built: Built, undecided: set[ir.Value], types: dict[ir.Value, Type]
) -> set[ir.Value]:
    """Return the undecided parameters that meet an array (or what may be one) in arithmetic.

    `types` are those with every undecided parameter taken as a scalar.
    """
    found: set[ir.Value] = set()
    while True:
        more = _meeting(built, undecided - found, found, types)
        if not more:
            return found
        found |= more


def _meeting(
    built: Built, undecided: set[ir.Value], unknown: set[ir.Value], types: dict[ir.Value, Type]
) -> set[ir.Value]:
    walk = _Meeting({p: frozenset({p}) for p in undecided}, set(unknown), types)
    before = -1
    while before != walk.size():
        before = walk.size()
        for operation in ir.operations(built.function.body):
            walk.look(operation)
        if not any(operation.blocks() for operation in built.function.body.operations):
            break
    return walk.met


@dataclass
class _Meeting:
    """Which undecided parameters each value is made of, and which values may be arrays."""

    depends: dict[ir.Value, frozenset[ir.Value]]
    maybe_array: set[ir.Value]
    types: dict[ir.Value, Type]
    met: set[ir.Value] = field(default_factory=set)

    def size(self) -> int:
        below = sum(len(parameters) for parameters in self.depends.values())
        return len(self.met) + len(self.maybe_array) + below

    def look(self, operation: ir.Operation) -> None:
        match operation:
            case ir.If():
                for place, result in enumerate(operation.results):
                    self._flow(result, ir.arms(operation, place))
            case ir.For() | ir.While():
                for one in ir.carried(operation):
                    self._flow(one.parameter, [one.start, one.next])
                    self._flow(one.result, [one.start, one.next])
            case ir.Store():
                if not all(isinstance(item, ir.At) for item in operation.index):
                    self.met |= self.depends.get(operation.operands[1], frozenset())
                self.maybe_array.add(operation.result)
            case ir.Gate() if GATES[operation.gate].by_entry:
                self._flow(operation.result, operation.operands)
            case ir.Gate() if GATES[operation.gate].nested:
                self._flow(operation.result, operation.operands)
                self.maybe_array.add(operation.result)
                self.depends[operation.result] = frozenset()
            case _:
                for result in operation.results:
                    if self.types[result].shape != shapes.SCALAR:
                        self.maybe_array.add(result)

    def _flow(self, result: ir.Value, operands: Sequence[ir.Value]) -> None:
        none: frozenset[ir.Value] = frozenset()
        below = none.union(*(self.depends.get(o, none) for o in operands))
        if any(o in self.maybe_array or self._is_array(o) for o in operands):
            self.maybe_array.add(result)
            self.met |= below
        self.depends[result] = below

    def _is_array(self, value: ir.Value) -> bool:
        kind = self.types[value]
        return kind.kind == "number" and kind.shape != shapes.SCALAR
