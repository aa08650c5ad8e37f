"""A call's operands in the gate's order: what is left out, lists written out, literal integers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen import ir
from codegen.build.containers import SEVERAL
from codegen.build.match import Match
from codegen.gates.pattern import Pattern
from codegen.parse import constant_value

if TYPE_CHECKING:
    from codegen.build.function import Builder


class OperandBuilder:
    """Puts the values of a call's arguments in order for a function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner

    def ordered(
        self, node: ast.expr, match: Match, values: dict[int, ir.Value], statics: dict[str, Any]
    ) -> list[ir.Value]:
        """Return the named operands in the gate's order; one left out in between is None."""
        operands: list[ir.Value] = []
        missing = 0
        roles = {a.name: a.role for a in match.pattern.arguments}
        for name in match.gate.operands:
            if name not in match.operands:
                missing += 1
                continue
            operands += [
                self.owner.constant(node, "None", e.Literal("None")) for _ in range(missing)
            ]
            missing = 0
            value = values[id(match.operands[name])]
            if roles[name] != "display":
                operands.append(self._number(match, name, value))
            elif match.gate.nested:
                found = self.items(value, ())
                operands += [item for item, _ in found]
                statics[name] = tuple(path for _, path in found)
            else:
                made = self.owner.built.definition[value]
                is_numpy = match.pattern.library == "numpy"
                operands += [self.as_array(i) if is_numpy else i for i in made.operands]
        return operands

    def _number(self, match: Match, name: str, value: ir.Value) -> ir.Value:
        """Return an operand: of a list written out the array that numpy makes of it.

        A size, an index or a text stays as it is, and so does a list without a gradient where the
        gate takes one.
        """
        gate = match.gate
        is_number = gate.is_number(gate.operands.index(name)) and name not in gate.sequences
        if not is_number or match.pattern.library not in ("numpy", "scipy"):
            return value
        return value if name in gate.tuples and self.is_constant(value) else self.as_array(value)

    def items(
        self, value: ir.Value, path: tuple[int, ...]
    ) -> list[tuple[ir.Value, tuple[int, ...]]]:
        """Return the items of nested lists, each with its place."""
        made = self.owner.built.definition.get(value)
        if not isinstance(made, ir.Aggregate):
            return [(value, path)]
        return [
            found
            for number, item in enumerate(made.operands)
            for found in self.items(item, (*path, number))
        ]

    def is_constant(self, value: ir.Value) -> bool:
        """True for a list of literals."""
        return all(
            isinstance(self.owner.built.definition.get(item), ir.Constant)
            for item, _ in self.items(value, ())
        )

    def as_array(self, value: ir.Value) -> ir.Value:
        """Return the array that numpy makes of a list among a call's arrays: `[[x], y]`."""
        made = self.owner.built.definition.get(value)
        if value in self.owner.growing.lists:
            result = self.owner.new_value(None)
            operation = ir.Gate((value,), (result,), value.span, "array_of", (("dtype", None),))
            return self.owner.append(operation, e.call("numpy.array", e.Primal(value)))
        if not isinstance(made, ir.Aggregate) or made.kind == "dict":
            return value
        found = self.items(value, ())
        result = self.owner.new_value(None)
        statics = (("items", tuple(path for _, path in found)), ("dtype", None))
        operands = tuple(item for item, _ in found)
        operation = ir.Gate(operands, (result,), value.span, "array", statics)
        return self.owner.append(operation, e.call("numpy.array", e.Primal(value)))

    def is_display(self, node: ast.expr) -> bool:
        """True for a list or tuple written out, here or under a name."""
        if isinstance(node, ast.Name):
            value = self.owner.scope.values.get(node.id)
            made = None if value is None else self.owner.built.definition.get(value)
            return isinstance(made, ir.Aggregate) and made.kind in ("list", "tuple")
        if isinstance(node, ast.Call):
            return self.owner.scope.path(node.func) in SEVERAL
        return isinstance(node, (ast.List, ast.Tuple))

    def text(self, node: ast.expr, name: str, pattern: Pattern) -> str:
        """Return a string that is written out, here or as a constant of the module."""
        found = node
        if isinstance(node, ast.Name) and node.id not in self.owner.scope.local:
            constant = constant_value(self.owner.scope.module, node.id)
            if constant is not None:
                self.owner.built.constants[node.id] = None
                found = constant
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            return found.value
        function = pattern.key.replace("numpy.", "np.")
        return self.owner.refuse(
            node,
            "static",
            f"{function} needs its {name} as a literal string here",
            f'write {function}("ij,jk->ik", a, b): one letter for each axis, not lists of numbers',
        )

    def numbers(self, nodes: list[ast.expr], name: str) -> tuple[int, ...]:
        """Return integer literals, one by one or in one tuple."""
        parts = nodes
        if len(nodes) == 1 and isinstance(nodes[0], (ast.Tuple, ast.List)):
            parts = nodes[0].elts
        found: list[int] = []
        for part in parts:
            try:
                number = ast.literal_eval(part)
            except ValueError:
                number = None
            if type(number) is not int:
                self.owner.refuse(
                    part, "static", f"`{name}` must be literal integers here", "write 1, 0, 2"
                )
            found.append(number)
        return tuple(found)
