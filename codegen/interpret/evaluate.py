"""The IR's evaluator: what a function in IR means, by numpy. For tests of every later form.

It takes complex numbers, so that complex step (x + 1e-30j) differentiates any program exactly: see
interpret_library for what comparisons and `abs` make of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Built
from codegen.interpret import library as lib
from codegen.interpret.expression import Unknown, evaluate, literal, name
from codegen.interpret.gate import gate
from codegen.interpret.postponed import Failed, postponed

Spelling = Mapping[ir.Value, e.Expression]


def interpret(
    function: ir.Function,
    arguments: Sequence[Any],
    *,
    spelling: Spelling | None = None,
    constants: Mapping[str, Any] | None = None,
    effect: Callable[[ir.Effect, Interpreter], None] | None = None,
) -> list[Any]:
    """Return the values that a function in IR returns for these arguments.

    A gate is evaluated from the author's `spelling`, or by its name where there is none.
    `constants` gives the module's constants, and functions that stay calls, by name. `effect` is
    called for each print, assert and guard; without it they do nothing. Random draws need a
    spelling.

    The arguments are not written to: a store makes a new array. Raises TypeError for a wrong number
    of arguments, and what numpy and Python raise.

    >>> x, y = ir.Value(0, "x"), ir.Value(1, "y")
    >>> square = ir.Gate((x, x), (y,), None, "multiply")
    >>> interpret(ir.Function("f", ir.Block([x], [square], [y])), [3.0])
    [9.0]
    """
    if len(arguments) != len(function.parameters):
        raise TypeError(
            f"{function.name} takes {len(function.parameters)} arguments, not {len(arguments)}"
        )
    run = Interpreter(spelling or {}, constants or {}, effect, postponed(function))
    run.block(function.body, arguments)
    return run.read_all(function.returns)


def interpret_built(
    built: Built,
    arguments: Sequence[Any],
    constants: Mapping[str, Any] | None = None,
    *,
    effects: bool = False,
) -> list[Any]:
    """Return the values that a built function returns, as a list also where it returns only one.

    `constants` are the module's constants and functions by name. With `effects`, prints print,
    asserts assert and guards raise.
    """

    def effect(operation: ir.Effect, run: Interpreter) -> None:
        if operation.kind == "setting":
            holder, value, key = run.read_all(operation.operands)
            holder[key] = value
            return
        line = built.line_of[operation]
        assert line.expression is not None
        outcome = run.evaluate(line.expression)
        if line.kind == "assert" and not lib.truth(outcome):
            raise AssertionError(*(() if line.detail is None else (run.evaluate(line.detail),)))
        if line.kind == "guard" and lib.truth(outcome):
            assert line.detail is not None
            raise run.evaluate(line.detail)
        if line.kind == "raise":
            raise outcome

    return interpret(
        built.function,
        arguments,
        spelling=built.spelling,
        constants=constants,
        effect=effect if effects else None,
    )


@dataclass
class Interpreter:
    """One run of a function: the values that are known so far."""

    spelling: Spelling
    constants: Mapping[str, Any]
    effect: Callable[[ir.Effect, Interpreter], None] | None = None
    postponed: frozenset[ir.Value] = frozenset()
    values: dict[ir.Value, Any] = field(default_factory=dict)
    numbers: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = {word: item for word, item in self.constants.items() if not callable(item)}

    def read(self, value: ir.Value) -> Any:
        """Return what a value holds now: in a loop, in this turn."""
        found = self.values[value]
        if isinstance(found, Failed):
            raise found.error
        return found

    def read_all(self, values: Sequence[ir.Value]) -> list[Any]:
        """Return what these values hold."""
        return [self.read(value) for value in values]

    def evaluate(self, expression: e.Expression) -> Any:
        """Return the value of an author's expression."""
        return evaluate(expression, self.read, self.constants)

    def block(self, block: ir.Block, given: Sequence[Any]) -> str | None:
        """Run a block with its parameters; return "break" or "continue" if it was left so."""
        self.values.update(zip(block.parameters, given, strict=True))
        for operation in block.operations:
            left = self._operation(operation)
            if left is not None:
                return left
        return None

    def _operation(self, operation: ir.Operation) -> str | None:
        match operation:
            case ir.Exit(kind=kind):
                return kind
            case ir.If():
                return self._if(operation)
            case ir.For():
                self._for(operation)
            case ir.While():
                self._while(operation)
            case ir.Effect(kind="draw"):
                made = self.spelling.get(operation.result)
                if made is None:
                    raise TypeError("a random draw is evaluated from its spelling, and has none")
                self.values[operation.result] = self.evaluate(made)
            case ir.Effect():
                if self.effect is not None:
                    self.effect(operation, self)
                if operation.kind == "raise":
                    raise RuntimeError("the function raises here")
            case ir.Call(function=called):
                self._results(operation, name(called, self.constants))
            case _ if operation.result in self.postponed:
                try:
                    self.values[operation.result] = self._value(operation)
                except Exception as error:  # noqa: BLE001 - raised where the value is read
                    self.values[operation.result] = Failed(error)
            case _:
                self.values[operation.result] = self._value(operation)
        return None

    def _results(self, operation: ir.Call, function: Any) -> None:
        made = function(*self.read_all(operation.operands))
        several = len(operation.results) != 1
        self.values.update(zip(operation.results, made if several else (made,), strict=True))

    # values

    def _value(self, operation: ir.Operation) -> Any:
        if isinstance(operation, ir.Gate):
            return self._gate(operation)
        operands = self.read_all(operation.operands)
        match operation:
            case ir.Constant(text=text):
                return self._constant(text)
            case ir.View(index=index):
                return operands[0][_index(index, operands)]
            case ir.Store(index=index, operator=operator):
                return _stored(_index(index, operands), operator, operands)
            case ir.Aggregate(kind="dict", keys=keys):
                return dict(zip(map(literal, keys), operands, strict=True))
            case ir.Aggregate(kind=kind):
                return operands if kind == "list" else tuple(operands)
        raise AssertionError(f"{type(operation).__name__} is no operation of the IR")

    def _constant(self, text: str) -> Any:
        if text.startswith("module:"):
            return name(text.removeprefix("module:"), self.constants)
        if "." in text and text.split(".", maxsplit=1)[0] in ("numpy", "math", "scipy"):
            return lib.library(text)
        if text.isidentifier() and text not in ("None", "True", "False"):
            return name(text, self.constants)
        return literal(text)

    def _gate(self, operation: ir.Gate) -> Any:
        spelled = self.spelling.get(operation.result)
        if spelled is not None:
            try:
                return evaluate(spelled, self.read, self.numbers)
            except Unknown:  # a function of the author's that is this gate as a whole
                pass
        return gate(operation, self.read)

    # control

    def _if(self, operation: ir.If) -> str | None:
        (test,) = operation.operands
        arm = operation.then if lib.truth(self.read(test)) else operation.otherwise
        left = self.block(arm, ())
        self.values.update(zip(operation.results, self.read_all(arm.yields), strict=True))
        return left

    def _for(self, operation: ir.For) -> None:
        iterable, *carried = self.read_all(operation.operands)
        for item in iterable:
            left = self.block(operation.body, (item, *carried))
            carried = self.read_all(operation.body.yields)
            if left == "break":
                break
        self.values.update(zip(operation.results, carried, strict=True))

    def _while(self, operation: ir.While) -> None:
        carried = self.read_all(operation.operands)
        while True:
            self.block(operation.test, carried)
            if not lib.truth(self.read(operation.test.yields[0])):
                break
            left = self.block(operation.body, carried)
            carried = self.read_all(operation.body.yields)
            if left == "break":
                break
        self.values.update(zip(operation.results, carried, strict=True))


def _index(items: tuple[ir.IndexItem, ...], operands: Sequence[Any]) -> Any:
    """Return an index map as what stands between the brackets."""

    def given(place: int | None) -> Any:
        return None if place is None else lib.real(operands[place])

    made: list[Any] = []
    for item in items:
        match item:
            case ir.At(place):
                made.append(given(place))
            case ir.Range(lower, upper, step):
                made.append(slice(given(lower), given(upper), given(step)))
            case ir.NewAxis():
                made.append(None)
            case ir.Rest():
                made.append(Ellipsis)
    return made[0] if len(made) == 1 else tuple(made)


def _stored(index: Any, operator: str, operands: Sequence[Any]) -> Any:
    """Return a copy of the base, the first operand, with the second stored into it.

    A float array that is given a complex value becomes complex; an integer array takes the integer
    part, as numpy has it.
    """
    base, value = operands[0], operands[1]
    if operator == "append":
        return [*base, value]
    if operator == "pop":
        return base[:-1]
    if isinstance(base, list) and isinstance(index, tuple):  # base[i][j] = value
        first, *rest = index
        changed = list(base)
        inner = rest[0] if len(rest) == 1 else tuple(rest)
        changed[first] = _stored(inner, operator, (base[first], value))
        return changed
    if isinstance(base, np.ndarray):
        grows = lib.is_complex(value) and base.dtype.kind == "f"
        new = base.astype(np.result_type(base, np.complex64)) if grows else base.copy()
        if new.dtype.kind != "c":
            value = lib.real(value)
    else:
        new = base.copy()
    if operator == "at":
        np.add.at(new, index, value)
        return new
    new[index] = lib.INPLACE[operator](new[index], value) if operator else value
    return new
