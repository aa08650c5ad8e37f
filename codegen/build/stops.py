"""`# codegen: stop` at the end of an assignment: its right side gets no gradient.

A plain assignment gives its names a stopped value. An update and a store say more than their right
side: `y += e` is built as `right = e`, which is stopped, and `y += right`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codegen.build.function import Builder

STOPS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
WAY_OUT = "stop a value on a line of its own, `part = ...  # codegen: stop`, and use its name"


class StopBuilder:
    """Builds the stopped updates and stores of one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.parts: set[ast.stmt] = set()  # updates whose right side is stopped already

    def is_stopped(self, node: ast.stmt) -> bool:
        """True for an assignment that is marked."""
        if not isinstance(node, STOPS) or node in self.parts:
            return False
        marks = self.owner.module.marks.get(self.owner.span(node).end_line, [])
        return any(mark.kind == "stop" for mark in marks)

    def split(self, node: ast.stmt) -> bool:
        """Build a marked update or store; False for what only gives names."""
        if not self.is_stopped(node):
            return False
        match node:
            case ast.AugAssign(target):
                if self._is_container(target):
                    self.refuse(node)
            case ast.Assign(targets) | ast.AnnAssign(target=ast.expr() as targets):
                each = targets if isinstance(targets, list) else [targets]
                if isinstance(node.value, ast.Lambda):
                    self.refuse(node)
                if not any(_writes(target) for target in each):
                    return False
                if any(isinstance(target, ast.Tuple | ast.List) for target in each):
                    self.refuse(node)
        self._in_two(node)
        return True

    def refuse(self, node: ast.AST) -> None:
        """Refuse a mark on what holds several values, or is none."""
        self.owner.refuse(node, "mark", "`stop` is not supported on this assignment", WAY_OUT)

    def _is_container(self, target: ast.expr) -> bool:
        owner = self.owner
        if not isinstance(target, ast.Name):
            return False
        known = owner.scope.values.get(target.id)
        return owner.containers.peek(target) is not None or known in owner.growing.lists

    def _in_two(self, node: ast.stmt) -> None:
        owner = self.owner
        assert isinstance(node, STOPS)
        assert node.value is not None
        name = owner.control.fresh("right")
        right = ast.Assign([ast.Name(name, ast.Store())], node.value)
        ast.copy_location(right, node)
        ast.copy_location(right.targets[0], node.value)
        read = ast.copy_location(ast.Name(name, ast.Load()), node.value)
        rest: ast.stmt
        match node:
            case ast.AugAssign(target, operator):
                rest = ast.AugAssign(target, operator, read)
                if node in owner.in_place:
                    owner.in_place |= {rest}
            case ast.Assign(targets):
                rest = ast.Assign(targets, read)
            case ast.AnnAssign(target):
                rest = ast.Assign([target], read)
        ast.copy_location(rest, node)
        self.parts.add(rest)
        owner.module.rewritten |= {right, rest}
        owner.quiet.add(rest)
        owner.statements([right, rest])


def _writes(target: ast.expr) -> bool:
    """True for a left side that is more than names."""
    return any(isinstance(part, ast.Subscript | ast.Attribute) for part in ast.walk(target))
