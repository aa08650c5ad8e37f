"""Softmax over several lines, and the maximum that is taken out of it, which cancels.

`shifted = x - np.max(x, axis=1, keepdims=True)` is there for the sake of large numbers: what is
computed from it is the same whatever is taken out, so that the maximum has no gradient. That is
shown by how each value answers to a shift of x: by a sum (`shifted` itself, and logarithms), by a
factor (`np.exp(shifted)` and its sums), or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from codegen import ir
from codegen.build.alike import itself
from codegen.build.lines import Built
from codegen.shapes import SCALAR, Known, Type, normalized

Types = dict[ir.Value, Type]
NONE = ("none", 0)


def put_together(built: Built, types: Types, active: set[ir.Value]) -> bool:
    """Take exponentials over their sums for softmax, and maxima that cancel for constants.

    True if there is one.
    """
    has_one = False
    operations = [o for o in ir.operations(built.function.body) if isinstance(o, ir.Gate)]
    for operation in operations:
        if operation.gate == "divide" and operation.result in active:
            has_one = _softmax(operation, built, types) or has_one
        if operation.gate == "subtract" and operation.result in active:
            has_one = _log_softmax(operation, built, types) or has_one
    order = list(ir.operations(built.function.body))
    held = _yielded(built.function.body)
    for operation in operations:
        if operation.gate == "subtract" and operation.result in active:
            shift = _Shift.of(operation, built, types, active)
            if shift is not None and shift.cancels(order, held):
                operation.gate = "shifted"
                has_one = True
    return has_one


def _softmax(operation: ir.Gate, built: Built, types: Types) -> bool:
    above, below = (itself(value, built) for value in operation.operands)
    exp, total = built.definition.get(above), built.definition.get(below)
    if not isinstance(exp, ir.Gate) or exp.gate != "exp" or not isinstance(total, ir.Gate):
        return False
    if total.gate != "sum" or itself(total.operands[0], built) is not above:
        return False
    if total.static("dtype") is not None or not _meets(above, total, types):
        return False
    operation.gate, operation.operands = "softmax", exp.operands
    operation.statics = (("axis", total.static("axis")), ("keepdims", total.static("keepdims")))
    return True


def _meets(whole: ir.Value, reduced: ir.Gate, types: Types) -> bool:
    """True if what was reduced broadcasts against the rows that it was reduced from."""
    axis, shape = reduced.static("axis"), types[whole].shape
    if types[whole].scalar or not isinstance(shape, Known):
        return False
    return bool(reduced.static("keepdims")) or shape.rank == 1 or axis in (None, 0, (0,))


def _log_softmax(operation: ir.Gate, built: Built, types: Types) -> bool:
    """Take `x - np.log(total)` for one operation, where total sums the exponentials of x."""
    x, taken = operation.operands
    if types[operation.result].shape != types[x].shape:
        return False
    whole, made = itself(x, built), built.definition.get(itself(taken, built))
    if not isinstance(made, ir.Gate):
        return False
    if made.gate == "logsumexp" and itself(made.operands[0], built) is whole:
        if not _meets(whole, made, types):
            return False
        operation.gate = "log_shares_of"
        operation.statics = (("axis", made.static("axis")),)
        return True
    total = built.definition.get(itself(made.operands[0], built)) if made.gate == "log" else None
    if not isinstance(total, ir.Gate) or total.gate != "sum":
        return False
    exp = built.definition.get(itself(total.operands[0], built))
    if not isinstance(exp, ir.Gate) or exp.gate != "exp":
        return False
    if itself(exp.operands[0], built) is not whole or not _meets(whole, total, types):
        return False
    if total.static("dtype") is not None:
        return False
    operation.gate, operation.operands = "log_shares", (x, total.operands[0], made.operands[0])
    operation.statics = (("axis", total.static("axis")),)
    return True


def _yielded(block: ir.Block) -> set[ir.Value]:
    found = set(block.yields)
    for operation in ir.operations(block):
        for inner in operation.blocks():
            found.update(inner.yields)
    return found


@dataclass
class _Shift:
    """One `x - largest`, and the axes along which what is taken out is the same."""

    operation: ir.Gate
    built: Built
    types: Types
    active: set[ir.Value]
    axes: tuple[int, ...] | None  # None: what is taken out is a number
    rank: int

    @classmethod
    def of(
        cls, operation: ir.Gate, built: Built, types: Types, active: set[ir.Value]
    ) -> _Shift | None:
        """Return the shift that a difference is; None for any other."""
        x, largest = operation.operands
        made = built.definition.get(itself(largest, built))
        shape = types[x].shape
        if not isinstance(made, ir.Gate) or made.gate != "max" or x not in active:
            return None
        if itself(made.operands[0], built) is not itself(x, built) or len(made.operands) != 1:
            return None
        if types[operation.result].shape != shape or not isinstance(shape, Known):
            return None
        statics = dict(made.statics)
        if types[largest].shape == SCALAR:
            return cls(operation, built, types, active, None, shape.rank)
        if statics.get("axis") is None:
            return None
        axes = normalized(statics["axis"], shape.rank)
        if not statics.get("keepdims") and axes != tuple(range(len(axes))):
            return None
        return cls(operation, built, types, active, axes, shape.rank)

    def cancels(self, order: list[ir.Operation], held: set[ir.Value]) -> bool:
        """True if no value that leaves this computation answers to the shift.

        `order` are all operations; `held` what is returned, or goes on in another turn.
        """
        answers: dict[ir.Value, tuple[str, int]] = {self.operation.result: ("sum", 1)}
        for reader in order[order.index(self.operation) + 1 :]:
            if not any(answers.get(operand, NONE)[1] for operand in reader.operands):
                continue
            if not reader.blocks() and not any(r in self.active for r in reader.results):
                continue  # no gradient comes back from there
            answer = self._answer(reader, answers)
            if answer is None:
                return False
            answers[reader.results[0]] = answer
        return not any(answers.get(value, NONE)[1] for value in held)

    def _answer(
        self, reader: ir.Operation, answers: dict[ir.Value, tuple[str, int]]
    ) -> tuple[str, int] | None:
        """Return how a result answers: ("sum", n) or ("factor", n); n is 0 if it does not."""
        if isinstance(reader, ir.View):
            base = answers.get(reader.operands[0], NONE)
            others = any(answers.get(o, NONE)[1] for o in reader.operands[1:])
            return base if self.axes is None and not others else None
        if not isinstance(reader, ir.Gate):
            return None
        kinds = [answers.get(operand, NONE) for operand in reader.operands]
        return self._of_gate(reader, kinds)

    def _of_gate(self, reader: ir.Gate, kinds: list[tuple[str, int]]) -> tuple[str, int] | None:
        """Return how a gate's result answers, given how its operands do."""
        if reader.gate in ("log_shares", "log_shares_of"):
            return NONE if kinds[0][0] == "sum" and self._has_axes(reader) else None
        statics = dict(reader.statics)
        match reader.gate, kinds:
            case ("alias", [one]):
                return one
            case ("exp", [("sum", n)]):
                return "factor", n
            case ("log", [("factor", n)]):
                return "sum", n
            case ("softmax", [("sum", _)]) if self._goes_along(reader):
                return NONE
            case ("sum", [("factor", n)]) if self._goes_along(reader):
                return "factor", n
            case ("logsumexp", [("sum", n)]) if self._goes_along(reader):
                return "sum", n
            case ("mean", [(kind, n)]) if self._goes_along(reader) and not statics.get("dtype"):
                return kind, n
            case ("negative", [("sum", n)]):
                return "sum", -n
            case ("negative", [("factor", n)]):
                return "factor", n
            case ("add" | "subtract" as sign, [left, right]):
                return _combined("sum", left, right, -1 if sign == "subtract" else 1)
            case ("multiply", [left, right]):
                return _combined("factor", left, right, 1)
            case ("divide", [left, right]):
                return _combined("factor", left, right, -1)
        return None

    def _has_axes(self, reader: ir.Gate) -> bool:
        shape = self.types[reader.operands[0]].shape
        if self.axes is None or not isinstance(shape, Known) or shape.rank != self.rank:
            return self.axes is None
        return normalized(reader.static("axis"), self.rank) == self.axes

    def _goes_along(self, reader: ir.Gate) -> bool:
        """True if a reduction goes along axes where the shift is one number."""
        statics = dict(reader.statics)
        if self.axes is None:
            return True
        shape = self.types[reader.operands[0]].shape
        if not isinstance(shape, Known) or shape.rank != self.rank:
            return False
        axes = normalized(statics.get("axis"), self.rank)
        # Without its axes, a result broadcasts against what was reduced where they were the first.
        is_kept = bool(statics.get("keepdims")) or axes == tuple(range(len(axes)))
        return axes == self.axes and is_kept


def _combined(
    kind: str, left: tuple[str, int], right: tuple[str, int], sign: int
) -> tuple[str, int] | None:
    if not {left[0], right[0]} <= {kind, "none"}:
        return None
    count = left[1] + sign * right[1]
    return (kind, count) if count else NONE
