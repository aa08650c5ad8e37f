"""The IR: SSA operations in blocks; regions instead of a control-flow graph.

Every value is defined once, by one operation or as a block's parameter, and carries the author's
name, if it has one, and its place. Facts about values live in dictionaries beside the IR.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from codegen.frozen import frozen
from codegen.source import Span


@dataclass(eq=False)
class Value:
    """One staged value: compared by identity."""

    number: int
    name: str | None = None
    span: Span | None = None

    def __repr__(self) -> str:
        return f"%{self.number}" + (f":{self.name}" if self.name else "")


@dataclass(eq=False)
class Block:
    """A straight line of operations with parameters (what a region is given) and yields."""

    parameters: list[Value] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)


@dataclass(eq=False)
class Operation:
    """Base: what goes in, what comes out, where it stands."""

    operands: tuple[Value, ...]
    results: tuple[Value, ...]
    span: Span | None

    has_blocks: ClassVar[bool] = False

    def blocks(self) -> tuple[Block, ...]:
        """The regions the operation holds."""
        return ()

    @property
    def result(self) -> Value:
        """The only result."""
        (value,) = self.results
        return value


@dataclass(eq=False)
class Constant(Operation):
    """A literal, or a name that is constant here: a module constant, None, a dtype."""

    text: str


@dataclass(eq=False)
class Gate(Operation):
    """An operation with a gradient rule (or a rule that there is none), by its gate's name."""

    gate: str
    statics: tuple[tuple[str, object], ...] = ()

    def static(self, name: str) -> object:
        """The value of a static argument such as `axis`."""
        return dict(self.statics)[name]


@frozen
class At:
    """An index by a value: an int, an integer array or a mask. `operand` counts from the base."""

    operand: int


@frozen
class Range:
    """A slice; each bound is an operand's position or None."""

    lower: int | None
    upper: int | None
    step: int | None


@frozen
class NewAxis:
    """`np.newaxis` or None in an index."""


@frozen
class Rest:
    """`...` in an index."""


IndexItem = At | Range | NewAxis | Rest


@dataclass(eq=False)
class View(Operation):
    """A read `base[index]`: operands are the base, then what the index map refers to."""

    index: tuple[IndexItem, ...]


@dataclass(eq=False)
class Store(Operation):
    """`base[index] = value` (or `+=` ...): the result is the new value of the whole array.

    Operands: the base, the value stored, then what the index map refers to. A list is stored into
    by "append", and by "pop", whose value is the last item, read before.
    """

    index: tuple[IndexItem, ...]
    operator: str  # "" or the augmented one: "+" "-" "*" "/" "//" "%" "**" "@"; "append" "pop"


@dataclass(eq=False)
class Aggregate(Operation):
    """A tuple, list or dict of values; a dict's keys are the texts of literals: `'W1'`."""

    kind: str  # "tuple" "list" "dict"
    keys: tuple[str, ...] = ()


@dataclass(eq=False)
class Call(Operation):
    """A call of a function of the same module that is neither a gate nor inlined."""

    function: str


@dataclass(eq=False)
class Effect(Operation):
    """What happens once, in order, in the forward pass: print, assert, a guard, a draw.

    A draw has its gate's name, operands and static arguments.
    """

    kind: str  # "print" "assert" "guard" "exit" "draw" "raise" "call" (of np.random.seed) "setting"
    gate: str = ""
    statics: tuple[tuple[str, object], ...] = ()


@dataclass(eq=False)
class If(Operation):
    """Operand: the condition. Both blocks yield the results, in order.

    A block that ends in a `raise` yields nothing.
    """

    then: Block
    otherwise: Block
    has_blocks: ClassVar[bool] = True

    def blocks(self) -> tuple[Block, ...]:
        return (self.then, self.otherwise)


@dataclass(eq=False)
class For(Operation):
    """Operands: the iterable, the carried. The body's parameters: the item, the carried."""

    body: Block
    has_blocks: ClassVar[bool] = True

    def blocks(self) -> tuple[Block, ...]:
        return (self.body,)


@dataclass(eq=False)
class While(Operation):
    """Operands: what is carried. `test` yields one condition; `body` yields the carried."""

    test: Block
    body: Block
    has_blocks: ClassVar[bool] = True

    def blocks(self) -> tuple[Block, ...]:
        return (self.test, self.body)


@dataclass(eq=False)
class Exit(Operation):
    """`break` or `continue`: the last operation of its block, which yields all the same.

    It stands in the last `if` of the loop's body, so that what its block yields is what the loop
    carries on. Data flows as if it were not there; after a `break` there is no next turn.
    """

    kind: str


@dataclass(eq=False)
class Function:
    """A forward function: parameters, one block, and what it returns as the block's yields."""

    name: str
    body: Block

    @property
    def parameters(self) -> list[Value]:
        return self.body.parameters

    @property
    def returns(self) -> list[Value]:
        return self.body.yields


def is_dead(block: Block) -> bool:
    """True for a block that ends in a `raise`: nothing behind it runs, and it yields nothing."""
    return bool(block.operations) and raises(block.operations[-1])


def raises(operation: Operation) -> bool:
    """True for a `raise`, and for an `if` whose blocks both end in one."""
    if isinstance(operation, If):
        return is_dead(operation.then) and is_dead(operation.otherwise)
    return isinstance(operation, Effect) and operation.kind == "raise"


def arms(operation: If, place: int) -> list[Value]:
    """Return what the blocks that go on yield for the result at `place`."""
    return [block.yields[place] for block in operation.blocks() if not is_dead(block)]


@frozen
class Carried:
    """One variable of a loop: before it, in a turn, at the end of a turn, behind it."""

    start: Value
    parameter: Value
    next: Value
    result: Value
    tested: Value | None  # in the test of a `while`


def carried(operation: For | While) -> list[Carried]:
    """Return what a loop carries from turn to turn."""
    body = operation.body
    if isinstance(operation, While):
        starts, parameters, tested = operation.operands, body.parameters, operation.test.parameters
    else:
        starts, parameters, tested = operation.operands[1:], body.parameters[1:], []
    return [
        Carried(start, parameter, following, result, tested[place] if tested else None)
        for place, (start, parameter, following, result) in enumerate(
            zip(starts, parameters, body.yields, operation.results, strict=True)
        )
    ]


def operations(block: Block) -> Iterator[Operation]:
    """Yield all operations of a block and of the regions in it, in order, as they are now."""
    found: list[Operation] = []
    _collect(block, found)
    return iter(found)


def _collect(block: Block, found: list[Operation]) -> None:
    for operation in block.operations:
        found.append(operation)
        if operation.has_blocks:
            for inner in operation.blocks():
                _collect(inner, found)


def renumber(function: Function) -> None:
    """Number the values in the order of their definition; those of a region before its results."""
    for number, value in enumerate(_defined(function.body)):
        value.number = number


def _defined(block: Block) -> Iterator[Value]:
    yield from block.parameters
    for operation in block.operations:
        for inner in operation.blocks():
            yield from _defined(inner)
        yield from operation.results
