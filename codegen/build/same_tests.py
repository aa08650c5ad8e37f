"""A condition that is tested again: what one arm assigns is read under the same condition.

    if x > 0:                       if x > 0:
        e = np.exp(x)                   e = np.exp(x)
    y = x * x             ->            y = x * x
    if x > 0:                           z = e * y
        z = e * y                   else:
    else:                               y = x * x
        z = y                           z = y

What stands between is written in both arms, and the second test is known in each. Our own
gradients of branches are of this kind. It is done only where a name would else be assigned on some
paths only.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from codegen import ir
from codegen.build.given import is_nothing
from codegen.build.scope import first_assignment
from codegen.nodes import assigned_names, nodes_of

if TYPE_CHECKING:
    from codegen.build.function import Builder

Key = tuple[str, tuple[ir.Value | None, ...]]
PURE = ("len", "isinstance", "abs", "min", "max", "float", "int", "bool")
COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
MOST = 2000  # statements between, counted in all copies: most of those are known not to run


class TestBuilder:
    """Knows which conditions hold where a function builder builds."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.holds: dict[Key, bool] = {}

    def known(self, test: ast.expr) -> bool | None:
        """Return whether a condition holds here; None where that is not known.

        What it reads is built all the same: a write between must be seen to change it.
        """
        if self.owner.containers.unrolling:
            settled = self.settled(test)
            if settled is not None:
                self.owner.has_inlined = True
                return settled
        nothing = is_nothing(self.owner, test)
        if nothing is not None:
            self.owner.has_inlined = True
            return nothing
        key, is_not = self._key(test) if self.holds else (None, False)
        if key not in self.holds or key is None:
            return None
        owner = self.owner
        pending = owner.pending
        owner.expressions.value(test)
        owner.pending, owner.has_inlined = pending, True
        return self.holds[key] is not is_not

    def settled(self, test: ast.expr) -> bool | None:
        """Return what `i < len(sizes) - 1` is in a turn that is written out; None if not known."""
        match test:
            case ast.UnaryOp(ast.Not(), inner):
                settled = self.settled(inner)
                return None if settled is None else not settled
            case ast.BoolOp(word, parts):
                found = [self.settled(part) for part in parts]
                if None in found:
                    return None
                return all(found) if isinstance(word, ast.And) else any(found)
            case ast.Compare(left, [word], [right]) if type(word) in COMPARED:
                a, b = self._literal(left), self._literal(right)
                if isinstance(a, int | str) and type(a) is type(b):
                    return bool(COMPARED[type(word)](a, b))
            case ast.Compare(
                left, [ast.In() | ast.NotIn() as word], [ast.Tuple(parts) | ast.List(parts)]
            ):
                items = [self._literal(part) for part in parts]
                a = self._literal(left)
                if isinstance(a, int | str) and all(type(item) is type(a) for item in items):
                    return (a in items) is isinstance(word, ast.In)
            case ast.Call(ast.Attribute(base, "startswith" | "endswith" as name), [part], []):
                a, b = self._literal(base), self._literal(part)
                if isinstance(a, str) and isinstance(b, str):
                    return bool(getattr(a, name)(b))
        return None

    def _literal(self, node: ast.expr) -> object:
        from codegen.build.containers import NotLiteral

        try:
            return self.owner.containers.literal(node)
        except NotLiteral:
            return None

    @contextmanager
    def assumed(self, test: ast.expr, holds: bool) -> Iterator[None]:
        """Build where a condition is known to hold, or not to."""
        key, is_not = self._key(test)
        outer = self.holds
        if key is not None:
            self.holds = {**outer, key: holds is not is_not}
        try:
            yield
        finally:
            self.holds = outer

    def _key(self, test: ast.expr) -> tuple[Key | None, bool]:
        """Return a condition as text and what its names mean now, and whether it is negated."""
        text, is_not = _stripped(test)
        names = [part.id for part in nodes_of(test) if isinstance(part, ast.Name)]
        if not all(self._is_pure(part) for part in nodes_of(test)):
            return None, False
        return (text, tuple(self.owner.scope.values.get(name) for name in names)), is_not

    def _is_pure(self, part: ast.AST) -> bool:
        """True unless evaluating a part twice may give two things."""
        if not isinstance(part, ast.Call):
            return not isinstance(part, ast.NamedExpr | ast.Await)
        scope = self.owner.scope
        if isinstance(part.func, ast.Name) and scope.is_builtin(part.func.id):
            return part.func.id in PURE
        path = str(scope.path(part.func))
        return path.startswith(("numpy.", "math.")) and ".random." not in path

    def reach(self, node: ast.If, rest: list[ast.stmt]) -> int:
        """Return how many statements behind an `if` belong into its arms."""
        from codegen.build.control import may_leave

        partial = self._partial(node)
        if not partial or node in self.owner.quiet:
            return 0
        tests = {_stripped(one.test)[0] for one in nodes_of(node) if isinstance(one, ast.If)}
        found = 0
        for place, behind in enumerate(rest):
            if may_leave(behind) or behind in self.owner.quiet:
                break
            if partial & _read([behind]):
                again = [p.test for p in nodes_of(behind) if isinstance(p, ast.If | ast.IfExp)]
                if not any(_stripped(test)[0] in tests for test in again):
                    break
                found = place + 1
            partial -= _surely([behind])
        count = sum(isinstance(p, ast.stmt) for one in rest[:found] for p in nodes_of(one))
        return found if count * self.owner.control.copies <= MOST else 0

    def _partial(self, node: ast.If) -> frozenset[str]:
        return assigned_names([node]) - _surely([node]) - frozenset(self.owner.scope.values)

    def note_missing(self, node: ast.If) -> None:
        """Note in an arm which names only others assign, to tell where they are read."""
        scope = self.owner.scope
        for name in self._partial(node):
            scope.maybe[name] = self.owner.span(first_assignment(name, node))


def _stripped(test: ast.expr) -> tuple[str, bool]:
    """Return the text of a condition without `not`, and whether it is negated."""
    is_not = False
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, is_not = test.operand, not is_not
    return ast.dump(test), is_not


def _read(body: list[ast.stmt]) -> frozenset[str]:
    """Return the names that the statements may read before they have assigned them."""
    found: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    for node in body:
        match node:
            case ast.If(test, then, orelse) | ast.While(test, then, orelse):
                read = _loaded(test) | _read(then) | _read(orelse)
            case ast.For(target, iterable, then, orelse):
                own = frozenset(p.id for p in nodes_of(target) if isinstance(p, ast.Name))
                read = _loaded(iterable) | (_read(then) - own) | _read(orelse)
            case ast.AugAssign(ast.Name(name)):
                read = _loaded(node) | {name}
            case _:
                read = _loaded(node)
        found |= read - done
        done |= _surely([node])
    return found


def _loaded(node: ast.AST) -> frozenset[str]:
    parts = [part for part in nodes_of(node) if isinstance(part, ast.Name)]
    return frozenset(part.id for part in parts if isinstance(part.ctx, ast.Load))


def _surely(body: list[ast.stmt]) -> frozenset[str]:
    """Return the names that are assigned on every path through the statements."""
    found: frozenset[str] = frozenset()
    for node in body:
        if isinstance(node, ast.If):
            arms = [arm for arm in (node.body, node.orelse) if not _raises(arm)]
            found |= frozenset.intersection(*map(_surely, arms)) if arms else frozenset()
        elif not isinstance(node, ast.For | ast.While):
            found |= assigned_names([node])
    return found


def _raises(body: list[ast.stmt]) -> bool:
    return any(isinstance(node, ast.Raise) for node in body)
