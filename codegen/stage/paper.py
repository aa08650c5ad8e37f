"""A function from IR to statements: the staging passes in order."""

from __future__ import annotations

from dataclasses import dataclass

from codegen import expressions as e
from codegen import ir
from codegen.analyses.activity import useful, varied
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, Line
from codegen.gates.declare import GATES
from codegen.select import Selection
from codegen.stage import lists, own
from codegen.stage.fold import fold
from codegen.stage.name import Namer
from codegen.stage.program import Staging
from codegen.stage.resolve import Resolver
from codegen.stage.schedule import groups_of, needed_lines
from codegen.stage.statements import Group, Statement
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
    numbers: dict[Line, int]
    groups: list[Group]
    zeros: list[Statement]
    copied: set[ir.Value]


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
    staging = fold(built, facts, active, set(inputs), seeds)
    resolver = Resolver(
        built, facts, Witnesses(facts, staging.staged, staging.arms), staging.chosen
    )
    total = lists.item_counts(staging)
    groups = [
        (line, lists.joined(steps, total, facts, resolver))
        for line, steps in groups_of(staging, inputs)
    ]
    made, copied = own.statements(groups, facts, seeds, inputs, staging)
    zero = [
        Statement("=", value, own.zeros(value, facts))
        for value in inputs
        if value not in seeds and not any(s.target is value for g in made for s in g.statements)
    ]
    backward = [
        part for g in made for s in g.statements for part in (s.expression, s.index, s.test) if part
    ]
    backward += [s.expression for s in zero]
    lines = needed_lines(built, staging, resolver, seeds, backward)
    namer = Namer(built, staging, reserved)
    paper = Paper(built, facts, selection, staging, resolver, namer, lines, {}, made, zero, copied)
    _name(paper)
    _number(paper)
    return paper


def _name(paper: Paper) -> None:
    namer, resolver = paper.namer, paper.resolver
    namer.reserved |= {p.name for p in paper.built.parameters}
    namer.reserved |= {line_value.name for line_value in _author_values(paper) if line_value.name}
    author = [p.value for p in paper.built.parameters]
    author += [v for v in _author_values(paper) if v not in author]
    namer.author_values(author)
    resolver.names = namer.names
    namer.own_values(paper.lines)
    resolver.cotangents, resolver.locals = namer.cotangents, namer.locals
    for returned in paper.selection.outputs:
        namer.seed(returned.value)
    for parameter in paper.selection.inputs:
        namer.cotangent(parameter.value)
    for line in reversed(paper.lines):
        for value in line.values():
            if value in paper.staging.named:
                namer.cotangent(value)
    for group in paper.groups:
        for statement in group.statements:
            if statement.target is not None:
                namer.cotangent(statement.target)
            if statement.name is not None:
                namer.local(statement.name)
            for node in e.walk(statement.expression):
                if isinstance(node, e.Local):
                    namer.local(node)


def _author_values(paper: Paper) -> list[ir.Value]:
    return [v for line in paper.lines for v in line.values() if v.name is not None]


def _number(paper: Paper) -> None:
    grouped = {group.line for group in paper.groups if group.statements}
    number = 0
    for line in paper.lines:
        if line in grouped:
            number += 1
            paper.numbers[line] = number


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
