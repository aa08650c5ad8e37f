"""What conditions, `max` and `min` compare: one number each; an array has no one truth value.

`if x < 0.3:` shows that x is a number where nothing shows an array, `if q[i] > 0:` that q has as
many axes as its entry has places.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import ir
from codegen.gates.declare import GATES
from codegen.gates.rules import builtin_extreme, comparison


@dataclass
class Compared:
    """What was seen of each value."""

    numbers: set[ir.Value] = field(default_factory=set)  # what conditions are made of, by entries
    whole: set[ir.Value] = field(default_factory=set)  # subscripted, summed, ...: no one number
    flags: set[ir.Value] = field(default_factory=set)  # conditions as a whole
    words: set[ir.Value] = field(default_factory=set)  # text, None, True: no numbers

    def shows_number(self, value: ir.Value) -> bool:
        """True for what is compared, and is not shown to be an array, or a flag."""
        return value in self.numbers and value not in self.whole and value not in self.flags


def compared(body: ir.Block) -> Compared:
    """Walk the operations backwards and note what conditions are made of."""
    seen = Compared()
    for operation in ir.operations(body):
        if isinstance(operation, ir.Constant) and not _is_number(operation.text):
            seen.words.add(operation.result)
    loops = any(isinstance(o, ir.For | ir.While) for o in ir.operations(body))
    for _ in range(3 if loops else 1):
        _collect(body, seen)
    return seen


def _collect(block: ir.Block, seen: Compared) -> None:
    for operation in reversed(block.operations):
        _look(operation, seen)
        for inner in reversed(operation.blocks()):
            _collect(inner, seen)


def _look(operation: ir.Operation, seen: Compared) -> None:
    match operation:
        case ir.If(operands=(test,), results=results):
            _condition(test, seen)
            for place, result in enumerate(results):
                _same(result, ir.arms(operation, place), seen)
        case ir.For() | ir.While():
            if isinstance(operation, ir.While):
                _condition(operation.test.yields[0], seen)
            for one in ir.carried(operation):
                _same(one.parameter, [one.start], seen)
                _same(one.result, [one.start, one.next], seen)
                if one.tested is not None:
                    _same(one.tested, [one.start], seen)
        case ir.Gate(operands=operands) if not seen.words.isdisjoint(operands):
            return
        case ir.Gate(gate=name, operands=operands) if GATES[name].rule is builtin_extreme:
            seen.numbers.update(operands)
        case ir.Gate(gate=name) if _is_by_entry(name):
            _same(operation.result, list(operation.operands), seen)
            if name == "boolean":
                seen.flags.update(operation.operands)
        case ir.View() | ir.Store() | ir.Gate():
            places = (
                operation.operands if isinstance(operation, ir.Gate) else operation.operands[:1]
            )
            seen.whole.update(places)


def _condition(test: ir.Value, seen: Compared) -> None:
    seen.numbers.add(test)
    seen.flags.add(test)


def _is_number(text: str) -> bool:
    return not text.startswith(("'", '"', "None", "True", "False"))


def _is_by_entry(name: str) -> bool:
    gate = GATES[name]
    return (gate.by_entry and not gate.sequences) or name == "boolean" or gate.rule is comparison


def _same(value: ir.Value, parts: list[ir.Value], seen: Compared) -> None:
    """What is shown of a value is shown of what it is made of."""
    for group in (seen.numbers, seen.whole):
        if value in group:
            group.update(parts)
