"""What the mirror of a loop reads of a turn: kept in lists, or computed again.

A value of a turn is pushed where it is made and got back where the mirror of its region starts:
by index where a loop counts its turns and stands alone, else by `pop()`, in the reverse order:
that is right for nested loops and for arms that only some turns take.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir, shapes
from codegen.analyses.cells import Cells
from codegen.analyses.regions import Home, Region, Regions
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line, all_lines
from codegen.gates.declare import GATES
from codegen.stage.as_entered import Entered
from codegen.stage.cost import CHEAP_BOUNDS
from codegen.stage.fold_lists import ListChanged
from codegen.stage.like import Likeness
from codegen.stage.mirror import counted, header_reads, is_indexable, turn_index, with_header
from codegen.stage.program import Staging
from codegen.stage.resolve import Resolver
from codegen.stage.restore import Restorer
from codegen.stage.statements import Group, MirrorStatements, Node, Statement, groups_in


@dataclass
class Stack:
    """A list of what one value held in each turn, or of its shape."""

    name: ir.Value
    value: ir.Value
    pushed: e.Expression
    start: ir.Value | None = None  # what the list begins with: the value before the first turn
    before: Line | None = None  # the outermost loop, in front of which the list is made
    where: Line | None = None  # a store, in front of which an entry is pushed


@dataclass
class Kept:
    """What the forward pass does for the mirrors."""

    stacks: list[Stack] = field(default_factory=list)
    counters: dict[Line, ir.Value] = field(default_factory=dict)  # loops whose turns are counted
    before: dict[Line, list[Line]] = field(default_factory=dict)  # what stands before a store
    restored: set[ir.Value] = field(default_factory=set)  # cells that the reverse writes into
    shapes: dict[ir.Value, ir.Value] = field(default_factory=dict)  # a shape -> whose it is
    again: set[ir.Value] = field(default_factory=set)  # what the mirrors compute again
    # old contents that are read and not put back: what overwrote them, and where they stood
    alone: dict[ir.Value, tuple[ir.Store, e.Expression]] = field(default_factory=dict)
    came_in: dict[ir.Value, ir.Value] = field(default_factory=dict)  # parameter -> as it came in


@dataclass
class Keeper:
    """Decides for one function, whose `nodes` are rewritten in place."""

    built: Built
    facts: TypeFacts
    regions: Regions
    staging: Staging
    resolver: Resolver
    lines: dict[ir.Value, Line] = field(default_factory=dict)
    needs: dict[Region, dict[ir.Value, None]] = field(default_factory=dict)
    again: dict[Region, set[ir.Value]] = field(default_factory=dict)
    shapes: dict[ir.Value, ir.Value] = field(default_factory=dict)  # a shape -> whose it is
    cells: Cells = field(default_factory=Cells)
    indexed: dict[ir.Value, e.Expression] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    parameters: set[ir.Value] = field(default_factory=set)  # which are copied on entry
    count: int = 1 << 20  # numbers of values made here, behind all others

    def run(self, nodes: list[Node]) -> Kept:
        """Give every mirror the values that it reads."""
        for line in all_lines(self.built.lines):
            if line.operation is None:
                for value in line.values():
                    self.lines[value] = line
        for value, line in self.staging.own.items():
            self.lines[value] = line
        for value in [v for v in self.lines if self.lines[v].kind == "store"]:
            del self.lines[value]
        self._restores(nodes)
        self._lower(nodes)
        Likeness(
            self.built, self.facts, self.regions, self.cells, self.resolver, self._is_free
        ).rewrite(nodes)
        self._shapes_only(nodes)
        self._look(nodes)
        self._settle(nodes, ())
        self._index(nodes)
        self.kept.shapes = self.shapes
        self.kept.again = {value for values in self.again.values() for value in values}
        return self.kept

    def _restores(self, nodes: list[Node]) -> None:
        """Keep what stores overwrite, where it is read again."""
        entered = Entered(self.built, self.facts, self.cells, self.parameters, self._fresh)
        restorer = Restorer(
            self.built,
            self.facts,
            self.regions,
            self.cells,
            self.staging,
            self.resolver,
            self._fresh,
            entered,
        )
        alone: set[Statement] = set()
        for statement, old in restorer.run(nodes):
            line = self.built.line_of[old.operation]
            if old.came_in is not None:
                statement.expression = old.came_in
                continue
            home = self.regions.home(old.operation.result)
            value = old.value or self._fresh()
            self.regions.homes.update({value: home} if home else {})
            self.built.hints[value] = f"{old.operation.result.name}_old"
            if old.value is not None:
                self.kept.alone[value] = old.operation, old.part
            if not self.regions.in_loop(home):
                made = Line("assign", line.span, (value,), old.expression)
                self.kept.before.setdefault(line, []).append(made)
                statement.expression = e.Primal(value)
                if old.value is not None:
                    alone.add(statement)
                continue
            stack = self._stack(value, home)
            stack.pushed, stack.where = old.expression, line
            statement.expression = e.Call(e.Attribute(e.Primal(stack.name), "pop"), ())
            if old.value is not None:
                statement.form, statement.target = "primal", value
                statement.index = statement.base = statement.store = None
        for group in groups_in(nodes):
            group.statements = [one for one in group.statements if one not in alone]
        self.kept.restored = restorer.restored
        self.kept.came_in = entered.values

    # what is read

    def _lower(self, nodes: list[Node]) -> None:
        for node in nodes:
            if isinstance(node, Group):
                for statement in node.statements:
                    statement.rewrite(self._lowered)
            else:
                for body in node.bodies:
                    self._lower(body)

    def _lowered(self, expression: e.Expression) -> e.Expression:
        """Spell nameless values out, and read all values of a cell off its origin."""

        def leaf(node: e.Expression) -> e.Expression | None:
            if not isinstance(node, e.Primal):
                return None
            if self.cells.is_changed(node.value):
                raise ListChanged(node.value)
            if node.value in self.cells.cells:
                return e.Primal(self.cells.of(node.value))
            outer = self._same_size(node.value)
            return None if outer is None else e.Primal(outer)

        return e.rewrite(self.resolver.lowered(expression), leaf)

    def _same_size(self, value: ir.Value) -> ir.Value | None:
        """Return a size with a name outside of all loops that a turn's size always is."""
        kind = self.facts.types.get(value)
        if kind is None or kind.dimension is None or not kind.scalar or kind.dtype != "int":
            return None
        if not self.regions.in_loop(self.regions.home(value)):
            return None
        outer = self.resolver.witnesses.counts.get(kind.dimension)
        is_outside = outer is not None and not self.regions.homes.get(outer)
        return outer if is_outside else None

    def _shapes_only(self, nodes: list[Node]) -> None:
        """Where only the shape of a turn's array is read, keep the shape, not the array."""
        statements = [s for group in groups_in(nodes) for s in group.statements]
        whole: set[ir.Value] = set()
        shaped: set[ir.Value] = set()
        for statement in statements:
            for part in statement.parts():
                e.rewrite(part, lambda node: _shape_read(node, shaped))
                left = e.rewrite(part, lambda node: e.Literal("0") if _of_shape(node) else None)
                whole.update(e.primals(left))
        proxies: dict[ir.Value, ir.Value] = {}
        for value in sorted(shaped - whole, key=_number):
            home = self.regions.home(value)
            if self.regions.in_loop(home) and not self._is_free(value):
                proxy = self._fresh()
                self.regions.homes[proxy] = home
                self.shapes[proxy] = value
                proxies[value] = proxy

        def leaf(node: e.Expression) -> e.Expression | None:
            value = _of_shape(node)
            return e.Primal(proxies[value]) if value in proxies else None

        if proxies:
            for statement in statements:
                statement.rewrite(lambda part: e.rewrite(part, leaf))

    def _look(self, nodes: list[Node]) -> None:
        for node in nodes:
            if isinstance(node, Group):
                for statement in node.statements:
                    for part in statement.parts():
                        self._read(part)
                continue
            for expression in header_reads(node, self.built):
                self._read(self._lowered(expression))
            for body in node.bodies:
                self._look(body)

    def _read(self, expression: e.Expression) -> None:
        for value in e.primals(expression):
            self._need(value)

    def _need(self, value: ir.Value) -> None:
        home = self.regions.home(value)
        if not self.regions.in_loop(home) or self._is_turn(value) or value in self.kept.alone:
            return
        region = home[-1]
        needs = self.needs.setdefault(region, {})
        if value in needs:
            return
        needs[value] = None
        line = self.lines.get(value)
        if line is not None and self._is_cheap(value, line):
            self.again.setdefault(region, set()).add(value)
            self._read(self._lowered(_assigned(value, line)))

    def _is_free(self, value: ir.Value) -> bool:
        """True for what the mirror has without keeping anything."""
        line = self.lines.get(value)
        return self._is_turn(value) or (line is not None and self._is_cheap(value, line))

    def _is_turn(self, value: ir.Value) -> bool:
        """True for the number of a turn, which the mirror counts too."""
        home = self.regions.home(value)
        made = home[-1].operation if home else None
        return isinstance(made, ir.For) and made.body.parameters[0] is value

    def _is_cheap(self, value: ir.Value, line: Line) -> bool:
        """True for what costs next to nothing to compute again: a view, an index, a mask."""
        if line.kind not in ("assign", "item") or _item_of(value, line) is None:
            return False
        made = self.built.definition.get(value)
        if value in self.cells.views:
            # A kept one would show the forward pass's array, not the one that is restored.
            return True
        if made is not None and self._reads_contents(made):
            return False
        if isinstance(made, ir.View):
            return all(self._is_at_hand(operand) for operand in made.operands)
        if not isinstance(made, ir.Gate):
            return False
        gate = GATES[made.gate]
        is_view = gate.view and made.gate not in ("alias", "stop")
        scalar = made.gate in CHEAP_BOUNDS and self.facts[value].dtype == "int"
        if not (gate.cheap or is_view or scalar):
            return False
        return all(self._is_at_hand(operand) for operand in made.operands)

    def _reads_contents(self, made: ir.Operation) -> bool:
        """True for what reads an array that is written in place: it may hold something else."""
        if isinstance(made, ir.Gate) and made.gate in ("shape_of", "length", "size", "ndim"):
            return self.cells.is_changed(made.operands[0])
        for operand in made.operands:
            if operand in self.cells.final:
                continue
            if self.cells.shown(operand) is not None or operand in self.built.changed:
                return True
            inner = self.built.definition.get(operand)
            is_nameless = operand.name is None and operand not in self.staging.own
            if is_nameless and inner is not None and self._reads_contents(inner):
                return True
        return False

    def _is_at_hand(self, value: ir.Value) -> bool:
        """True for a value that the mirror has without a list."""
        made = self.built.definition.get(value)
        if isinstance(made, ir.Constant):
            return True
        home = self.regions.home(value)
        if not self.regions.in_loop(home) or self._is_turn(value):
            return True
        if value.name is None and value not in self.staging.own and made is not None:
            return isinstance(made, ir.Gate | ir.View) and all(
                self._is_at_hand(operand) for operand in made.operands
            )
        line = self.lines.get(value)
        is_again = line is not None and self._is_cheap(value, line)
        return is_again or value in self.needs.get(home[-1], {})

    # how it comes back

    def _settle(self, nodes: list[Node], home: Home) -> None:
        for node in nodes:
            if isinstance(node, Group):
                continue
            for number, body in enumerate(node.bodies):
                region = Region(node.operation, number)
                self._settle(body, (*home, region))
                self._restore(node, region, (*home, region), body)
            self._turns(node, home)

    def _restore(
        self, node: MirrorStatements, region: Region, home: Home, body: list[Node]
    ) -> None:
        needs = list(self.needs.get(region, {}))
        again = self.again.get(region, set())
        if isinstance(node.operation, ir.For) and is_indexable(node.operation, home, self.built):
            lists = [v for v in needs if v not in again]
            self._by_index(node.operation, [v for v in lists if v not in self.kept.restored], home)
            for value in [v for v in lists if v in self.kept.restored]:
                # The reverse writes into it: it has a name.
                stack = self._stack(value, home)
                part = e.Subscript(e.Primal(stack.name), turn_index(node.operation, self.built))
                body.insert(0, Group(None, [Statement("primal", value, part)]))
        else:
            pops = []
            for value in sorted((v for v in needs if v not in again), key=_number):
                stack = self._stack(value, home)
                pop = e.Call(e.Attribute(e.Primal(stack.name), "pop"), ())
                pops.append(Statement("primal", value, pop))
            if pops:
                body.insert(0, Group(None, pops))
        rows = []
        for value in sorted(again, key=_number):
            expression = self._lowered(_assigned(value, self.lines[value]))
            if value in self.cells.views and isinstance(self.facts[value].shape, shapes.Unknown):
                expression = _shown(expression)
            rows.append(Statement("primal", value, expression))
        if rows:
            place = 0
            while place < len(body) and _is_pops(body[place]):
                place += 1
            body.insert(place, Group(None, rows))

    def _stack(self, value: ir.Value, home: Home, start: ir.Value | None = None) -> Stack:
        outermost = next(region for region in home if region.is_loop)
        before = self.built.line_of[outermost.operation]
        made = self.shapes.get(value, value)
        line = self.lines.get(made)
        if line is not None and line.kind == "item" and made.name is None:
            raise ListChanged(self._changed_below(made))  # where in a list it is: no line has it
        pushed: e.Expression = e.Primal(made)
        if made is not value:
            has_shape = self.facts[made].array
            pushed = e.Attribute(pushed, "shape") if has_shape else e.call("numpy.shape", pushed)
        stack = Stack(self._fresh(), value, pushed, start, before)
        self.kept.stacks.append(stack)
        return stack

    def _changed_below(self, value: ir.Value) -> ir.Value:
        """Return the list, changed later, of which a nameless value is made."""
        left = [value]
        for one in left:
            if self.cells.is_changed(one):
                return one
            made = self.built.definition.get(one)
            left += [] if made is None else made.operands
        return value

    def _fresh(self) -> ir.Value:
        self.count += 1
        made = ir.Value(self.count)
        self.resolver.witnesses.named.add(made)
        return made

    def _by_index(self, operation: ir.For, values: list[ir.Value], home: Home) -> None:
        """Read a counted loop's lists at the number of the turn."""
        index = turn_index(operation, self.built)
        following = {one.next: one for one in ir.carried(operation)}
        done: set[ir.Value] = set()
        for value in sorted(values, key=_number, reverse=True):
            if value in done:
                continue
            one = following.get(value)
            if one is not None and one.parameter in values:
                # One list serves the values before and after each turn.
                stack = self._stack(value, home, one.start)
                self.indexed[one.parameter] = e.Subscript(e.Primal(stack.name), index)
                after = counted(e.Binary("+", index, e.Literal("1")))
                self.indexed[value] = e.Subscript(e.Primal(stack.name), after)
                done.add(one.parameter)
                continue
            stack = self._stack(value, home)
            self.indexed[value] = e.Subscript(e.Primal(stack.name), index)

    def _turns(self, node: MirrorStatements, home: Home) -> None:
        """Settle how often a loop's mirror runs."""
        if isinstance(node.operation, ir.If):
            (test,) = node.operation.operands
            node.header = self._lowered(e.Primal(test))
            return
        line = self.built.line_of[node.operation]
        region = Region(node.operation, 0)
        again = self.again.get(region, set())
        own = [s for s in self.kept.stacks if self.regions.home(s.value)[-1:] == (region,)]
        own = [s for s in own if s.value not in again and s.before is line and s.start is None]
        lists = [s.name for s in own]
        if not with_header(node, self.built, self.resolver, lists[0] if lists else None):
            counter = self._fresh()
            self.built.hints[counter] = "turns"
            if home:
                self.regions.homes[counter] = home
            self.kept.counters[line] = counter
            if self.regions.in_loop(home):
                self._need(counter)
            with_header(node, self.built, self.resolver, None, counter)
        if node.header is not None:
            node.header = self._lowered(node.header)  # of a list that is made anew in each turn

    def _index(self, nodes: list[Node]) -> None:
        """Put the lists' items where values of a turn are read."""
        if not self.indexed:
            return

        def leaf(node: e.Expression) -> e.Expression | None:
            return self.indexed.get(node.value) if isinstance(node, e.Primal) else None

        for node in nodes:
            if isinstance(node, Group):
                for statement in node.statements:
                    statement.rewrite(lambda part: e.rewrite(part, leaf))
                continue
            if node.header is not None:
                node.header = e.rewrite(node.header, leaf)
            for body in node.bodies:
                self._index(body)


def _item_of(value: ir.Value, line: Line) -> e.Expression | None:
    """Return what a line assigns to one of its names; None where that has no text of its own."""
    if line.targets == (value,):
        return line.expression
    match line.targets, line.expression:
        case ((tuple() as names,), e.Sequence(items=items)) if len(names) == len(items):
            found = [item for name, item in zip(names, items, strict=True) if name is value]
            return found[0] if found else None
    return None


def _assigned(value: ir.Value, line: Line) -> e.Expression:
    found = _item_of(value, line)
    assert found is not None
    return found


def _shown(read: e.Expression) -> e.Expression:
    """Spell `A[i]` so that it shows the array for every rank: an entry alone is a number."""
    rest = e.Literal("...")
    match read:
        case e.Subscript(base, e.Sequence(kind, items)) if rest not in items:
            return e.Subscript(base, e.Sequence(kind, (*items, rest)))
        case e.Subscript(base, index) if not isinstance(index, e.Slice) and index != rest:
            return e.Subscript(base, e.Sequence("tuple", (index, rest)))
    return read


def _of_shape(node: e.Expression) -> ir.Value | None:
    """Return the value whose shape an expression is."""
    match node:
        case e.Attribute(e.Primal(value), "shape"):
            return value
        case e.Call(e.Library("numpy.shape"), (e.Primal(value),), _):
            return value
    return None


def _shape_read(node: e.Expression, found: set[ir.Value]) -> e.Expression | None:
    value = _of_shape(node)
    if value is not None:
        found.add(value)
    return None


def _is_pops(node: Node) -> bool:
    """True for what gives a turn's values back."""
    if not isinstance(node, Group) or node.line is not None:
        return False
    return all(s.form == "primal" for s in node.statements) and bool(node.statements)


def _number(value: ir.Value) -> int:
    return value.number
