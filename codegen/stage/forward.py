"""The forward pass as it is printed: the lines that stay, and between them what regions need.

Where paths meet a value goes on under another name (`move` lines, most of which vanish when the two
get one name); a value that a mirror reads is pushed to its list where it is made.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.regions import Regions
from codegen.build.lines import Built, Line
from codegen.stage.keep import Kept, Stack
from codegen.stage.needed import Needed
from codegen.stage.program import Staging

EXITS = ("break", "continue", "raise")
Pairs = list[tuple[ir.Value, ir.Value]]


@dataclass
class Forward:
    """The lines at the top, and those inside of each line with regions."""

    lines: list[Line]
    bodies: dict[Line, tuple[list[Line], ...]] = field(default_factory=dict)


def forward(
    built: Built, staging: Staging, regions: Regions, needed: Needed, kept: Kept, cells: Cells
) -> Forward:
    """Return the forward pass with everything between its lines."""
    walk = _Walk(built, staging, regions, needed, kept, cells)
    found = Forward([], walk.bodies)
    found.lines = walk.block(staging.lines, [])
    return found


def ended(found: Forward, ends: dict[ir.Value, ir.Value], line: Line | None) -> None:
    """Copy arrays that are returned and that the reverse writes into: `A_end = A.copy()`."""
    for value, end in ends.items():
        assert line is not None
        copy = e.Call(e.Attribute(e.Primal(value), "copy"), ())
        found.lines.append(plain(line, end, copy))


@dataclass
class _Walk:
    built: Built
    staging: Staging
    regions: Regions
    needed: Needed
    kept: Kept
    cells: Cells
    bodies: dict[Line, tuple[list[Line], ...]] = field(default_factory=dict)
    pushes: dict[ir.Value, list[Stack]] = field(default_factory=lambda: defaultdict(list))
    lists: dict[Line, list[Stack]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for stack in self.kept.stacks:
            assert stack.before is not None
            self.lists[stack.before].append(stack)
            if stack.where is not None:
                self.kept.before.setdefault(stack.where, []).append(push(stack))
            elif stack.start is None:
                self.pushes[self.kept.shapes.get(stack.value, stack.value)].append(stack)

    def block(self, lines: list[Line], tail: list[Line]) -> list[Line]:
        """Return a block's lines; `tail` must run before it is left early."""
        found: list[Line] = []
        for line in lines:
            if line not in self.needed.lines:
                continue
            if line.kind in ("break", "continue"):
                found += [*tail, line]
            elif line.operation is not None:
                found += self._region(line, tail)
            else:
                found += self.kept.before.get(line, [])
                if line.kind != "item":
                    found.append(line)
                for value in line.values():
                    found += self._push(value)
        return found

    def _push(self, value: ir.Value) -> list[Line]:
        return [push(stack) for stack in self.pushes.get(value, [])]

    def _region(self, line: Line, tail: list[Line]) -> list[Line]:
        before: list[Line] = []
        for stack in self.lists.get(line, []):
            first = () if stack.start is None else (e.Primal(stack.start),)
            before.append(plain(line, stack.name, e.Sequence("list", first)))
        match line.operation:
            case ir.If():
                return [*before, *self._choice(line, line.operation, tail)]
            case ir.For() | ir.While():
                return [*before, *self._loop(line, line.operation)]
        raise AssertionError(f"{line.kind} has no regions")

    def _choice(self, line: Line, operation: ir.If, tail: list[Line]) -> list[Line]:
        behind = [row for result in operation.results for row in self._push(result)]
        bodies = []
        for number, block in enumerate(operation.blocks()):
            pairs: Pairs = []
            if not ir.is_dead(block):
                pairs = [
                    (result, arm)
                    for result, arm in zip(operation.results, block.yields, strict=True)
                    if result in self.needed.values and result not in self.cells.cells
                ]
            own = moves(line, pairs)
            lines = self.staging.bodies[line][number]
            body = self.block(lines, [*own, *behind, *tail])
            if not (body and body[-1].kind in EXITS):
                body += own
            bodies.append(body)
        self.bodies[line] = tuple(bodies)
        return [line, *behind]

    def _loop(self, line: Line, operation: ir.For | ir.While) -> list[Line]:
        carried = [
            one
            for one in ir.carried(operation)
            if {one.parameter, one.result, one.tested} & self.needed.values
            and one.result not in self.cells.cells
        ]
        enter: Pairs = [(one.tested or one.parameter, one.start) for one in carried]
        begin: Pairs = [
            (one.parameter, one.tested)
            for one in carried
            if one.tested is not None and one.parameter in self.needed.values
        ]
        end: Pairs = [(one.tested or one.parameter, one.next) for one in carried]
        behind: Pairs = [
            (one.result, one.tested or one.parameter)
            for one in carried
            if one.result in self.needed.values
        ]
        ends = {s.value: s for s in self.lists.get(line, []) if s.start is not None}
        last = [push(ends[one.next]) for one in ir.carried(operation) if one.next in ends]
        tail = [*last, *moves(line, end)]
        body = moves(line, begin)
        counter = self.kept.counters.get(line)
        before = moves(line, enter)
        after = moves(line, behind)
        if counter is not None:
            before.append(plain(line, counter, e.Literal("0")))
            more = plain(line, counter, e.Binary("+", e.Primal(counter), e.Literal("1")))
            more.kind, more.operator, more.operand = "augment", "+", e.Literal("1")
            body.append(more)
            after += self._push(counter)
        for parameter in operation.body.parameters:
            body += self._push(parameter)
        body += self.block(self.staging.bodies[line][0], tail)
        if not (body and body[-1].kind in EXITS):
            body += tail
        self.bodies[line] = (body,)
        for one in carried:
            after += self._push(one.result)
        return [*before, line, *after]


def plain(line: Line, target: ir.Value, expression: e.Expression) -> Line:
    """Return a line of ours."""
    return Line("assign", line.span, (target,), expression)


def push(stack: Stack) -> Line:
    """Return `hs.append(h)`."""
    call = e.Call(e.Attribute(e.Primal(stack.name), "append"), (stack.pushed,))
    assert stack.before is not None
    return Line("do", stack.before.span, (), call)


def moves(line: Line, pairs: Pairs) -> list[Line]:
    """Return one line that lets values go on under other names, all at once."""
    if not pairs:
        return []
    targets = tuple(target for target, _ in pairs)
    sources = tuple(e.Primal(source) for _, source in pairs)
    return [Line("move", line.span, (targets,), e.Sequence("tuple", sources))]
