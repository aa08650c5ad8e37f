"""`if`, `for` and `while`: regions, and how names meet again behind them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from codegen import expressions as e
from codegen import ir
from codegen.build import first_turn
from codegen.build.exits import with_flags
from codegen.build.headers import Header, HeaderBuilder
from codegen.build.lines import Line
from codegen.build.returns import Site, returns_of
from codegen.build.scope import first_assignment
from codegen.build.turn_copies import turn_copies
from codegen.build.writes import written_names
from codegen.nodes import assigned_names

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
class LoopReturns:
    """The names of a flag and of values, for the returns in a loop."""

    flag: str
    results: list[str]


@dataclass
class Loop:
    """The innermost loop being built: the names that it carries from turn to turn."""

    carried: list[str]


class ControlBuilder:
    """Builds the control flow of one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.loop: Loop | None = None
        self.exits: LoopReturns | None = None  # of the loops being built
        self.else_flag: str | None = None  # of the innermost loop, if it has an `else`
        self.depth = 0  # of the regions around what is being built
        self.copies = 1  # how often the statements being built are written
        self.headers = HeaderBuilder(owner)

    # if

    def if_statement(self, node: ast.If, rest: list[ast.stmt]) -> None:
        """Build an `if`; `rest` is what stands behind it and belongs into its arms.

        That is all where one of them leaves, and what asks the same condition again.
        """
        owner = self.owner
        known = owner.tests.known(node.test)
        if known is not None:
            owner.statements([*(node.body if known else node.orelse), *rest])
            return
        leaves = may_leave(node)
        bodies = [node.body, node.orelse]
        twice = bool(rest) and all(can_go_on(body) for body in bodies)
        if leaves and twice and _count(rest) * self.copies > MOST_COPIES:
            flat = with_flags(owner, node)
            if flat is not None:
                owner.statements([*flat, *rest])
                return
        self.name_items(node)
        test = owner.growing.truth(node.test, owner.expressions.value(node.test))
        line = self._region_line("if", node, node.test)
        line.expression = e.Primal(test)
        outer, self.copies = self.copies, self.copies * (1 + twice)
        fork, arms = owner.settings.fork(), []
        for way, body in enumerate(bodies):
            with owner.settings.arm(fork, way):
                arms.append(self._arm([*body, *rest], None if leaves or not rest else node, way))
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

    def _arm(self, body: list[ast.stmt], again: ast.If | None = None, way: int = 0) -> Arm:
        """Build an arm; that of an `if` whose condition is asked `again` knows what it is."""
        owner = self.owner
        before = len(owner.problems.found)
        with self.region() as arm:
            if again is None:
                owner.statements(body)
            else:
                owner.tests.note_missing(again)
                with owner.tests.assumed(again.test, way == 0):
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
        self.depth += 1
        owner.block, owner.lines = arm.block, arm.lines
        owner.scope.values, owner.left, owner.frame.values = dict(owner.scope.values), None, []
        try:
            yield arm
        finally:
            self.depth -= 1
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
        node: ast.stmt,
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
        self, node: ast.stmt, line: Line, test: ir.Value, arms: list[Arm], results: list[ir.Value]
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
                self.owner.growing.ask([arm.values[name] for arm in arms])
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
        return (made.kind, *made.keys, *(self._structure(item) for item in made.operands))

    def leaves(self, name: str, value: ir.Value) -> list[tuple[str, ir.Value]]:
        """Return a value with its name, or the items of a tuple with `name_0`, `name_1`."""
        made = self.owner.built.definition.get(value)
        if not isinstance(made, ir.Aggregate):
            return [(name, value)]
        found: list[tuple[str, ir.Value]] = []
        for place, item in enumerate(made.operands):
            found += self.leaves(f"{name}_{_word(made, place)}", item)
        return found

    def name_items(self, node: ast.stmt) -> None:
        """Give what nameless items of tuples are computed from a line outside of the region."""
        owner = self.owner
        for name, value in list(owner.scope.values.items()):
            made = owner.built.definition.get(value)
            if not isinstance(made, ir.Aggregate):
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
            taken_over = next(taken)
            self.owner.growing.goes_on(shape, taken_over)
            return taken_over
        items = [self._rebuilt(node, item, taken, goes_on) for item in made.operands]
        if goes_on:
            again_made = self.owner.expressions.aggregate(node, made.kind, items, made.keys)
            self.owner.growing.goes_on(shape, again_made)
            return again_made
        # Nothing runs behind an exit: which items a tuple has is all that is asked.
        result = self.owner.new_value(node)
        self.owner.growing.goes_on(shape, result)
        span = self.owner.span(node)
        again = ir.Aggregate(tuple(items), (result,), span, made.kind, made.keys)
        self.owner.built.definition[result] = again
        return result

    # return

    def _join_returns(self, node: ast.stmt, line: Line, test: ir.Value, arms: list[Arm]) -> None:
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

    def loop_statement(self, node: ast.For | ast.While, rest: list[ast.stmt]) -> bool:
        """Build a loop; return whether `rest`, what stands behind it, was built too.

        A `return` in the loop breaks off with a flag that is set, and asked behind the loop. So is
        one that says that the loop was left by `break`, if it has an `else`.
        """
        owner = self.owner
        self._begin(node, rest)
        returns = any(has_return(part) for part in node.body)
        if returns and self.exits is None:
            self.exits = self._flags(node)
        exits = self.exits
        flag = None
        if node.orelse:
            flag = self.fresh("broken")
            self._literal(node, flag, "False")
        outer, self.else_flag = self.else_flag, flag
        extra = {flag} if flag is not None else set()
        if returns and exits is not None:
            extra |= {exits.flag, *exits.results}
        try:
            if isinstance(node, ast.For):
                self.for_loop(node, frozenset(extra))
            else:
                self.while_loop(node, frozenset(extra))
        finally:
            self.else_flag = outer
            if self.loop is None:
                self.exits = None
        leaves = any(may_leave(part) for part in node.orelse)
        behind = [] if flag is None else [self._else(node, flag)]
        if returns and exits is not None:
            self._behind_returns(node, exits, [*behind, *rest])
        else:
            owner.statements([*behind, *rest] if leaves else behind)
        return returns or leaves

    def _begin(self, node: ast.For | ast.While, rest: list[ast.stmt]) -> None:
        """Let the loop carry what is read behind it and surely has a value there."""
        scope = self.owner.scope
        if isinstance(node, ast.For) and not scope.is_builtin("range"):
            return
        read = first_turn.read_in(rest) - written_names(node.body, self.owner.functions.known())
        for name in first_turn.surely_bound(node, may_leave):
            if name in read and name not in scope.values and name not in scope.functions:
                self._literal(node, name, "0.0")

    def _flags(self, node: ast.stmt) -> LoopReturns:
        """Make the flag and the values of the returns in a loop, before it."""
        found = next(returns_of(node))
        count = len(found.value.elts) if isinstance(found.value, ast.Tuple) else 1
        made = LoopReturns(self.fresh("returned"), [])
        self._literal(node, made.flag, "False")
        for _ in range(count):
            name = self.fresh("result")
            self._literal(node, name, "0.0")
            made.results.append(name)
        return made

    def fresh(self, wanted: str) -> str:
        """Return a name that the author does not use."""
        scope = self.owner.scope
        while wanted in {*scope.local, *scope.values, *scope.module.constants}:
            wanted += "_"
        return wanted

    def _literal(self, node: ast.stmt, name: str, text: str) -> None:
        owner = self.owner
        owner.pending = []
        value = owner.constant(node, text, e.Literal(text))
        owner.scope.values[name] = owner.own_line(node, name, value)

    def leave_with(self, node: ast.Return, values: list[ir.Value]) -> None:
        """Build a `return` in a loop: keep its values, and break off."""
        owner, exits = self.owner, self.exits
        assert exits is not None
        if len(values) != len(exits.results):
            owner.refuse(
                node,
                "construct",
                "the paths return different numbers of values",
                "return as many values on every path",
            )
        for name, value in zip(exits.results, values, strict=True):
            owner.scope.values[name] = owner.own_line(node, name, value)
        self._literal(node, exits.flag, "True")
        self.leave(node, "break")

    def _else(self, node: ast.For | ast.While, flag: str) -> ast.stmt:
        """Return a loop's `else`, which runs if no `break` left the loop."""
        test = ast.UnaryOp(ast.Not(), ast.Name(flag, ast.Load()))
        made = ast.If(test, node.orelse, [])
        for part in (made, test, test.operand):
            ast.copy_location(part, node)
        self.owner.module.rewritten.add(made)
        self.owner.quiet.add(made)
        return made

    def _behind_returns(self, node: ast.stmt, exits: LoopReturns, rest: list[ast.stmt]) -> None:
        """Ask behind a loop whether it has returned: go on out of an outer loop, or return."""
        owner = self.owner
        if self.loop is None and _only_returns(node):
            values = [owner.scope.values[name] for name in exits.results]
            owner.frame.sites.append([Site(value, None) for value in values])
            owner.frame.values, owner.left = values, "return"
            return
        test = owner.scope.values[exits.flag]
        line = Line("if", owner.span(node), expression=e.Primal(test))
        with self.region() as then:
            if self.loop is not None:
                self.leave(node, "break")
            else:
                values = [owner.scope.values[name] for name in exits.results]
                owner.frame.sites.append([Site(value, None) for value in values])
                owner.frame.values, owner.left = values, "return"
            then.left, then.returned = owner.left, owner.frame.values
            then.values = dict(owner.scope.values)
        otherwise = self._arm(rest)
        line.flat = bool(rest) and then.left == "break"
        if self.loop is not None:
            self._join(node, line, test, [then, otherwise], self.loop.carried, "end")
        else:
            self._join_returns(node, line, test, [then, otherwise])

    def for_loop(self, node: ast.For, extra: frozenset[str]) -> None:
        """Build a `for`."""
        owner = self.owner
        owner.growing.enter(node)
        owner.growing.check_source(node)
        self.name_items(node)
        header = self.headers.header(node)
        line = self._region_line("for", node, node.iter)
        assigned = self._assigned(node) | extra
        body, names, starts, parameters = self._body(node, assigned, header)
        results = [owner.region_value(node, v.name) for v in parameters]
        operation = ir.For((header.iterable, *starts), tuple(results), owner.span(node), body.block)
        line.targets, line.expression = (header.pattern,), header.spelled
        owner.append_region(operation, line, (body.lines,))
        self._behind(node, names, results, body, assigned)

    def while_loop(self, node: ast.While, extra: frozenset[str]) -> None:
        """Build a `while`."""
        owner = self.owner
        owner.growing.enter(node)
        self.name_items(node)
        assigned = self._assigned(node) | extra
        names = self._carried(assigned)
        with self.region() as test:
            starts, parameters = self._enter(node, names)
            test.block.parameters = parameters
            owner.pending = []
            outcome = owner.growing.truth(node.test, owner.expressions.value(node.test))
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

    def _assigned(self, node: ast.For | ast.While) -> frozenset[str]:
        """Return the names that a loop assigns, or whose arrays it writes into."""
        written = written_names(node.body, self.owner.functions.known())
        return (assigned_names([node]) | written) - self.owner.settings.written_in(node)

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
                owner.statements([*turn_copies(owner, node), *node.body])
                body.is_refused = len(owner.problems.found) > told
                body.left, body.values = owner.left, dict(owner.scope.values)
        finally:
            self.loop = outer
        if body.is_dead or body.is_refused:
            return body, names, starts, parameters
        self._refuse_lost_writes(node, assigned, body)
        for name in names:
            given = owner.scope.values[name]
            if self._structure(given) != self._structure(body.values[name]):
                owner.growing.ask([given, body.values[name]])
                self._refuse_other_items(node, name, "from turn to turn")
        rows = self._leaves_of(node, names, [body])
        body.block.yields = [v for row in rows.values() for _, v in row[0]]
        return body, names, starts, parameters

    def _refuse_lost_writes(self, node: ast.stmt, assigned: frozenset[str], body: Arm) -> None:
        """What a loop writes into is carried from turn to turn: nothing else may have changed."""
        values = self.owner.scope.values
        for name in values.keys() - assigned:
            if body.values.get(name) is not values[name]:
                self.owner.refuse(
                    node, "store", f"how this loop writes into `{name}` cannot be followed",
                    "write into it by its name, or call a function of the file by its name",
                )

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
        if kind == "break" and self.else_flag is not None:
            self._literal(node, self.else_flag, "True")
        if self.loop is None:
            owner.refuse(node, "construct", f"`{kind}` stands in no loop", "leave it out")
        line = Line(kind, owner.span(node))
        owner.finish_plain(line)
        owner.block.operations.append(ir.Exit((), (), owner.span(node), kind))
        owner.left = kind


def _word(made: ir.Aggregate, place: int) -> str:
    """Return what an item of a container goes by: its place, or its key."""
    key = ast.literal_eval(made.keys[place]) if made.keys else place
    return key if isinstance(key, str) and key.isidentifier() else str(place)


def may_leave(node: ast.stmt) -> bool:
    """True if a path through the statement ends in `return`, `break` or `continue`."""
    if isinstance(node, ast.Return | ast.Break | ast.Continue):
        return True
    if isinstance(node, ast.If):
        return any(may_leave(part) for part in [*node.body, *node.orelse])
    if isinstance(node, ast.For | ast.While):
        return has_return(node) or any(may_leave(part) for part in node.orelse)
    return False


def _count(body: list[ast.stmt]) -> int:
    """Return how many statements there are, those in others too."""
    return sum(isinstance(part, ast.stmt) for node in body for part in ast.walk(node))


def _only_returns(node: ast.stmt) -> bool:
    """True for a `while True` that nothing but `return` leaves."""
    if not isinstance(node, ast.While) or not isinstance(node.test, ast.Constant):
        return False
    return bool(node.test.value) and not any(_breaks(part) for part in node.body)


def _breaks(node: ast.stmt) -> bool:
    if isinstance(node, ast.Break):
        return True
    return isinstance(node, ast.If) and any(_breaks(part) for part in [*node.body, *node.orelse])


def has_return(node: ast.stmt) -> bool:
    """True if a `return` of this function stands in a statement."""
    return any(True for _ in returns_of(node))


def can_go_on(body: list[ast.stmt]) -> bool:
    """True if a path through the statements reaches their end."""
    for node in body:
        if isinstance(node, ast.Return | ast.Break | ast.Continue | ast.Raise):
            return False
        if isinstance(node, ast.If) and not (can_go_on(node.body) or can_go_on(node.orelse)):
            return False
    return True
