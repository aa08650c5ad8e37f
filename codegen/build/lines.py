"""What building a function gives: its IR, and the author's lines that the IR came from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from codegen import expressions as e
from codegen import ir
from codegen.errors import Note
from codegen.shapes import Type
from codegen.source import Span

Path = tuple[int | str, ...]  # places in tuples (int) and lists (ListPlace), keys of dicts
Target = ir.Value | tuple["Target", ...]


class ListPlace(int):
    """A place in a list."""


@dataclass(eq=False)
class Exchange:
    """Lines that stand for `a, b = b, a`: `spare = a.copy()`, `a[...] = b`, `b[...] = spare`."""

    lines: list[Line]
    arrays: tuple[ir.Value, ...]  # as they are before
    handed: frozenset[ir.Value]  # what a helper was given, around it


@dataclass(eq=False)
class Line:
    """One statement of the author as it will be printed.

    kind: "assign", "augment", "print", "call" (of np.random.seed), "assert", "guard" (if ...: raise
    ...), "exit" (if ...: return ...), "raise", "break", "continue"; "store" (into a part of an
    array, with or without `operator`); "setting" (into the dict of options `detail`); "if", "for",
    "while" with lines of their own in `bodies`; "item" (what a loop's header assigns); "move" (a
    value goes on under another name); "do" (an expression for its effect). The expressions' leaves
    are values; which of them are names on paper is decided later.
    """

    kind: str
    span: Span
    targets: tuple[Target, ...] = ()
    expression: e.Expression | None = None
    operator: str = ""  # of an augmented assignment
    operand: e.Expression | None = None  # its right side
    detail: e.Expression | None = None  # an assert's message, a guard's exception
    annotation: str | None = None
    comment: str | None = None
    above: tuple[str, ...] = ()
    verbatim: str | None = None  # the author's text of the statement
    stopped: bool = False
    inlined: bool = False
    operation: ir.Operation | None = None  # of "if", "for" and "while"
    index: e.Expression | None = None  # of a "store": `target[index] = expression`
    bodies: tuple[list[Line], ...] = ()
    node: ast.AugAssign | None = None  # of "augment"
    names: dict[ir.Value, ast.Name] = field(default_factory=dict)  # what an "assign", "item" binds
    handed: frozenset[ir.Value] = frozenset()  # what a helper was given, around an "augment"
    whole: bool = False  # a "store" that the author wrote without an index: `a += e`
    updates: bool = False  # the same, of `a **= e` too, which is `a[...] = a ** e`
    exchange: Exchange | None = None  # that it is a part of
    display: bool = False  # a "for" that is a comprehension of the author's
    flat: bool = False  # the else part was written behind the `if`, whose body leaves

    def values(self) -> list[ir.Value]:
        """The values that the line names, left to right."""
        if len(self.targets) == 1 and isinstance(self.targets[0], ir.Value):
            return [self.targets[0]]
        found: list[ir.Value] = []
        stack: list[Target] = list(reversed(self.targets))
        while stack:
            target = stack.pop()
            if isinstance(target, ir.Value):
                found.append(target)
            else:
                stack.extend(reversed(target))
        return found


def all_lines(lines: list[Line]) -> Iterator[Line]:
    """Yield the lines and those in their bodies, in order."""
    for line in lines:
        yield line
        for body in line.bodies:
            yield from all_lines(body)


@dataclass(eq=False)
class FormalParameter:
    """A parameter as the author declared it."""

    name: str
    value: ir.Value
    kind: str  # "positional" "plain" "keyword"; "entry" of a dict, "attribute" of self
    annotation: ast.expr | None = None
    default: ast.expr | None = None
    example: ast.expr | None = None  # a script's literal
    promise: ast.expr | None = None  # what is taken as declared instead of the annotation
    handed: Type | None = None  # of a cache that we put together
    base: FormalParameter | None = None  # of an entry: the dict that has it
    key: str = ""


def root_of(parameter: FormalParameter) -> FormalParameter:
    """Return the parameter that an entry belongs to, or the parameter itself."""
    while parameter.base is not None:
        parameter = parameter.base
    return parameter


@dataclass(eq=False)
class Returned:
    """One returned value and the author's name for it (None: an expression)."""

    value: ir.Value
    name: str | None
    span: Span
    path: Path = ()  # where it stands in what is returned


MASKS = frozenset(
    ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "and", "or", "invert")
)


@dataclass(eq=False)
class Built:
    """A function in IR, with everything about it that is not IR."""

    function: ir.Function
    lines: list[Line]
    line_of: dict[ir.Operation, Line]
    definition: dict[ir.Value, ir.Operation]
    spelling: dict[ir.Value, e.Expression]
    parameters: list[FormalParameter]
    returned: list[Returned]
    returns_tuple: bool
    docstring: str | None
    hints: dict[ir.Value, str]
    helpers: dict[str, None]  # same-file functions that stay calls, in order of use
    constants: dict[str, None]  # module constants that are read
    notes: list[Note]
    draws: bool = False
    written: list[Returned] = field(default_factory=list)  # parameters that are written into
    entries: list[FormalParameter] = field(default_factory=list)  # of dicts that it is given
    settings: frozenset[str] = frozenset()  # parameters that are dicts of options
    settled: dict[ir.Value, Type] = field(default_factory=dict)  # what their entries are
    changed: set[ir.Value] = field(default_factory=set)  # those that are written into
    has_numpy: bool = True
    calls: dict[ir.Value, e.Expression] = field(default_factory=dict)  # that give whole tuples
    parts: dict[ir.Value, tuple[ir.Value, ...]] = field(default_factory=dict)  # of such a tuple
    node: ast.FunctionDef | None = None  # None: a script
    handed: list[tuple[ast.FunctionDef, dict[str, ir.Value]]] = field(default_factory=list)
    counted: list[ir.Value] = field(default_factory=list)  # in an index, where they must be numbers
    parted: list[tuple[ir.Value, int]] = field(default_factory=list)  # by more axes than a number
    parts_given: list[tuple[ir.Value, ast.expr]] = field(default_factory=list)  # to functions
    exchanged: list[Exchange] = field(default_factory=list)
    scaled_items: set[ir.Operation] = field(default_factory=set)  # stores for `hs[i] *= e`
    regrouped: set[ir.Value] = field(default_factory=set)  # products that no line has as they are
    fixed: set[ir.Value] = field(default_factory=set)  # parameters that must have their default
    matrices: list[ir.Value] = field(default_factory=list)  # arrays that must have two axes
    is_presumed: bool = False  # it returns nothing, and may write into what it is given
    shown: str = ""  # what a method is called in messages: `Affine.forward`
    is_loss: bool = False  # a method whose gradients are those of its object's attributes
    is_procedure: bool = False  # it returns nothing: what it writes into is its value

    @property
    def title(self) -> str:
        """What the function is called in messages."""
        return self.shown or self.function.name

    def inputs(self) -> list[FormalParameter]:
        """Return the parameters, and for a dict of numbers the entries that are read instead."""
        found: list[FormalParameter] = []
        stack = list(reversed(self.parameters))
        while stack:
            parameter = stack.pop()
            inner = [entry for entry in self.entries if entry.base is parameter]
            stack += reversed(inner)
            if not inner:
                found.append(parameter)
        return found

    @cached_property
    def turns(self) -> dict[ir.Value, ir.For]:
        """The loop that each loop's variable counts."""
        loops = [one for one in ir.operations(self.function.body) if isinstance(one, ir.For)]
        return {loop.body.parameters[0]: loop for loop in loops}

    @cached_property
    def first_masks(self) -> dict[ir.Value, ir.Value]:
        """The first mask that is made as each mask is, of the same values: `x > 0`, written twice.

        Both pick as many entries.
        """
        first: dict[object, ir.Value] = {}
        found: dict[ir.Value, ir.Value] = {}
        for operation in ir.operations(self.function.body):
            if isinstance(operation, ir.Gate) and operation.gate in MASKS:
                made = [self.definition.get(value) for value in operation.operands]
                operands = [
                    one.text if isinstance(one, ir.Constant) else found.get(value, value)
                    for one, value in zip(made, operation.operands, strict=True)
                ]
                key = (operation.gate, operation.statics, *operands)
                found[operation.result] = first.setdefault(key, operation.result)
        return found

    @cached_property
    def same_shapes(self) -> dict[ir.Value, ir.Value]:
        """What has another's shape: `if dx.shape != x.shape: raise ...` stands behind it."""
        found: dict[ir.Value, ir.Value] = {}
        for line in self.lines:
            match line:
                case Line(kind="guard", expression=e.Comparison(left, ("!=",), (right,))):
                    one, other = _shaped(left), _shaped(right)
                    if one is not None and other is not None:
                        found[one] = other
        return found

    @cached_property
    def conditions(self) -> frozenset[ir.Value]:
        """What is asked for nothing but whether it is true; to be asked when all is built."""
        operations = [*ir.operations(self.function.body)]
        read, tests = set(self.function.returns), set[ir.Value]()
        for operation in operations:
            for block in operation.blocks():
                is_test = isinstance(operation, ir.While) and block is operation.test
                (tests if is_test else read).update(block.yields)
        for operation in reversed(operations):
            match operation:
                case ir.If(operands=(test,)):
                    tests.add(test)
                case ir.Gate(gate="boolean" | "not") if operation.result not in read:
                    tests.update(operation.operands)
                case _:
                    read.update(operation.operands)
        return frozenset(tests - read)

    @cached_property
    def readers(self) -> dict[ir.Value, list[ir.Gate]]:
        """The gates that read each value, in order; to be asked when all is built."""
        found: dict[ir.Value, list[ir.Gate]] = {}
        for operation in ir.operations(self.function.body):
            if isinstance(operation, ir.Gate):
                for operand in operation.operands:
                    found.setdefault(operand, []).append(operation)
        return found


def _shaped(node: e.Expression) -> ir.Value | None:
    """Return the value whose shape an expression is."""
    match node:
        case e.Attribute(e.Primal(value), "shape"):
            return value
        case e.Call(e.Library("numpy.shape"), (e.Primal(value),), _):
            return value
    return None
