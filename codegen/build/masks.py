"""A mask that stands on both sides of a store: `x[x < 0] = 0.1 * x[x < 0]`.

The store changes what the mask is made of, so it is computed before, under a name. What is read by
the same mask is read by that name: numpy computes it twice, from the same contents.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from codegen import ir

if TYPE_CHECKING:
    from codegen.build.function import Builder

MASKS = (ast.Compare, ast.BinOp, ast.UnaryOp)
SCOPES = (ast.Lambda, ast.NamedExpr, ast.comprehension)


class Masks:
    """The masks of one statement that have their values already."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.known: dict[ast.expr, ir.Value] = {}

    @contextmanager
    def shared(self, node: ast.stmt, target: ast.expr, value: ast.expr) -> Iterator[None]:
        """Compute what both sides pick by, once; a statement without it is built as it stands."""
        before = self.known
        self.known = {**before, **self._found(node, target, value)}
        try:
            yield
        finally:
            self.known = before

    def _found(
        self, node: ast.stmt, target: ast.expr, value: ast.expr
    ) -> dict[ast.expr, ir.Value]:
        found: dict[ast.expr, ir.Value] = {}
        if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
            return found
        array = self.owner.scope.values.get(target.value.id)
        if array is None or not self._is_plain(value):
            return found
        parts = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
        for part in parts:
            if not isinstance(part, MASKS) or not self._holds_mask(part):
                continue
            text = ast.dump(part)
            twins = [
                one
                for one in ast.walk(value)
                if isinstance(one, MASKS) and ast.dump(one) == text
            ]
            if twins and self.owner.stores.reads(part, array):
                made = self.owner.scope.values[self.owner.stores.before(node, part)]
                found |= dict.fromkeys([part, *twins], made)
        return found

    def _is_plain(self, value: ast.expr) -> bool:
        """True if computing a right side surely changes nothing that a mask may read."""
        return not any(
            isinstance(one, SCOPES)
            or (isinstance(one, ast.Call) and self.owner.scope.path(one.func) is None)
            for one in ast.walk(value)
        )

    def _holds_mask(self, part: ast.expr) -> bool:
        """True for comparisons and what is put together of them, and not for `i + 1`."""
        match part:
            case ast.Compare():
                return True
            case ast.BinOp(left, ast.BitAnd() | ast.BitOr() | ast.BitXor(), right):
                return self._holds_mask(left) and self._holds_mask(right)
            case ast.UnaryOp(ast.Invert(), operand):
                return self._holds_mask(operand)
        return False
