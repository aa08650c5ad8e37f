"""Which contribution to a cotangent is the first on its path, and where zeros must stand.

Behind an `if` a cotangent has begun on both paths or on none; before a loop everything has begun
that outlives a turn.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from codegen import expressions as e
from codegen import ir
from codegen.analyses.regions import Regions
from codegen.simplify import terms as t
from codegen.stage.program import (
    Contribution,
    LocalDefinition,
    Mirror,
    Move,
    Node,
    Restore,
    Step,
    Steps,
    Write,
    Zero,
)


def touch(
    nodes: list[Node],
    started: set[ir.Value],
    regions: Regions,
    lists: Container[ir.Value] = (),
) -> list[Node]:
    """Return the nodes with zeros added; `first` is set on contributions. `started` grows.

    `lists` have a cotangent as long as they are: it begins where the reverse first meets them.
    """
    result: list[Node] = []
    for node in nodes:
        if isinstance(node, Steps):
            _steps(node, started, lists)
            result.append(node)
        elif isinstance(node.operation, ir.If):
            _choice(node, started, regions, lists)
            result.append(node)
        else:
            zeros = [
                target
                for target in dict.fromkeys(_targets(node))
                if target not in started and not regions.is_in(target, node.operation)
            ]
            if zeros:
                zeros.sort(key=lambda value: value.number)
                result.append(Steps(None, [Zero(target) for target in zeros]))
                started.update(zeros)
            node.bodies = [touch(body, set(started), regions, lists) for body in node.bodies]
            result.append(node)
    return result


def _steps(node: Steps, started: set[ir.Value], lists: Container[ir.Value]) -> None:
    steps: list[Step] = []
    for step in node.steps:
        if isinstance(step, LocalDefinition | Restore):
            steps.append(step)
            continue
        missing = _parts_read(step) - started
        if isinstance(step, Contribution) and step.mode == "push" and step.target not in started:
            missing.add(step.target)
        if isinstance(step, Write) and step.target not in started:
            if step.target not in lists:
                continue  # nothing has arrived that could be cleared
            missing.add(step.target)
        steps += [Zero(target) for target in sorted(missing, key=lambda value: value.number)]
        started |= missing
        steps.append(step)
        if isinstance(step, Contribution):
            step.first = step.target not in started
        if isinstance(step, Move) and step.source not in started:
            step.source_is_zero = True
        started.add(step.target)
    node.steps = steps


def _parts_read(step: Step) -> set[ir.Value]:
    """Return the cells of whose cotangents a step reads a part."""
    if not isinstance(step, Contribution):
        return set()
    return {
        node.base.value
        for node in t.parts(step.term)
        if isinstance(node, e.Subscript | e.Attribute)
        if isinstance(node.base, e.Cotangent) and _is_part(node)
    }


def _is_part(node: e.Subscript | e.Attribute) -> bool:
    """True for `dA[i]`, and for `dhs.pop`."""
    return isinstance(node, e.Subscript) or node.name == "pop"


def _choice(
    node: Mirror, started: set[ir.Value], regions: Regions, lists: Container[ir.Value]
) -> None:
    """Begin on both paths what begins on one."""
    dead = [ir.is_dead(block) for block in node.operation.blocks()]
    begun: list[set[ir.Value]] = []
    for number, body in enumerate(node.bodies):
        own = set(started)
        node.bodies[number] = touch(body, own, regions, lists)
        begun.append(own - started)
    outer = {v for own in begun for v in own if not regions.is_in(v, node.operation)}
    for number, own in enumerate(begun):
        missing = sorted(outer - own, key=lambda value: value.number)
        if missing and not dead[number]:
            node.bodies[number].append(Steps(None, [Zero(value) for value in missing]))
    started |= outer


def _targets(node: Node) -> Iterator[ir.Value]:
    if isinstance(node, Steps):
        for step in node.steps:
            if not isinstance(step, LocalDefinition | Restore):
                yield step.target
                yield from sorted(_parts_read(step), key=lambda value: value.number)
        return
    for body in node.bodies:
        for inner in body:
            yield from _targets(inner)
