"""A function from IR to statements: the staging passes in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.activity import useful, varied
from codegen.analyses.cells import Cells, cells_of
from codegen.analyses.overlap import Overlap
from codegen.analyses.regions import Regions, regions_of
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line
from codegen.gates.declare import GATES
from codegen.select import Selection
from codegen.stage import lists, own
from codegen.stage.add_alike import add_alike
from codegen.stage.as_entered import still_read
from codegen.stage.clears import changed_in_place, drop_clears
from codegen.stage.first_parts import first_parts
from codegen.stage.fold import fold
from codegen.stage.forward import ended, forward
from codegen.stage.in_place import InPlace
from codegen.stage.keep import Keeper, Kept
from codegen.stage.late_copies import take_over
from codegen.stage.late_drops import without_late_drops
from codegen.stage.name import Namer
from codegen.stage.needed import Needed
from codegen.stage.outer_sums import add_up
from codegen.stage.overwrite import overwrite
from codegen.stage.program import Staging, Steps
from codegen.stage.resolve import Resolver
from codegen.stage.restore import drop_unmade
from codegen.stage.scaled import shorten
from codegen.stage.schedule import nodes_of
from codegen.stage.share import Share
from codegen.stage.shown import shown_cells
from codegen.stage.sole import sole_of
from codegen.stage.statements import Group, Node, Statement, groups_in, mirrors_in
from codegen.stage.touch import touch
from codegen.stage.witness import Witnesses


@dataclass
class Paper:
    """A gradient function ready to be spelled."""

    built: Built
    facts: TypeFacts
    selection: Selection
    staging: Staging
    resolver: Resolver
    namer: Namer
    lines: list[Line]
    bodies: dict[Line, tuple[list[Line], ...]]
    numbers: dict[Line, int]
    nodes: list[Node]
    zeros: list[Statement]
    copied: set[ir.Value]
    regions: Regions
    cells: Cells
    restored: set[ir.Value]  # cells that the backward pass writes old contents into
    ends: dict[ir.Value, ir.Value]  # returned arrays -> copies from before that
    written: set[ir.Value]  # whose cotangents are written in place
    came_in: dict[ir.Value, ir.Value]  # a parameter -> the caller's array, where that is read
    cache: object = None  # of split and gate style, made once
    result: str | None = None  # what a Jacobian is called
    sole: set[ir.Value] = field(default_factory=set)  # arrays that may be updated in place


def active_values(built: Built, facts: TypeFacts, selection: Selection) -> set[ir.Value]:
    """Return the values between the inputs and the outputs."""
    inputs = {p.value for p in selection.inputs}
    outputs = {r.value for r in selection.outputs}
    return varied(built.function, inputs, facts) & useful(built.function, outputs, facts)


def stage(built: Built, facts: TypeFacts, selection: Selection, reserved: set[str]) -> Paper:
    """Return the statements of a function's gradient."""
    inputs = [p.value for p in selection.inputs]
    seeds = [r.value for r in selection.outputs]
    active = active_values(built, facts, selection)
    cells = cells_of(built, facts)
    staging = fold(built, facts, active, set(inputs), seeds, cells, selection.is_jacobian)
    regions = regions_of(built)
    drop_clears(built, facts, regions, cells, staging, active)
    hidden = {*staging.arms, *regions.homes}
    resolver = Resolver(built, facts, Witnesses(facts, staging.staged, hidden), staging.chosen)
    nodes = nodes_of(staging, inputs)
    total = lists.item_counts(staging)
    for node in nodes:
        if isinstance(node, Steps):
            node.steps = lists.joined(node.steps, total, facts, resolver)
    add_up(nodes, cells)
    given = [cells.of(seed) for seed in seeds]
    started = set(given)
    nodes = touch(nodes, started, regions, cells.lists)
    changed = changed_in_place(staging, set(given))
    written = {value for value in cells.cells if cells.of(value) in changed}
    made, copied = own.statements(nodes, facts, given, inputs, staging, written, cells.lists)
    made = without_late_drops(made, inputs)
    take_over(made, {*given, *inputs, *cells.cells})
    shorten(made, facts, cells, staging.staged)
    if any(s.form == "part+=" for group in groups_in(made) for s in group.statements):
        first_parts(made, cells, Overlap(built, facts, regions, *staging.order()))
    zero = [
        Statement("=", value, own.zeros(value, facts)) for value in inputs if value not in started
    ]
    kept = Kept()
    if regions.of or cells.cells:
        keeper = Keeper(built, facts, regions, staging, resolver, cells=cells)
        keeper.parameters = copied_on_entry(built, facts, selection)
        kept = keeper.run(made)
    backward = [part for g in groups_in(made) for s in g.statements for part in s.parts()]
    backward += [s.expression for s in zero]
    backward += [node.header for node in mirrors_in(made) if node.header is not None]
    backward += [stack.pushed for stack in kept.stacks]
    backward += [
        line.expression for rows in kept.before.values() for line in rows if line.expression
    ]
    needed = Needed(built, staging, resolver, regions, kept)
    outside = _read_outside(built, facts, selection)
    needed.run([*outside, *_filled(backward, resolver, cells)], backward)
    drop_unmade(made, kept, needed.lines, built, cells)
    came_in = still_read(made, kept.came_in, needed.lines, cells)
    overwrite(made, cells, resolver)
    if cells.cells or any(
        _is_unnamed_array(s, facts) for g in groups_in(made) for s in g.statements
    ):
        overlap = Overlap(built, facts, regions, *staging.order())
        InPlace(overlap, cells, resolver, {*given, *inputs}).run(made)
        for group in groups_in(made):
            add_alike(group, cells)
    found = forward(built, staging, regions, needed, kept, cells)
    ends = {
        value: ir.Value((1 << 21) + n)
        for n, value in enumerate(seeds)
        if not kept.restored.isdisjoint(shown_cells(value, built, facts, cells))
    }
    built.hints.update({end: f"{value.name}_end" for value, end in ends.items()})
    ended(found, ends, staging.lines[-1] if staging.lines else None)
    namer = Namer(built, staging, reserved)
    namer.lists = {stack.name: stack.value for stack in kept.stacks}
    namer.shapes = kept.shapes
    if regions.of or cells.cells or _has_updates(found.lines):
        parameters = [*(p.value for p in built.parameters), *came_in.values()]
        typed = [v for v in inputs if facts[v].scalar and facts[v].array]
        share = Share(resolver, found, made, parameters, seeds, inputs, zero, regions, cells, typed)
        namer.same = share.names()
    paper = Paper(
        built,
        facts,
        selection,
        staging,
        resolver,
        namer,
        found.lines,
        found.bodies,
        {},
        made,
        zero,
        copied,
        regions,
        cells,
        kept.restored,
        ends,
        written,
        came_in,
    )
    _name(paper)
    _number(paper)
    held = {
        value
        for stack in kept.stacks
        if isinstance(stack.pushed, e.Primal)
        for value in (stack.pushed.value, stack.start)
        if value is not None
    }
    paper.sole = sole_of(built, facts, namer.names, held)
    return paper


def copied_on_entry(built: Built, facts: TypeFacts, selection: Selection) -> set[ir.Value]:
    """Return the parameters of which a public function writes into a copy, if it writes."""
    if selection.pair is not None:
        return set()
    kinds = {p.value: facts[p.value] for p in built.parameters if p.kind != "attribute"}
    return {v for v, kind in kinds.items() if kind.kind == "number" and not kind.scalar}


def _has_updates(lines: list[Line]) -> bool:
    return any(line.kind == "augment" for line in lines)


def _is_unnamed_array(statement: Statement, facts: TypeFacts) -> bool:
    target = statement.target
    is_made = statement.form == "=" and target is not None and target.name is None
    return is_made and target is not None and not facts[target].scalar


def lines_in(paper: Paper) -> Iterator[Line]:
    """Yield all forward lines, those in regions too, in order."""
    yield from _lines(paper.lines, paper)


def _read_outside(built: Built, facts: TypeFacts, selection: Selection) -> list[ir.Value]:
    """Return what is read besides the backward pass: what is returned, or its shape is."""
    outputs = [] if selection.is_jacobian else [r.value for r in selection.outputs]
    if selection.pair is not None:
        outputs = [r.value for r in built.returned]
    if selection.gives_value:
        return outputs
    # The backward pass takes an array for what all of the forward pass has made of it.
    stores = [o.result for o in ir.operations(built.function.body) if isinstance(o, ir.Store)]
    return [value for value in outputs if not facts[value].scalar] + stores


def _filled(backward: list[e.Expression], resolver: Resolver, cells: Cells) -> list[ir.Value]:
    """Return the lists that the backward pass reads as the forward pass has left them."""
    if not cells.lists:
        return []
    read = {v for part in backward for v in e.primals(resolver.lowered(part))}
    return [last for cell, last in cells.lists.items() if cell in read]


def _lines(lines: list[Line], paper: Paper) -> Iterator[Line]:
    for line in lines:
        yield line
        for body in paper.bodies.get(line, ()):
            yield from _lines(body, paper)


def _name(paper: Paper) -> None:
    namer, resolver = paper.namer, paper.resolver
    namer.reserved |= {p.name for p in paper.built.parameters}
    values = [v for line in lines_in(paper) for v in line.values()]
    values += _left_out(paper)
    namer.reserved |= {value.name for value in values if value.name}
    author = [p.value for p in paper.built.parameters]
    blank = _read_blanks(paper)
    author += [v for v in dict.fromkeys(values) if v.name and v not in author and v not in blank]
    known = set(author)
    author += [v for v, cell in paper.cells.cells.items() if cell in known and v not in known]
    namer.author_values(author)
    resolver.names = namer.names
    for value in paper.came_in.values():
        namer.own_value(value)
    namer.own_values(list(lines_in(paper)))
    targets = {v for g in groups_in(paper.nodes) if g.line is not None for v in g.line.values()}
    for value in _left_out(paper):
        is_given = value not in paper.built.spelling  # by a region
        is_read = value in targets or is_given  # by a comment, under a name
        if value in paper.staging.own or (value.name is None and is_read):
            namer.own_value(value)
    for mirror in mirrors_in(paper.nodes):
        if mirror.turn is not None:
            namer.own_value(mirror.turn)
    resolver.cotangents, resolver.locals = namer.cotangents, namer.locals
    for returned in paper.selection.outputs:
        namer.seed(returned.value)
    for parameter in paper.selection.inputs:
        namer.cotangent(parameter.value)
    for line in reversed(list(lines_in(paper))):
        for value in line.values():
            if value in paper.staging.named and line.kind != "move":
                namer.cotangent(value)
    _name_statements(paper)


def _name_statements(paper: Paper) -> None:
    namer = paper.namer
    for group in groups_in(paper.nodes):
        for statement in group.statements:
            if statement.form == "primal":
                assert statement.target is not None
                namer.own_value(statement.target)
            elif statement.target is not None:
                namer.cotangent(statement.target)
            if statement.name is not None:
                namer.local(statement.name)
            for node in statement.expression.leaves():
                if isinstance(node, e.Local):
                    namer.local(node)


def _left_out(paper: Paper) -> list[ir.Value]:
    """Return what is named in lines that are not printed, as nothing of theirs is needed.

    Their gradients are printed below a comment that shows the line.
    """
    printed = set(lines_in(paper))
    found: list[ir.Value] = []
    for group in groups_in(paper.nodes):
        line = group.line
        if line is not None and line not in printed:
            found += line.values()
            for part in (line.expression, line.detail, line.index):
                found += [] if part is None else e.primals(paper.resolver.lowered(part))
    return found


def _read_blanks(paper: Paper) -> set[ir.Value]:
    """Return the turns that the author calls `_` and a mirror reads: they get names."""
    turns = {mirror.turn for mirror in mirrors_in(paper.nodes) if mirror.turn is not None}
    parts = [part for g in groups_in(paper.nodes) for s in g.statements for part in s.parts()]
    parts += [mirror.header for mirror in mirrors_in(paper.nodes) if mirror.header is not None]
    read = {value for part in parts for value in e.primals(part)}
    return {turn for turn in turns & read if turn.name == "_"}


def _number(paper: Paper) -> None:
    grouped = {g.line for g in groups_in(paper.nodes) if g.line is not None and g.statements}
    number = 0
    for line in lines_in(paper):
        items = [
            inner
            for body in paper.staging.bodies.get(line, ())[:1]
            for inner in body
            if inner.kind == "item"
        ]
        if line in paper.numbers:
            continue
        inner = paper.bodies[line][0][-1:] if line.display else []
        only = [one for one in inner if one.operator == "append" and len(paper.bodies[line][0]) < 2]
        if line.exchange is not None and any(one in paper.numbers for one in line.exchange.lines):
            paper.numbers[line] = number  # it is the same line of the author
        elif any(one in grouped for one in (line, *items, *only)):
            number += 1
            for one in (line, *items, *only):
                paper.numbers[one] = number


def remark_text(group: Group) -> str:
    """Return what a gate adds to its comment: `, ties share`."""
    return "".join(f", {remark}" for remark in group.remarks)


def gates_used(built: Built) -> list[str]:
    """Return the names of the gates of a function, in order of first use."""
    found: dict[str, None] = {}
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.Gate) and operation.gate in GATES:
            found[operation.gate] = None
    return list(found)


def spelled(paper: Paper, expression: e.Expression) -> e.Expression:
    """Return an expression with all its leaves named."""
    return paper.resolver(expression)
