"""A whole gradient function as atoms, for `coalesce`: what each statement defines and reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.regions import Regions
from codegen.analyses.stale import old_value
from codegen.build.lines import Line
from codegen.stage.coalesce import Atom, Choice, Item, Names, Repeat, Symbol, coalesce
from codegen.stage.forward import Forward
from codegen.stage.resolve import Resolver
from codegen.stage.statements import Group, MirrorStatements, Node, Statement


@dataclass
class Share:
    """Makes the atoms of one function."""

    resolver: Resolver
    found: Forward
    nodes: list[Node]
    parameters: list[ir.Value]
    seeds: list[ir.Value]
    inputs: list[ir.Value]
    zeros: list[Statement]
    regions: Regions
    cells: Cells
    read_last: list[ir.Value]  # inputs whose dtype is read when their gradients are returned

    def names(self) -> Names:
        """Return which values and which cotangents share a name."""
        entry = [e.Primal(value) for value in self.parameters]
        given = [e.Cotangent(value) for value in self.seeds]
        outputs = [e.Primal(value) for value in self.seeds]
        program: list[Item] = [Atom(defines=(*entry, *given))]
        program += self._lines(self.found.lines)
        program.append(Atom(reads=tuple(outputs)))
        program += self._nodes(self.nodes)
        program += [self._statement(statement) for statement in self.zeros]
        last: list[Symbol] = [*outputs, *(e.Cotangent(value) for value in self.inputs)]
        last += [e.Primal(value) for value in self.read_last]
        symbols = _symbols(program)
        order: dict[Symbol, int] = {symbol: symbol.value.number for symbol in symbols}
        # The caller gives these by name: they stand for what shares it.
        order |= {e.Cotangent(value): -1 for value in self.seeds}
        updated = self._updated()
        groups = self._shared(symbols)
        groups += [[e.Primal(old), e.Primal(new)] for old, new in updated]
        return coalesce(program, last, order, groups, self._together(), updated)

    def _updated(self) -> list[tuple[ir.Value, ir.Value]]:
        """Return what each `x += e` changes, and what it gives, where the author has one name."""
        lines = [line for line in _all(self.found) if line.kind == "augment" and line.node]
        pairs = [(old_value(line), line.values()[0]) for line in lines]
        return [(old, new) for old, new in pairs if old.name == new.name]

    def _together(self) -> list[list[Symbol]]:
        """Return the values of each cell, and their cotangents, the cell's own first."""
        members: dict[ir.Value, list[ir.Value]] = {}
        for value, cell in self.cells.cells.items():
            if value is not cell:
                members.setdefault(cell, []).append(value)
        found: list[list[Symbol]] = []
        for cell, values in members.items():
            found.append([e.Primal(cell), *map(e.Primal, values)])
            found.append([e.Cotangent(cell), *map(e.Cotangent, values)])
        return found

    def _shared(self, symbols: list[Symbol]) -> list[list[Symbol]]:
        """Return the symbols of each author's name, if one of them lives in a region."""
        groups: dict[tuple[type, str], list[Symbol]] = {}
        for symbol in symbols:
            if symbol.value.name is not None:
                groups.setdefault((type(symbol), symbol.value.name), []).append(symbol)
        return [
            sorted(group, key=lambda s: s.value.number)
            for group in groups.values()
            if len(group) > 1 and any(self.regions.home(s.value) for s in group)
        ]

    def _reads(self, *expressions: e.Expression | None) -> tuple[Symbol, ...]:
        found: dict[Symbol, None] = {}
        for expression in expressions:
            if expression is None:
                continue
            for node in self.resolver.lowered(expression).leaves():
                if isinstance(node, Symbol):
                    found[node] = None
        return tuple(found)

    def _lines(self, lines: list[Line]) -> list[Item]:
        return [self._line(line) for line in lines]

    def _line(self, line: Line) -> Item:
        reads = self._reads(line.expression, line.detail, line.operand, line.index)
        if line.kind == "store":
            reads = (*reads, *map(e.Primal, line.values()))
        bodies = [self._lines(body) for body in self.found.bodies.get(line, ())]
        match line.kind:
            case "if":
                return Choice(reads, bodies)
            case "for" | "while":
                return Repeat(reads, tuple(map(e.Primal, line.values())), bodies[0])
            case "break" | "continue" | "raise":
                return Atom(reads=reads, leaves=line.kind)
        defines = tuple(map(e.Primal, line.values()))
        moves: tuple[tuple[Symbol, Symbol], ...] = ()
        if line.kind == "move":
            assert isinstance(line.expression, e.Sequence)
            sources = [node for node in line.expression.items if isinstance(node, e.Primal)]
            moves = tuple(zip(defines, sources, strict=True))
            reads = tuple(sources)
        copies: tuple[tuple[Symbol, Symbol], ...] = ()
        if isinstance(line.expression, e.Primal) and len(defines) == 1 and line.kind == "assign":
            copies = ((defines[0], line.expression),)
        return Atom(defines, reads, moves, copies)

    def _nodes(self, nodes: list[Node]) -> list[Item]:
        found: list[Item] = []
        for node in nodes:
            if isinstance(node, Group):
                found += [self._statement(statement) for statement in node.statements]
            else:
                found.append(self._mirror(node))
        return found

    def _mirror(self, node: MirrorStatements) -> Item:
        reads = self._reads(node.header)
        bodies = [self._nodes(body) for body in node.bodies]
        if isinstance(node.operation, ir.If):
            return Choice(reads, bodies)
        defines = () if node.turn is None else (e.Primal(node.turn),)
        return Repeat(reads, defines, bodies[0])

    def _statement(self, statement: Statement) -> Atom:
        reads = self._reads(*statement.parts())
        if statement.target is None:
            return Atom(reads=reads)
        if statement.form == "restore":
            return Atom(reads=reads)
        if statement.form == "primal":
            return Atom((e.Primal(statement.target),), reads)
        target = e.Cotangent(statement.target)
        if statement.form not in ("=", "rebind"):
            reads = (*reads, target)
        moves: tuple[tuple[Symbol, Symbol], ...] = ()
        copies: tuple[tuple[Symbol, Symbol], ...] = ()
        if statement.form == "=" and isinstance(statement.expression, e.Cotangent):
            pair = ((target, statement.expression),)
            moves, copies = (pair, ()) if statement.is_move else ((), pair)
        return Atom((target,), reads, moves, copies)


def _all(found: Forward) -> Iterator[Line]:
    stack = list(found.lines)
    while stack:
        line = stack.pop()
        yield line
        for body in found.bodies.get(line, ()):
            stack += body


def _symbols(program: list[Item]) -> list[Symbol]:
    found: dict[Symbol, None] = {}
    stack = list(program)
    while stack:
        item = stack.pop()
        match item:
            case Atom():
                found |= dict.fromkeys((*item.defines, *item.reads))
            case Choice():
                stack += [inner for arm in item.arms for inner in arm]
            case Repeat():
                found |= dict.fromkeys(item.defines)
                stack += item.body
    return list(found)
