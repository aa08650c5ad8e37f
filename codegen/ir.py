"""The IR: SSA operations in blocks; regions instead of a control-flow graph.

Every value is defined once, by one operation or as a block's parameter, and carries the author's
name, if it has one, and its place. Facts about values live in dictionaries beside the IR.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class At:
    """An index by a value: an int, an integer array or a mask. `operand` counts from the base."""

    operand: int


@dataclass(frozen=True)
class Range:
    """A slice; each bound is an operand's position or None."""

    lower: int | None
    upper: int | None
    step: int | None


@dataclass(frozen=True)
class NewAxis:
    """`np.newaxis` or None in an index."""


@dataclass(frozen=True)
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

    Operands: the base, the value stored, then what the index map refers to.
    """

    index: tuple[IndexItem, ...]
    operator: str  # "" or the augmented one: "+" "-" "*" "/" "//" "%" "**" "@"


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
    """What happens once, in order, in the forward pass: print, assert, a guard, a draw."""

    kind: str  # "print" "assert" "guard" "draw"


@dataclass(eq=False)
class If(Operation):
    """Operand: the condition. Both blocks yield the results, in order, unless they leave."""

    then: Block
    otherwise: Block

    def blocks(self) -> tuple[Block, ...]:
        return (self.then, self.otherwise)


@dataclass(eq=False)
class For(Operation):
    """Operands: the iterable, the carried. The body's parameters: the item, the carried."""

    body: Block

    def blocks(self) -> tuple[Block, ...]:
        return (self.body,)


@dataclass(eq=False)
class While(Operation):
    """Operands: what is carried. `test` yields one condition; `body` yields the carried."""

    test: Block
    body: Block

    def blocks(self) -> tuple[Block, ...]:
        return (self.test, self.body)


@dataclass(eq=False)
class Exit(Operation):
    """`break`, `continue` or `return`: the last operation of its block, which then yields nothing.

    Operands: all that the innermost loop carries, or all that the function returns.
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


def operations(block: Block) -> Iterator[Operation]:
    """Yield all operations of a block and of the regions in it, in order."""
    for operation in block.operations:
        yield operation
        for inner in operation.blocks():
            yield from operations(inner)
