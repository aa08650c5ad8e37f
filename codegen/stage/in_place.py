"""A part of a cotangent is read where it stands, if nothing writes there before the last read.

`d = dA[i].copy()`, `dA[i] = 0` and two reads of d become two reads of `dA[i]` and the clearing.
What is read more often keeps its name, but needs no copy.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.overlap import Access, Overlap
from codegen.build.lines import Line
from codegen.stage.contents import is_whole
from codegen.stage.resolve import Resolver
from codegen.stage.statements import Group, MirrorStatements, Node, Statement, groups_in

ADDS = ("+=", "-=", "part+=", "part-=")
STORES = (*ADDS, "part=")
OPPOSITE = {"+=": "-=", "-=": "+=", "part+=": "part-=", "part-=": "part+="}
NEW = {f"numpy.{name}" for name in ("sum", "outer", "dot", "where", "mean")}  # in new memory
MOST_READS = 2  # of a part that is written out each time
MOST_ITEMS = 3  # of an index that is written out twice


@dataclass(frozen=True)
class Part:
    """What a name stands for: a part of a cell's cotangent, or all of it (index None)."""

    base: e.Cotangent
    index: e.Expression | None
    negative: bool
    copied: bool

    def spelled(self) -> e.Expression:
        """Return the part without its sign."""
        return self.base if self.index is None else e.Subscript(self.base, self.index)


@dataclass
class InPlace:
    """Rewrites the groups of one function; `fixed` are cotangents that others read too."""

    overlap: Overlap
    cells: Cells
    resolver: Resolver
    fixed: Container[ir.Value]
    groups: dict[ir.Value, set[Group]] = field(default_factory=dict)
    # where a cell's array gets another name, by which it may be written
    shown: dict[ir.Value, set[tuple[Group, Statement]]] = field(default_factory=dict)
    order: dict[Group, int] = field(default_factory=dict)
    loop: dict[Group, MirrorStatements] = field(default_factory=dict)  # the outermost around

    def run(self, nodes: list[Node]) -> None:
        """Rewrite the statements in place."""
        found = list(groups_in(nodes))
        self.order = {group: place for place, group in enumerate(found)}
        self._find_loops(nodes, None)
        for group in found:
            for statement in group.statements:
                for value in _touched(statement):
                    self.groups.setdefault(value, set()).add(group)
                self._note_shown(statement, group)
        for group in found:
            if group.line is None or group.line.exchange is not None:
                continue
            for statement in list(group.statements):
                if statement in group.statements:
                    self._settle(statement, group, group.line)

    def _settle(self, statement: Statement, group: Group, line: Line) -> None:
        target = statement.target
        if statement.form != "=" or target is None or statement.test is not None:
            return
        if target.name is not None or target in self.cells.cells or target in self.fixed:
            return
        place = group.statements.index(statement)
        behind = group.statements[place + 1 :]
        if self.groups.get(target) != {group} or any(one.target is target for one in behind):
            return
        if any(target in _touched(one) for one in group.statements[:place]):
            return
        if self._is_again(statement, group, place):
            return
        part = self._part(statement.expression)
        if part is None or not self._read_in_place(statement, part, group, line):
            self._merge(statement, group)

    def _find_loops(self, nodes: list[Node], around: MirrorStatements | None) -> None:
        for node in nodes:
            if isinstance(node, Group):
                if around is not None:
                    self.loop[node] = around
                continue
            is_loop = not isinstance(node.operation, ir.If)
            for body in node.bodies:
                self._find_loops(body, around or (node if is_loop else None))

    def _note_shown(self, statement: Statement, group: Group) -> None:
        """Note a statement that may give an array another name, by which it may be changed."""
        if _gives_new(statement) or statement.form in ("primal", "restore", "drop"):
            return
        if isinstance(statement.expression, e.Call) and _is_copy(statement.expression):
            return
        if statement.target is not None and self.overlap.facts[statement.target].scalar:
            return
        own = None if statement.target is None else self.cells.of(statement.target)
        for value in _cotangents(statement.expression):
            if value in self.cells.cells and self.cells.of(value) is not own:
                self.shown.setdefault(self.cells.of(value), set()).add((group, statement))

    def _part(self, expression: e.Expression) -> Part | None:
        match expression:
            case e.Unary("-", operand):
                inner = self._part(operand)
                if inner is None or inner.copied or inner.negative:
                    return None
                return Part(inner.base, inner.index, True, False)
            case e.Call(e.Attribute(base, "copy"), (), ()):
                inner = self._part(base)
                if inner is None or inner.copied or inner.negative:
                    return None
                return Part(inner.base, inner.index, False, True)
            case e.Cotangent(value) if value in self.cells.cells:
                return Part(expression, None, False, False)
            case e.Subscript(e.Cotangent(value) as base, index) if value in self.cells.cells:
                return Part(base, None if is_whole(index) else index, False, False)
        return None

    def _read_in_place(self, made: Statement, part: Part, group: Group, line: Line) -> bool:
        """Read a part where it stands; False if nothing was changed."""
        assert made.target is not None
        target, place = made.target, group.statements.index(made)
        if self._may_have_other_names(made, part, group):
            return False
        reads = [one for one in group.statements if one is not made and _reads(one, target)]
        if not reads:
            return False
        last = group.statements.index(reads[-1])
        between = group.statements[place + 1 : last + 1]
        moved = self._overwriter(between, part, line)
        if moved is None:
            return False
        count = sum(_count(one, target) for one in reads)
        items = len(part.index.items) if isinstance(part.index, e.Sequence) else 1
        is_short = count == 1 or part.index is None or items <= MOST_ITEMS
        is_inlined = is_short and (count <= MOST_READS or part.index is None)
        takers = [one for one in reads if one.form == "=" and one.expression == e.Cotangent(target)]
        if part.copied and not all(_gives_new(one) for one in reads if one not in takers):
            return False
        if part.negative and not (is_inlined and all(_takes_sign(one, target) for one in reads)):
            return False
        if not is_inlined and not part.copied:
            return False
        for one in moved:
            if one is not reads[-1]:
                group.statements.remove(one)
                group.statements.insert(group.statements.index(reads[-1]) + 1, one)
        if part.copied:
            for one in takers:
                one.expression = e.Call(e.Attribute(one.expression, "copy"), ())
        if not is_inlined:
            made.expression = part.spelled()
            return True
        group.statements.remove(made)
        _rewrite(reads, target, part.spelled())
        for one in reads:
            if part.negative:
                one.form = OPPOSITE[one.form]
            self._augment(one, group)
        return True

    def _may_have_other_names(self, made: Statement, part: Part, group: Group) -> bool:
        """True if the array may have got another name before the reads."""
        for where, statement in self.shown.get(self.cells.of(part.base.value), set()):
            is_again = group in self.loop and self.loop.get(where) is self.loop[group]
            is_before = self.order[where] <= self.order[group]
            if statement is not made and (is_before or is_again):
                return True
        return False

    def _overwriter(
        self, between: list[Statement], part: Part, line: Line
    ) -> list[Statement] | None:
        """Return the statement that gives the part new contents, if any; None if reads are barred.

        It can wait until the last read is through.
        """
        found: list[Statement] = []
        cell = self.cells.of(part.base.value)
        index = set() if part.index is None else {self.cells.of(v) for v in e.primals(part.index)}
        for place, one in enumerate(between):
            target = None if one.target is None else self.cells.of(one.target)
            if one.form in ("primal", "restore"):
                if target in index:
                    return None
                continue
            if found and self._reads_part(one, part, line):
                return None  # it would see the old contents
            if target is not cell:
                continue
            if self._is_apart(one.index, part, line):
                continue
            is_it = one.form == "part=" and one.test is None and self._is_same(one.index, part)
            if found or not is_it or not self._may_wait(one, between[place + 1 :]):
                return None
            found.append(one)
        return found

    def _may_wait(self, statement: Statement, others: list[Statement]) -> bool:
        """True if a statement computes the same behind others."""
        read = {self.cells.of(v) for part in statement.parts() for v in e.primals(part)}
        given = {self.cells.of(v) for v in _read_by(statement)}
        has_pop = _has_pop(statement)
        for one in others:
            target = None if one.target is None else self.cells.of(one.target)
            if one.form in ("primal", "restore"):
                if target in read or has_pop:
                    return False
            elif target in given or one.form in ("drop", "push"):
                return False
        return not (has_pop and others)

    def _reads_part(self, statement: Statement, part: Part, line: Line) -> bool:
        """True if a statement reads, by the array's own name, what may be the part."""
        cell = self.cells.of(part.base.value)
        inner: list[e.Expression | None] = []

        def leaf(node: e.Expression) -> e.Expression | None:
            match node:
                case e.Attribute(e.Cotangent(), "shape" | "dtype"):
                    return node
                case e.Subscript(e.Cotangent(value), index) if self.cells.of(value) is cell:
                    inner.append(index)
                    e.rewrite(index, leaf)
                    return node
                case e.Cotangent(value) if self.cells.of(value) is cell:
                    inner.append(None)
            return None

        for one in statement.parts():
            e.rewrite(one, leaf)
        return any(not self._is_apart(index, part, line) for index in inner)

    def _is_same(self, index: e.Expression | None, part: Part) -> bool:
        if index is None or part.index is None:
            return part.index is None and (index is None or is_whole(index))
        return self.resolver.lowered(index) == self.resolver.lowered(part.index)

    def _is_apart(self, index: e.Expression | None, part: Part, line: Line) -> bool:
        if index is None or part.index is None or line not in self.overlap.loops:
            return False
        return not self.overlap.meets(Access(line, index), Access(line, part.index))

    def _augment(self, statement: Statement, group: Group) -> None:
        """Write `dA[i] = b * dA[i]` as `dA[i] *= b`, and `dA[i] = dA[i]` not at all."""
        if statement.form != "part=" or statement.target is None or statement.index is None:
            return
        own = e.Subscript(e.Cotangent(statement.target), statement.index)
        if self._is_own(statement.expression, own):
            group.statements.remove(statement)
            return
        match statement.expression:
            case e.Binary("*", factor, read) | e.Binary("*", read, factor) if self._is_own(
                read, own
            ) and self.cells.of(statement.target) not in map(self.cells.of, _cotangents(factor)):
                statement.form, statement.expression = "part*=", factor
            case e.Binary("/", read, divisor) if self._is_own(read, own) and self.cells.of(
                statement.target
            ) not in map(self.cells.of, _cotangents(divisor)):
                statement.form, statement.expression = "part/=", divisor

    def _is_own(self, read: e.Expression, own: e.Subscript) -> bool:
        match read:
            case e.Cotangent():
                return self.cells.of(read.value) is self._cell(own) and is_whole(own.index)
            case e.Subscript(e.Cotangent(value), index):
                is_there = self.resolver.lowered(index) == self.resolver.lowered(own.index)
                return self.cells.of(value) is self._cell(own) and is_there
        return False

    def _cell(self, own: e.Subscript) -> ir.Value:
        assert isinstance(own.base, e.Cotangent)
        return self.cells.of(own.base.value)

    def _merge(self, statement: Statement, group: Group) -> None:
        """Add `-A[i, j] * dA[i, j]` at once, where the next statement alone reads its name."""
        target, place = statement.target, group.statements.index(statement)
        assert target is not None
        readers = [s for s in group.statements if s is not statement and target in _touched(s)]
        if len(readers) != 1 or group.statements[place + 1 : place + 2] != readers:
            return
        (reader,) = readers
        if reader.test is not None or reader.form not in STORES:
            return
        if reader.expression != e.Cotangent(target) or _count(reader, target) != 1:
            return
        expression, negative = _signed(statement.expression)
        is_entry = isinstance(expression, e.Subscript) and self.overlap.facts[target].scalar
        if not (is_entry or isinstance(expression, e.Binary)):
            return  # a part alone: it may overlap what it is added to
        if negative and reader.form in OPPOSITE:
            reader.form, reader.expression = OPPOSITE[reader.form], expression
        else:
            reader.expression = statement.expression
        group.statements.remove(statement)

    def _is_again(self, statement: Statement, group: Group, place: int) -> bool:
        """Take what an earlier statement of the group has computed already."""
        assert statement.target is not None
        old = statement.target
        if not isinstance(statement.expression, e.Binary | e.Call) or _has_pop(statement):
            return False
        read = {self.cells.of(v) for v in _cotangents(statement.expression)}
        primals = {self.cells.of(v) for v in e.primals(statement.expression)}
        for first in reversed(group.statements[:place]):
            target = None if first.target is None else self.cells.of(first.target)
            if first.form in ("=", "rebind") and first.expression == statement.expression:
                is_own = target is not None and self.groups.get(target) == {group}
                is_free = is_own and target not in self.cells.cells and target not in self.fixed
                others = [one for one in group.statements if one.target is target]
                if not is_free or len(others) > 1 or first.test is not None:
                    return False
                assert target is not None
                new = e.Cotangent(target)
                readers = [s for s in group.statements if _reads(s, old) or _reads(s, target)]
                if not all(_gives_new(one) for one in readers):
                    return False  # one may take over the memory
                group.statements.remove(statement)
                _rewrite(group.statements, old, new)
                return True
            if target in (primals if first.form in ("primal", "restore") else read):
                return False
        return False


def _signed(expression: e.Expression) -> tuple[e.Expression, bool]:
    """Return an expression without the minus in front, and whether there was one."""
    match expression:
        case e.Unary("-", operand):
            return operand, True
        case e.Binary("*" | "/" as operator, left, right):
            inner, negative = _signed(left)
            return (e.Binary(operator, inner, right), True) if negative else (expression, False)
        case e.Literal(text) if text.startswith("-"):
            return e.Literal(text[1:]), True
    return expression, False


def _takes_sign(statement: Statement, target: ir.Value) -> bool:
    """True for `x += d * y`: with -d for d it is `x -= d * y`."""
    if statement.form not in OPPOSITE or _count(statement, target) != 1:
        return False
    expression = statement.expression
    while isinstance(expression, e.Binary) and expression.operator in ("*", "/"):
        if expression.right == e.Cotangent(target):
            return expression.operator == "*"
        expression = expression.left
    return expression == e.Cotangent(target)


def _gives_new(statement: Statement) -> bool:
    """True if what a statement makes has memory of its own."""
    if statement.form in (*STORES, "part*=", "part/=", "at"):
        return True
    if statement.form not in ("=", "rebind"):
        return False
    match statement.expression:
        case e.Binary() | e.Unary():
            return True
        case e.Call(e.Library(path), _, _):
            return path in NEW
    return False


def _rewrite(statements: list[Statement], old: ir.Value, new: e.Expression) -> None:
    """Put something else for all reads of a cotangent."""

    def leaf(node: e.Expression) -> e.Expression | None:
        return new if isinstance(node, e.Cotangent) and node.value is old else None

    for one in statements:
        one.rewrite(lambda part: e.rewrite(part, leaf))


def _is_copy(call: e.Call) -> bool:
    return isinstance(call.function, e.Attribute) and call.function.name == "copy"


def _has_pop(statement: Statement) -> bool:
    """True for what takes an item off a list: only once, and in its order."""
    return any(
        isinstance(node, e.Attribute) and node.name == "pop"
        for part in statement.parts()
        for node in e.walk(part)
    )


def _cotangents(expression: e.Expression) -> list[ir.Value]:
    return [node.value for node in e.walk(expression) if isinstance(node, e.Cotangent)]


def _read_by(statement: Statement) -> list[ir.Value]:
    return [value for part in statement.parts() for value in _cotangents(part)]


def _touched(statement: Statement) -> list[ir.Value]:
    own = [] if statement.target is None or statement.form == "primal" else [statement.target]
    return [*own, *_read_by(statement)]


def _reads(statement: Statement, target: ir.Value) -> bool:
    return target in _read_by(statement)


def _count(statement: Statement, target: ir.Value) -> int:
    return _read_by(statement).count(target)
