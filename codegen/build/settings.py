"""Writes into a dict of settings: `bn_param["running_mean"] = running_mean`, once and in order.

What is written is never differentiated. So an entry that is written may not be read behind the
write, where a gradient could come back through the dict; what is read before it has a name of its
own, since the backward pass must see what the forward pass saw.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Line
from codegen.build.plain import operator_text
from codegen.nodes import assigned_names, nodes_of

if TYPE_CHECKING:
    from codegen.build.function import Builder

Path = tuple[tuple[int, int], ...]  # the arms around, each as a fork and which way
HELP = "read it before, or go on with what was written under its own name"


@dataclass(frozen=True)
class _Write:
    root: ir.Value
    key: str
    arms: Path


class SettingBuilder:
    """Follows reads and writes of dicts of settings for one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.writes: list[_Write] = []
        self.arms: Path = ()
        self.forks = 0
        self.keys: frozenset[str] | None = None
        self.direct: ast.expr | None = None  # what the statement at hand gives a name anyway

    @contextmanager
    def arm(self, fork: int, way: int) -> Iterator[None]:
        """Build one arm of an `if`: what it writes, the other arm does not see."""
        outer, self.arms = self.arms, (*self.arms, (fork, way))
        try:
            yield
        finally:
            self.arms = outer

    def fork(self) -> int:
        """Return a number for an `if`."""
        self.forks += 1
        return self.forks

    # writes

    def write(
        self, node: ast.stmt, base: ast.expr, index: ast.expr, value: ast.expr | ir.Value
    ) -> bool:
        """Build `settings["key"] = value`; False if it is no dict of settings."""
        owner = self.owner
        key = owner.entries.key(index)
        if key is None or not isinstance(base, ast.Name) or base.id not in owner.scope.values:
            return False
        holder = owner.scope.values[base.id]
        root = self._root(holder)
        if root is None or holder.name is None:
            return False
        if owner.control.loop is not None:
            owner.refuse(
                node, "store", f"`{base.id}` is written into in a loop, which is not supported yet",
                "write into it behind the loop",
            )
        given = value if isinstance(value, ir.Value) else owner.expressions.value(value)
        if isinstance(owner.built.definition.get(given), ir.Aggregate):
            owner.refuse(
                node, "store", f"a tuple, list or dict in `{base.id}` is not supported yet",
                "write its items one by one",
            )
        at = owner.expressions.value(index)
        operation = ir.Effect((holder, given, at), (), owner.span(node), "setting")
        owner.block.operations.append(operation)
        owner.pending.append(operation)
        line = Line("setting", owner.span(node), (), e.Primal(given), detail=e.Primal(holder))
        line.index = e.Primal(at)
        owner.finish(line)
        owner.built.changed.add(root)
        self.writes.append(_Write(root, key, self.arms))
        return True

    def augment(self, node: ast.AugAssign, target: ast.Subscript) -> bool:
        """Build `settings["key"] += value`."""
        key = self.owner.entries.key(target.slice)
        if key is None or not isinstance(target.value, ast.Name):
            return False
        read = ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
        whole = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
        assert operator_text(node.op)
        return self.write(node, target.value, target.slice, whole)

    def written_in(self, node: ast.stmt) -> set[str]:
        """Return the dicts of settings that a loop writes into, which it does not carry."""
        owner = self.owner
        stores = [
            part
            for part in nodes_of(node)
            if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store)
        ]
        found: set[str] = set()
        for name in {part.value.id for part in stores if isinstance(part.value, ast.Name)}:
            value = owner.scope.values.get(name)
            if value is None or self._root(value) is None or name in assigned_names([node]):
                continue
            own = [p for p in stores if isinstance(p.value, ast.Name) and p.value.id == name]
            if all(_is_text(part.slice) for part in own):
                found.add(name)
        return found

    # reads

    def read(self, node: ast.expr, base: ir.Value, index: ast.expr, value: ir.Value) -> ir.Value:
        """Return an entry that was read; under a name if the entry is written somewhere."""
        owner = self.owner
        root = self._root(base)
        if root is None:
            return value
        key = owner.entries.key(index)
        for one in self.writes:
            if one.root is root and key in (None, one.key) and not self._is_apart(one):
                owner.refuse(node, "store", f"this may read `{one.key}` after it was written", HELP)
        if key is None or key not in self._written() or node is self.direct:
            return value
        if owner.in_arm:
            owner.refuse(
                node, "store", f"`{key}` is read in a conditional expression and written elsewhere",
                "assign it to a name before",
            )
        name = key if key.isidentifier() else "setting"
        return owner.own_line(node, name, value)

    def _is_apart(self, one: _Write) -> bool:
        """True if a write stands in the other arm of an `if` around."""
        mine = dict(self.arms)
        return any(fork in mine and mine[fork] != way for fork, way in one.arms)

    def _root(self, value: ir.Value) -> ir.Value | None:
        """Return the parameter that a dict of settings is, or is an item of."""
        owner = self.owner
        made = owner.built.definition.get(value)
        while made is not None:
            if not isinstance(made, ir.View) and not (
                isinstance(made, ir.Gate) and made.gate in ("alias", "get")
            ):
                return None
            value = made.operands[0]
            made = owner.built.definition.get(value)
        found = next((p for p in owner.built.parameters if p.value is value), None)
        return value if found is not None and found.name in owner.entries.settings else None

    def _written(self) -> frozenset[str]:
        """Return the keys that functions of the file write anywhere."""
        if self.keys is None:
            functions = self.owner.module.functions.values()
            self.keys = frozenset(
                part.slice.value
                for function in functions
                for part in nodes_of(function)
                if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store)
                if isinstance(part.slice, ast.Constant) and isinstance(part.slice.value, str)
            )
        return self.keys


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
