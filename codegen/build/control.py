"""`if`, `for` and `while`: regions, and how names meet again behind them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from codegen import expressions as e
from codegen import ir
from codegen.build.headers import Header, HeaderBuilder
from codegen.build.lines import Line
from codegen.build.scope import assigned_names, first_assignment, written_names

if TYPE_CHECKING:
    from codegen.build.function import Builder

Structure = tuple["str | Structure", ...] | None
MOST_COPIES = 24  # of statements, where two paths go on behind an `if` that leaves


@dataclass
class Arm:
    """One way through a statement: its operations, its lines, the names at its end."""

    block: ir.Block
    lines: list[Line]
    values: dict[str, ir.Value] = field(default_factory=dict)
    left: str | None = None  # "return" "break" "continue" "raise", "end" of the loop's body
    returned: list[ir.Value] = field(default_factory=list)
    is_refused: bool = False  # a problem in it is noted: what it gives is not to be asked

    @property
    def is_dead(self) -> bool:
        return self.left == "raise"


@dataclass
class Loop:
    """The innermost loop being built: the names that it carries from turn to turn."""

    carried: list[str]


class ControlBuilder:
    """Builds the control flow of one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.loop: Loop | None = None
        self.copies = 1  # how often the statements being built are written
        self.headers = HeaderBuilder(owner)

    def loop_statement(self, node: ast.For | ast.While | ast.Break | ast.Continue) -> None:
        """Build a loop, or what leaves one."""
        match node:
            case ast.For():
                self.for_loop(node)
            case ast.While():
                self.while_loop(node)
            case ast.Break():
                self.leave(node, "break")
            case ast.Continue():
                self.leave(node, "continue")

    # if

    def if_statement(self, node: ast.If, rest: list[ast.stmt]) -> None:
        """Build an `if`; `rest` is what stands behind it where one of its arms leaves."""
        owner = self.owner
        self._name_items(node)
        test = owner.expressions.value(node.test)
        line = self._region_line("if", node, node.test)
        line.expression = e.Primal(test)
        leaves = may_leave(node)
        bodies = [node.body, node.orelse]
        twice = leaves and all(can_go_on(body) for body in bodies)
        if twice and _count(rest) * self.copies > MOST_COPIES:
            owner.refuse(
                node,
                "construct",
                "more than one path goes on behind this `if`, one of whose arms leaves: "
                "this is not supported yet",
                "give the statements behind it an `else`, or a function, of their own",
            )
        outer, self.copies = self.copies, self.copies * (1 + twice)
        arms = [self._arm([*body, *rest] if leaves else body) for body in bodies]
        self.copies = outer
        line.flat = bool(rest) and arms[0].left in ("break", "continue", "raise")
        if leaves and self.loop is not None:
            self._join(node, line, test, arms, self.loop.carried, "end")
        elif leaves:
            self._join_returns(node, line, test, arms)
        else:
            self._join(node, line, test, arms, self._changed(arms), None)

    def _region_line(self, kind: str, node: ast.stmt, header: ast.expr) -> Line:
        """Take the operations of a header into the line of its statement."""
        line = Line(kind, self.owner.span(node))
        self.owner.finish_header(line, header)
        return line

    def _arm(self, body: list[ast.stmt]) -> Arm:
        owner = self.owner
        before = len(owner.problems.found)
        with self.region() as arm:
            owner.statements(body)
            arm.is_refused = len(owner.problems.found) > before
            arm.left, arm.returned = owner.left, owner.frame.values
            arm.values = dict(owner.scope.values)
        return arm

    @contextmanager
    def region(self) -> Iterator[Arm]:
        """Build into a block and lines of its own, with the names as they are now."""
        owner = self.owner
        arm = Arm(ir.Block(), [])
        outer = (owner.block, owner.lines, owner.scope.values, owner.left, owner.frame.values)
        owner.block, owner.lines = arm.block, arm.lines
        owner.scope.values, owner.left, owner.frame.values = dict(owner.scope.values), None, []
        try:
            yield arm
        finally:
            owner.block, owner.lines = outer[0], outer[1]
            owner.scope.values, owner.left, owner.frame.values = outer[2], outer[3], outer[4]

    @contextmanager
    def _again(self, arm: Arm) -> Iterator[None]:
        """Go on building at the end of an arm."""
        owner = self.owner
        outer = (owner.block, owner.lines)
        owner.block, owner.lines = arm.block, arm.lines
        exits = [o for o in arm.block.operations[-1:] if isinstance(o, ir.Exit)]
        leaving = [line for line in arm.lines[-1:] if line.kind in ("break", "continue")]
        del arm.block.operations[len(arm.block.operations) - len(exits) :]
        del arm.lines[len(arm.lines) - len(leaving) :]
        try:
            yield
        finally:
            arm.block.operations += exits
            arm.lines += leaving
            owner.block, owner.lines = outer

    def _changed(self, arms: list[Arm]) -> list[str]:
        """Return the names that mean something else behind the arms than before them."""
        before = self.owner.scope.values
        names: dict[str, None] = {}
        for arm in arms:
            if not arm.is_dead:
                names |= {n: None for n, v in arm.values.items() if before.get(n) is not v}
        return list(names)

    def _join(
        self,
        node: ast.If,
        line: Line,
        test: ir.Value,
        arms: list[Arm],
        names: list[str],
        left: str | None,
    ) -> None:
        owner = self.owner
        live = [arm for arm in arms if not arm.is_dead]
        if any(arm.is_refused for arm in arms):
            for arm in live:
                owner.scope.values |= {n: arm.values[n] for n in names if n in arm.values}
            owner.left = left
            return
        names = names if live else []
        both = [name for name in names if all(name in arm.values for arm in live)]
        rows = self._leaves_of(node, both, live)
        results: list[ir.Value] = []
        for row in rows.values():
            results += [owner.region_value(node, name) for name, _ in row[0]]
        for place, arm in enumerate(live):
            arm.block.yields = [v for row in rows.values() for _, v in row[place]]
        self._append(node, line, test, arms, results)
        taken = iter(results)
        for name in names:
            if name not in both:
                owner.scope.values.pop(name, None)
                owner.scope.maybe[name] = owner.span(first_assignment(name, node))
                continue
            shape = live[0].values[name]
            owner.scope.values[name] = self._rebuilt(node, shape, taken, left is None)
        owner.left = left if live else "raise"

    def _append(
        self, node: ast.If, line: Line, test: ir.Value, arms: list[Arm], results: list[ir.Value]
    ) -> None:
        then, otherwise = arms[0].block, arms[1].block
        operation = ir.If((test,), tuple(results), self.owner.span(node), then, otherwise)
        self.owner.append_region(operation, line, (arms[0].lines, arms[1].lines))

    def _leaves_of(
        self, node: ast.stmt, names: list[str], arms: list[Arm]
    ) -> dict[str, list[list[tuple[str, ir.Value]]]]:
        """Return for each name what each arm has for it, item by item."""
        rows: dict[str, list[list[tuple[str, ir.Value]]]] = {}
        for name in names:
            if len({self._structure(arm.values[name]) for arm in arms}) > 1:
                self._refuse_other_items(node, name, "on different paths")
            row = [self.leaves(name, arm.values[name]) for arm in arms]
            named = []
            for leaves, arm in zip(row, arms, strict=True):
                with self._again(arm):
                    named.append([(n, self._named(node, n, v)) for n, v in leaves])
            rows[name] = named
        return rows

    def _refuse_other_items(self, node: ast.stmt, name: str, where: str) -> NoReturn:
        self.owner.refuse(
            node,
            "construct",
            f"`{name}` is not the same {where}: a tuple or list must keep its kind and length",
            "give the items names of their own",
        )

    def _structure(self, value: ir.Value) -> Structure:
        """Return what a tuple or list consists of."""
        made = self.owner.built.definition.get(value)
        if not isinstance(made, ir.Aggregate):
            return None
        return (made.kind, *(self._structure(item) for item in made.operands))

    def leaves(self, name: str, value: ir.Value) -> list[tuple[str, ir.Value]]:
        """Return a value with its name, or the items of a tuple with `name_0`, `name_1`."""
        made = self.owner.built.definition.get(value)
        if not isinstance(made, ir.Aggregate):
            return [(name, value)]
        found: list[tuple[str, ir.Value]] = []
        for place, item in enumerate(made.operands):
            found += self.leaves(f"{name}_{place}", item)
        return found

    def _name_items(self, node: ast.stmt) -> None:
        """Give what nameless items of tuples are computed from a line outside of the region."""
        owner = self.owner
        for name, value in list(owner.scope.values.items()):
            made = owner.built.definition.get(value)
            if not isinstance(made, ir.Aggregate) or made.kind == "dict":
                continue
            for leaf, item in self.leaves(name, value):
                named = item.name is not None
                if not named and not isinstance(owner.built.definition.get(item), ir.Constant):
                    owner.line_before(node, leaf, item)

    def _named(self, node: ast.stmt, name: str, value: ir.Value) -> ir.Value:
        """Give a nameless item a line of its own."""
        if value.name is not None:
            return value
        self.owner.pending = [o for o in [self.owner.built.definition.get(value)] if o]
        return self.owner.own_line(node, name, value)

    def _rebuilt(
        self, node: ast.stmt, shape: ir.Value, taken: Iterator[ir.Value], goes_on: bool
    ) -> ir.Value:
        """Return the results in the structure that an arm had: a tuple is a tuple again."""
        made = self.owner.built.definition.get(shape)
        if not isinstance(made, ir.Aggregate):
            return next(taken)
        items = [self._rebuilt(node, item, taken, goes_on) for item in made.operands]
        if goes_on:
            return self.owner.expressions.aggregate(node, made.kind, items)
        # Nothing runs behind an exit: which items a tuple has is all that is asked.
        result = self.owner.new_value(node)
        span = self.owner.span(node)
        self.owner.built.definition[result] = ir.Aggregate(tuple(items), (result,), span, made.kind)
        return result

    # return

    def _join_returns(self, node: ast.If, line: Line, test: ir.Value, arms: list[Arm]) -> None:
        owner = self.owner
        live = [arm for arm in arms if not arm.is_dead]
        if any(arm.is_refused for arm in arms):
            owner.left = "return"
            return
        for arm in live:
            if arm.left != "return":
                owner.refuse(
                    node,
                    "no-output",
                    "nothing is returned on a path through this `if`",
                    "return the value to differentiate on every path",
                )
        lengths = {len(arm.returned) for arm in live}
        if len(lengths) > 1:
            owner.refuse(
                node,
                "construct",
                "the paths return different numbers of values",
                "return as many values on every path",
            )
        results = [owner.region_value(node, None) for _ in range(max(lengths, default=0))]
        for arm in live:
            arm.block.yields = list(arm.returned)
        owner.frame.joined += [list(results)] if results else []
        self._append(node, line, test, arms, results)
        owner.frame.values = results
        owner.left = "return" if live else "raise"

    # loops

    def for_loop(self, node: ast.For) -> None:
        """Build a `for`."""
        owner = self.owner
        self._refuse_else(node.orelse, "for")
        self._name_items(node)
        header = self.headers.header(node.target, node.iter)
        line = self._region_line("for", node, node.iter)
        assigned = assigned_names([node]) | written_names(node.body, owner.module)
        body, names, starts, parameters = self._body(node, assigned, header)
        results = [owner.region_value(node, v.name) for v in parameters]
        operation = ir.For((header.iterable, *starts), tuple(results), owner.span(node), body.block)
        line.targets, line.expression = (header.pattern,), header.spelled
        owner.append_region(operation, line, (body.lines,))
        self._behind(node, names, results, body, assigned)

    def while_loop(self, node: ast.While) -> None:
        """Build a `while`."""
        owner = self.owner
        self._refuse_else(node.orelse, "while")
        self._name_items(node)
        assigned = assigned_names([node]) | written_names(node.body, owner.module)
        names = self._carried(assigned)
        with self.region() as test:
            starts, parameters = self._enter(node, names)
            test.block.parameters = parameters
            owner.pending = []
            outcome = owner.expressions.value(node.test)
            line = self._region_line("while", node, node.test)
            test.block.yields = [outcome]
        if test.lines:
            owner.refuse(
                node.test,
                "call",
                "a call of a function with statements in the test of a `while` "
                "is not supported yet",
                "assign the call to a name before the loop, and at the end of its body",
            )
        body, names, starts, parameters = self._body(node, assigned, None)
        results = [owner.region_value(node, v.name) for v in parameters]
        operation = ir.While(
            tuple(starts), tuple(results), owner.span(node), test.block, body.block
        )
        line.expression = e.Primal(outcome)
        owner.append_region(operation, line, (body.lines,))
        self._behind(node, names, results, body, assigned)

    def _refuse_else(self, orelse: list[ast.stmt], word: str) -> None:
        if orelse:
            self.owner.refuse(
                orelse[0],
                "construct",
                f"`else` on a `{word}` loop is not supported yet",
                "set a flag in the loop and test it behind",
            )

    def _carried(self, assigned: frozenset[str]) -> list[str]:
        return [name for name in self.owner.scope.values if name in assigned]

    def _enter(self, node: ast.stmt, names: list[str]) -> tuple[list[ir.Value], list[ir.Value]]:
        """Give the carried names their values of a turn; return what they start with, and those."""
        owner = self.owner
        starts: list[ir.Value] = []
        parameters: list[ir.Value] = []
        for name in names:
            before = owner.scope.values[name]
            leaves = self.leaves(name, before)
            starts += [value for _, value in leaves]
            own = [owner.region_value(node, n) for n, _ in leaves]
            parameters += own
            owner.scope.values[name] = self._rebuilt(node, before, iter(own), True)
        return starts, parameters

    def _body(
        self, node: ast.For | ast.While, assigned: frozenset[str], header: Header | None
    ) -> tuple[Arm, list[str], list[ir.Value], list[ir.Value]]:
        owner = self.owner
        names = self._carried(assigned)
        for name in names:
            # A tuple's nameless items are carried under names of their own.
            before = owner.scope.values[name]
            leaves = [self._named(node, leaf, v) for leaf, v in self.leaves(name, before)]
            owner.scope.values[name] = self._rebuilt(node, before, iter(leaves), True)
        outer, self.loop = self.loop, Loop(names)
        try:
            with self.region() as body:
                starts, parameters = self._enter(node, names)
                body.block.parameters = list(parameters)
                if header is not None:
                    body.block.parameters.insert(0, header.item)
                    self.headers.bind(node, header)
                told = len(owner.problems.found)
                owner.statements(node.body)
                body.is_refused = len(owner.problems.found) > told
                body.left, body.values = owner.left, dict(owner.scope.values)
        finally:
            self.loop = outer
        if body.is_dead or body.is_refused:
            return body, names, starts, parameters
        for name in names:
            given = owner.scope.values[name]
            if self._structure(given) != self._structure(body.values[name]):
                self._refuse_other_items(node, name, "from turn to turn")
        rows = self._leaves_of(node, names, [body])
        body.block.yields = [v for row in rows.values() for _, v in row[0]]
        return body, names, starts, parameters

    def _behind(
        self,
        node: ast.stmt,
        names: list[str],
        results: list[ir.Value],
        body: Arm,
        assigned: frozenset[str],
    ) -> None:
        owner = self.owner
        taken = iter(results)
        for name in names:
            shape = owner.scope.values[name]
            owner.scope.values[name] = self._rebuilt(node, shape, taken, True)
        for name in assigned - set(names):
            owner.scope.values.pop(name, None)
            owner.scope.maybe[name] = owner.span(first_assignment(name, node))
        if body.is_dead:
            owner.refuse(
                node, "construct", "this loop raises in its first turn", "write a guard before it"
            )

    def leave(self, node: ast.stmt, kind: str) -> None:
        """Build `break` or `continue`."""
        owner = self.owner
        if self.loop is None:
            owner.refuse(node, "construct", f"`{kind}` stands in no loop", "leave it out")
        line = Line(kind, owner.span(node))
        owner.finish_plain(line)
        owner.block.operations.append(ir.Exit((), (), owner.span(node), kind))
        owner.left = kind


def may_leave(node: ast.stmt) -> bool:
    """True if a path through the statement ends in `return`, `break` or `continue`."""
    if isinstance(node, ast.Return | ast.Break | ast.Continue):
        return True
    if isinstance(node, ast.If):
        return any(may_leave(part) for part in [*node.body, *node.orelse])
    if isinstance(node, ast.For | ast.While):
        return any(isinstance(part, ast.Return) for part in ast.walk(node))
    return False


def _count(body: list[ast.stmt]) -> int:
    """Return how many statements there are, those in others too."""
    return sum(isinstance(part, ast.stmt) for node in body for part in ast.walk(node))


def can_go_on(body: list[ast.stmt]) -> bool:
    """True if a path through the statements reaches their end."""
    for node in body:
        if isinstance(node, ast.Return | ast.Break | ast.Continue | ast.Raise):
            return False
        if isinstance(node, ast.If) and not (can_go_on(node.body) or can_go_on(node.orelse)):
            return False
    return True
