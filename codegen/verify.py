"""The rules of the IR: every pass leaves a function for which `verify` has nothing to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from codegen import ir
from codegen.gates.declare import GATES, GateDefinition, Statics
from codegen.gates.pattern import Pattern

# The gates that no pattern matches; None: any number of operands from two on.
WITHOUT_PATTERN: dict[str, tuple[int | None, tuple[str, ...]]] = {
    "alias": (1, ()),
    "stop": (1, ()),
    "maximum_half": (1, ("C",)),
    "boolean": (None, ("operator",)),
    "test": (None, ("operators",)),
    "least": (None, ()),
}
STORES = ("", "+", "-", "*", "/", "//", "%", "**", "@", "at", "append", "pop")
OF_LISTS = ("append", "pop")  # which need no index
AGGREGATES = ("tuple", "list", "dict")
EFFECTS = ("print", "assert", "guard", "exit", "draw", "raise", "call", "setting")
EXITS = ("break", "continue")


class InvalidIR(AssertionError):
    """A function that breaks a rule of the IR: a bug of the pass that made it."""


def verify(function: ir.Function) -> None:
    """Raise InvalidIR, with a full sentence, for the first rule of the IR that is broken.

    Definitions: each value is defined once, as a parameter or as a result, and before it is used;
    a region sees the values around it, and nothing outside sees a region's.

    Counts: a gate exists and has its operands; the blocks of an `if` yield its results; a `for`
    hands its body the item and the carried, which the body yields; a `while` hands the carried to
    its test, which yields one value, and to its body, which yields them.

    Exits: `break` and `continue` stand last in their block, in `if`s that stand last in the body of
    a loop: what their block yields is what the loop carries on. A `raise` stands last in its block,
    which yields nothing; an `if` whose blocks both raise has no results and stands last too.
    """
    check = _Check(function)
    check.block(function.body, False, f"the body of {function.name}")


@dataclass
class _Check:
    """One walk over a function."""

    function: ir.Function
    defined: set[ir.Value] = field(default_factory=set)  # anywhere
    visible: set[ir.Value] = field(default_factory=set)  # here

    def fail(self, where: str, sentence: str) -> NoReturn:
        raise InvalidIR(f"In {self.function.name}, {where}: {sentence}.")

    def block(self, block: ir.Block, may_leave: bool, where: str) -> None:
        """Check a block; `may_leave` at the end of a loop's body, where exits stand."""
        own: list[ir.Value] = []
        self._define(block.parameters, own, where)
        for place, operation in enumerate(block.operations):
            at = _place(operation)
            for operand in operation.operands:
                if operand not in self.visible:
                    self.fail(at, f"{operand} is used where it is not defined")
            last = place == len(block.operations) - 1
            if not last and (_leaves(operation) or ir.raises(operation)):
                self.fail(
                    at, "what stands behind an exit or a raise never runs: it must stand last"
                )
            self._operation(operation, may_leave and last, at)
            self._define(operation.results, own, at)
        if ir.is_dead(block) and block.yields:
            self.fail(where, "a block that ends in a raise must yield nothing")
        for value in block.yields:
            if value not in self.visible:
                self.fail(where, f"{value} is yielded where it is not defined")
        self.visible.difference_update(own)

    def _define(self, values: Sequence[ir.Value], own: list[ir.Value], where: str) -> None:
        for value in values:
            if value in self.defined:
                self.fail(where, f"{value} is defined a second time")
            self.defined.add(value)
            self.visible.add(value)
            own.append(value)

    def _count(self, where: str, what: str, have: int, want: int) -> None:
        if have != want:
            self.fail(where, f"{what} must be {want}, and there are {have}")

    def _operation(self, operation: ir.Operation, may_leave: bool, at: str) -> None:
        match operation:
            case ir.Gate():
                self._gate(operation, at)
            case ir.Constant() | ir.Aggregate():
                self._value(operation, at)
            case ir.View() | ir.Store():
                self._indexed(operation, at)
            case ir.Call():
                pass  # operands and results are the called function's business
            case ir.Effect():
                self._effect(operation, at)
            case ir.Exit():
                self._exit(operation, may_leave, at)
            case ir.If():
                self._if(operation, may_leave, at)
            case ir.For():
                self._for(operation, at)
            case ir.While():
                self._while(operation, at)
            case _:
                self.fail(at, f"{type(operation).__name__} is no operation of the IR")

    # values

    def _gate(self, operation: ir.Gate, at: str) -> None:
        gate = GATES.get(operation.gate)
        if gate is None or gate.kind == "draw":
            self.fail(at, f"there is no gate called {operation.gate}")
        self._count(at, f"the results of the gate {gate.name}", len(operation.results), 1)
        if len(dict(operation.statics)) != len(operation.statics):
            self.fail(at, f"a static argument of the gate {gate.name} is given twice")
        statics, count = dict(operation.statics), len(operation.operands)
        if gate.name == "growing":
            return  # of any number of items
        if gate.patterns:
            if fitting(gate, count, statics) is None:
                forms = ", ".join(pattern.text for pattern in gate.patterns)
                self.fail(
                    at,
                    f"the gate {gate.name} takes none of its forms ({forms}) with "
                    f"{count} operands and the static arguments {', '.join(statics) or 'none'}",
                )
            return
        if gate.spellings:
            least = len(gate.operands)
            if count < least:
                self.fail(at, f"the gate {gate.name} needs {least} operands, and has {count}")
            given = (count, gate.spelled_statics)
        else:
            given = (count, tuple(statics))
        wanted, names = WITHOUT_PATTERN.get(gate.name, given)
        if wanted is None and count < 2:
            self.fail(at, f"the gate {gate.name} needs at least 2 operands, and has {count}")
        if wanted is not None:
            self._count(at, f"the operands of the gate {gate.name}", count, wanted)
        if tuple(statics) != names:
            self.fail(
                at, f"the static arguments of the gate {gate.name} must be {', '.join(names)}"
            )

    def _value(self, operation: ir.Constant | ir.Aggregate, at: str) -> None:
        what = type(operation).__name__.lower()
        self._count(at, f"the results of the {what}", len(operation.results), 1)
        if isinstance(operation, ir.Constant):
            self._count(at, "the operands of the constant", len(operation.operands), 0)
            return
        if operation.kind not in AGGREGATES:
            self.fail(at, f"an aggregate is a tuple, list or dict, not a {operation.kind}")
        keys = len(operation.operands) if operation.kind == "dict" else 0
        self._count(at, f"the keys of the {operation.kind}", len(operation.keys), keys)

    def _indexed(self, operation: ir.View | ir.Store, at: str) -> None:
        what = type(operation).__name__.lower()
        self._count(at, f"the results of the {what}", len(operation.results), 1)
        given = 1 if isinstance(operation, ir.View) else 2
        if len(operation.operands) < given:
            self.fail(at, f"the {what} lacks its base or its value")
        if (
            not operation.index
            and isinstance(operation, ir.Store)
            and operation.operator not in OF_LISTS
        ):
            self.fail(at, f"the {what} has no index")
        used = [place for item in operation.index for place in index_operands(item)]
        if sorted(used) != list(range(given, len(operation.operands))):
            self.fail(at, f"the index of the {what} must use each operand behind the base once")
        if isinstance(operation, ir.Store) and operation.operator not in STORES:
            self.fail(at, f"{operation.operator}= is no way to store")

    def _effect(self, operation: ir.Effect, at: str) -> None:
        if operation.kind not in EFFECTS:
            self.fail(at, f"{operation.kind} is no effect")
        want = 1 if operation.kind == "draw" else 0
        self._count(at, f"the results of the {operation.kind}", len(operation.results), want)
        if operation.kind == "draw" and operation.gate not in GATES:
            self.fail(at, f"there is no draw called {operation.gate or '(nothing)'}")

    # control

    def _exit(self, operation: ir.Exit, may_leave: bool, at: str) -> None:
        if operation.kind not in EXITS:
            self.fail(at, f"{operation.kind} is no exit")
        self._count(at, f"the results of {operation.kind}", len(operation.results), 0)
        self._count(at, f"the operands of {operation.kind}", len(operation.operands), 0)
        if not may_leave:
            self.fail(at, f"{operation.kind} does not stand at the end of a loop's body")

    def _if(self, operation: ir.If, may_leave: bool, at: str) -> None:
        self._count(at, "the conditions of the if", len(operation.operands), 1)
        if ir.raises(operation):
            self._count(at, "the results of an if that always raises", len(operation.results), 0)
        for name, block in (("then", operation.then), ("otherwise", operation.otherwise)):
            where = f"{name} of {at}"
            self._count(where, "the parameters", len(block.parameters), 0)
            self.block(block, may_leave, where)
            if not ir.is_dead(block):
                self._count(where, "the yields", len(block.yields), len(operation.results))

    def _for(self, operation: ir.For, at: str) -> None:
        if not operation.operands:
            self.fail(at, "the for has no iterable")
        carried = len(operation.operands) - 1
        self._count(at, "the results of the for", len(operation.results), carried)
        where = f"the body of {at}"
        self._count(where, "the parameters", len(operation.body.parameters), carried + 1)
        self._loop(operation.body, carried, where)

    def _while(self, operation: ir.While, at: str) -> None:
        carried = len(operation.operands)
        self._count(at, "the results of the while", len(operation.results), carried)
        where = f"the test of {at}"
        self._count(where, "the parameters", len(operation.test.parameters), carried)
        self.block(operation.test, False, where)
        self._count(where, "the yields", len(operation.test.yields), 1)
        where = f"the body of {at}"
        self._count(where, "the parameters", len(operation.body.parameters), carried)
        self._loop(operation.body, carried, where)

    def _loop(self, body: ir.Block, carried: int, where: str) -> None:
        self.block(body, True, where)
        self._count(where, "the yields", len(body.yields), carried)


def fitting(gate: GateDefinition, operands: int, statics: Statics) -> Pattern | None:
    """Return the first pattern that takes so many operands and these static arguments.

    A dtype that is a value ("?") is one operand more. Static arguments with a default may be left
    out; number literals may not.
    """
    count = operands - sum(1 for value in statics.values() if value == "?")
    for pattern in gate.patterns:
        roles = [argument.role for argument in pattern.arguments]
        unnamed = ("operand", "optional", "rest")
        named = {a.name for a in pattern.arguments if a.role not in unnamed}
        literals = {a.name for a in pattern.arguments if a.role == "literal"}
        if not literals <= set(statics) <= named:
            continue
        wanted = roles.count("operand")
        most = wanted + roles.count("optional")
        more = "rest" in roles or "display" in roles
        if wanted <= count <= most or (count > most and more):
            return pattern
    return None


def index_operands(item: ir.IndexItem) -> tuple[int, ...]:
    """Return the positions of the operands that one item of an index map refers to."""
    match item:
        case ir.At(place):
            return (place,)
        case ir.Range(lower, upper, step):
            return tuple(place for place in (lower, upper, step) if place is not None)
    return ()


def _leaves(operation: ir.Operation) -> bool:
    """Return True for an operation behind which nothing of this turn runs on some path."""
    if isinstance(operation, ir.If):
        return any(
            bool(block.operations) and _leaves(block.operations[-1]) for block in operation.blocks()
        )
    return isinstance(operation, ir.Exit)


def _place(operation: ir.Operation) -> str:
    name = type(operation).__name__.lower()
    line = "" if operation.span is None else f" at line {operation.span.line}"
    return f"the {name}{line}"
