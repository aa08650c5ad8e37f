"""Which forward lines are kept, and the backward groups in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Built, Line
from codegen.simplify import sums
from codegen.simplify import terms as t
from codegen.stage.program import Contribution, LocalDefinition, Staging, Step
from codegen.stage.resolve import Resolver


def groups_of(staging: Staging, inputs: list[ir.Value]) -> list[tuple[Line, list[Step]]]:
    """Return the backward groups, last line first, each with its steps in reading order.

    Whole terms of one group for one name are added up to one step.
    """
    by_line: dict[Line, list[Step]] = defaultdict(list)
    for step in staging.steps:
        by_line[step.line].append(step)
    return [
        (line, _merged(sorted(by_line[line], key=lambda step: step.path), inputs))
        for line in reversed(staging.lines)
        if line in by_line
    ]


def _merged(steps: list[Step], inputs: list[ir.Value]) -> list[Step]:
    whole: dict[tuple[ir.Value, str], list[Contribution]] = defaultdict(list)
    for step in steps:
        if isinstance(step, Contribution) and step.mode in ("", "each"):
            whole[step.target, step.mode].append(step)
    result: list[Step] = []
    for step in steps:
        if isinstance(step, LocalDefinition) or step.mode not in ("", "each"):
            result.append(step)
            continue
        same = whole[step.target, step.mode]
        if step is place_of(same, steps):
            step.term = sums.add([s.term for s in same])
            if not (step.term.is_zero and step.target in inputs):  # `-x**2 + (-x)**2`
                result.append(step)
    return result


def place_of(parts: Sequence[Step], steps: Sequence[Step]) -> Step:
    """Return the first of a sum's parts that stands after all that the sum reads in its group."""
    read = {leaf for part in parts for leaf in _leaves(part)}
    last = -1
    for place, step in enumerate(steps):
        defined = step.name if isinstance(step, LocalDefinition) else step.target
        if defined in read and step not in parts:
            last = place
    return next((part for part in parts if steps.index(part) > last), parts[-1])


def _leaves(step: Step) -> Iterator[object]:
    for node in t.parts(step.term):
        if isinstance(node, e.Cotangent):
            yield node.value
        elif isinstance(node, e.Local):
            yield node


def needed_lines(
    built: Built,
    staging: Staging,
    resolver: Resolver,
    outputs: list[ir.Value],
    backward: list[e.Expression],
) -> list[Line]:
    """Return the forward lines that the value or the backward pass needs, in order.

    Lines with effects (print, assert, guards, random draws) are always kept.
    """
    needed: set[ir.Value] = set()
    stack: list[ir.Value] = list(outputs)

    def read(expression: e.Expression | None) -> None:
        if expression is not None:
            stack.extend(e.primals(resolver.lowered(expression)))

    for expression in backward:
        read(expression)
    drawn = {
        built.line_of[o] for o in built.line_of if isinstance(o, ir.Effect) and o.kind == "draw"
    }
    lines_of: dict[ir.Value, Line] = {}
    for line in staging.lines:
        for value in line.values():
            lines_of[value] = line
    kept: set[Line] = set()

    def keep(line: Line) -> None:
        if line in kept:
            return
        kept.add(line)
        for part in (line.expression, line.detail):
            if part is not None:
                stack.extend(v for v in e.primals(_inline(part, resolver)))

    for line in staging.lines:
        if line.kind not in ("assign", "augment") or (line in drawn and line.targets):
            keep(line)
    while stack:
        value = stack.pop()
        if value in needed:
            continue
        needed.add(value)
        owner = lines_of.get(value)
        if owner is not None:
            keep(owner)
    return [line for line in staging.lines if line in kept]


def _inline(expression: e.Expression, resolver: Resolver) -> e.Expression:
    return resolver.lowered(expression)
