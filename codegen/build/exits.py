"""An `if` that some paths leave, with much behind it that several others go on to.

What stands behind an `if` that leaves is built in the arm that goes on. Where more than one path
goes on it would be written as often; where that is too long, a flag says that the `if` was left:

    if a > 0:                       stop = False
        if b > 0:                   if a > 0:
            break                       if b > 0:
        a = a - b         ->                stop = True
    else:                               else:
        a = a + b                           a = a - b
    ...                             else:
                                        a = a + b
                                    if stop:
                                        break
                                    ...
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen import fence
from codegen.build.returns import returns_of

if TYPE_CHECKING:
    from codegen.build.function import Builder

WORDS = {ast.Break: "stop", ast.Continue: "skip", ast.Return: "leave"}
Exit = ast.Break | ast.Continue | ast.Return


class NotFlat(Exception):
    """A `return` gives nothing, or not as many values as another."""


def with_flags(owner: Builder, node: ast.If) -> list[ast.stmt] | None:
    """Return statements that do the same, where each exit stands in an `if` of its own, behind.

    None where that cannot be done.
    """
    try:
        made = Flags(owner, node, [node])
        lowered = made.body([node])
    except NotFlat:
        return None
    rows = [*made.first, *lowered, *(made.exit_of(kind) for kind in made.flags)]
    made.settle()
    return rows


class Flags:
    """The flags of the exits in some statements, at the place of `node`."""

    def __init__(self, owner: Builder, node: ast.stmt, given: list[ast.stmt]) -> None:
        self.owner, self.node = owner, node
        self.ours: list[ast.stmt] = []  # statements that no author's text stands for
        exits = [one for part in given for one in _exits(part)]
        self.flags: dict[type[Exit], str] = {}
        self.first: list[ast.stmt] = []
        self.skip: ast.stmt | None = None  # what says that a turn is not skipped yet
        for one in exits:
            if type(one) not in self.flags:
                self.flags[type(one)] = self._new(WORDS[type(one)], "False")
                if isinstance(one, ast.Continue):
                    self.skip = self.first[-1]
        self.returned = [one.value for one in exits if isinstance(one, ast.Return)]
        self.results: list[str] = []
        texts = {"" if value is None else ast.dump(value) for value in self.returned}
        self.is_name = len(texts) == 1 and all(map(_is_names, self.returned))
        counts = {_count(value) for value in self.returned}
        if None in self.returned or len(counts) > 1:
            raise NotFlat
        if self.returned and not self.is_name:
            count = counts.pop()
            words = [f"result_{place + 1}" for place in range(count)] or ["result"]
            self.results = [self._new(word, "0.0") for word in words]

    def _new(self, wanted: str, text: str) -> str:
        name = self.owner.control.fresh(wanted)
        self.first.append(self._assign(self.node, name, ast.parse(text, mode="eval").body))
        return name

    def _assign(self, at: ast.stmt, name: str, value: ast.expr) -> ast.stmt:
        target = ast.Name(name, ast.Store())
        return self._own(ast.Assign([target], value), at)

    def _own(self, made: ast.stmt, at: ast.stmt) -> ast.stmt:
        self.ours.append(_placed(made, at))
        return made

    def body(self, given: list[ast.stmt]) -> list[ast.stmt]:
        """Return statements that set a flag where these leave."""
        from codegen.build.control import can_go_on, may_leave

        made: list[ast.stmt] = []
        for place, node in enumerate(given):
            rest = given[place + 1 :]
            if isinstance(node, Exit):
                return [*made, *self._left(node)]
            if isinstance(node, ast.If) and may_leave(node) and not fence.is_guard(node):
                on = [can_go_on(node.body), can_go_on(node.orelse)]
                arms = [node.body, node.orelse]
                if on.count(True) == 1:  # the rest belongs to the arm that goes on
                    arms[on.index(True)] = [*arms[on.index(True)], *rest]
                    rest = []
                then, otherwise = map(self.body, arms)
                made.append(_placed(ast.If(node.test, then, otherwise), node))
                if rest and any(on):
                    kinds = dict.fromkeys(type(one) for one in _exits(node))
                    left = [self.flags[kind] for kind in kinds]
                    made.append(self.unless(left, self.body(rest), node))
                return made
            made.append(node)
            if isinstance(node, ast.For | ast.While) and may_leave(node):
                made[-1] = self._loop(node, self._inside(node.body), self.body(node.orelse))
                left = [self.flags[kind] for kind in dict.fromkeys(map(type, _exits(node)))]
                return [*made, self.unless(left, self.body(rest), node)] if rest else made
        return made

    def _inside(self, given: list[ast.stmt]) -> list[ast.stmt]:
        """Return statements of a loop further in, which a `return` breaks off."""
        made: list[ast.stmt] = []
        for node in given:
            if not any(True for _ in returns_of(node)) and not isinstance(node, ast.Return):
                made.append(node)
            elif isinstance(node, ast.Return):
                made += [*self._left(node), self._own(ast.Break(), node)]
            elif isinstance(node, ast.If):
                arms = map(self._inside, (node.body, node.orelse))
                made.append(_placed(ast.If(node.test, *arms), node))
            elif isinstance(node, ast.For | ast.While):
                made.append(self._loop(node, *map(self._inside, (node.body, node.orelse))))
                test = ast.Name(self.flags[ast.Return], ast.Load())
                made.append(self._own(ast.If(test, [ast.Break()], []), node))
        return made

    def _loop(
        self, node: ast.For | ast.While, body: list[ast.stmt], orelse: list[ast.stmt]
    ) -> ast.stmt:
        if isinstance(node, ast.For):
            return _placed(ast.For(node.target, node.iter, body, orelse), node)
        return _placed(ast.While(node.test, body, orelse), node)

    def unless(self, flags: list[str], body: list[ast.stmt], at: ast.stmt) -> ast.stmt:
        """Return an `if` for statements that run where none of some flags is set."""
        asked: list[ast.expr] = [ast.Name(name, ast.Load()) for name in flags]
        left = asked[0] if len(asked) == 1 else ast.BoolOp(ast.Or(), asked)
        return self._own(ast.If(ast.UnaryOp(ast.Not(), left), body, []), at)

    def settle(self) -> None:
        """Let no author's text or comments stand for what was made."""
        self.owner.module.rewritten.update(self.ours)
        self.owner.quiet.update(self.ours)

    def _left(self, node: Exit) -> list[ast.stmt]:
        made = []
        if isinstance(node, ast.Return) and self.results:
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for name, value in zip(self.results, values, strict=True):
                assert value is not None
                made.append(self._assign(node, name, value))
        flag = self._assign(node, self.flags[type(node)], ast.Constant(True))
        return [*made, flag]

    def exit_of(self, kind: type[Exit]) -> ast.stmt:
        """Return the `if` behind, which asks a flag."""
        test = ast.Name(self.flags[kind], ast.Load())
        made = kind()
        if isinstance(made, ast.Return):
            names: list[ast.expr] = [ast.Name(name, ast.Load()) for name in self.results]
            is_tuple = isinstance(self.returned[0], ast.Tuple)
            made.value = ast.Tuple(names, ast.Load()) if is_tuple else names[0] if names else None
            if self.is_name:
                made.value = self.returned[0]
        return self._own(ast.If(test, [made], []), self.node)


def _exits(node: ast.stmt) -> list[Exit]:
    """Return the exits in the arms of an `if`, of those in it, and out of loops in it."""
    if isinstance(node, Exit):
        return [node]
    if isinstance(node, ast.For | ast.While):
        behind = [one for part in node.orelse for one in _exits(part)]
        return [*(one for part in node.body for one in _returns(part)), *behind]
    if not isinstance(node, ast.If):
        return []
    return [one for part in [*node.body, *node.orelse] for one in _exits(part)]


def _returns(node: ast.stmt) -> list[Exit]:
    return [node] if isinstance(node, ast.Return) else list(returns_of(node))


def _is_names(node: ast.expr | None) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return bool(parts) and all(isinstance(part, ast.Name) for part in parts)


def _count(node: ast.expr | None) -> int:
    """Return how many values a `return` gives; less than 0 for one that is no tuple."""
    return len(node.elts) if isinstance(node, ast.Tuple) else -1


def _placed(made: ast.stmt, at: ast.stmt) -> ast.stmt:
    """Give new nodes the place of a statement."""
    for part in ast.walk(made):
        if isinstance(part, ast.expr | ast.stmt) and not hasattr(part, "lineno"):
            ast.copy_location(part, at)
    return made
