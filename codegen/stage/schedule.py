"""The backward groups in order, those of regions in mirrors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Line
from codegen.simplify import sums
from codegen.simplify import terms as t
from codegen.stage.program import (
    Contribution,
    LocalDefinition,
    Mirror,
    Move,
    Node,
    Staging,
    Step,
    Steps,
    Write,
    Zero,
)


def nodes_of(staging: Staging, inputs: list[ir.Value]) -> list[Node]:
    """Return the backward steps, last line first, each group in reading order.

    Whole terms of one group for one name are added up to one step.
    """
    by_line: dict[Line, list[Step]] = defaultdict(list)
    for step in staging.steps:
        assert not isinstance(step, Move | Zero)
        assert step.line.operation is None, "a header has no group of its own"
        by_line[step.line].append(step)
    return _Nodes(staging, by_line, inputs).block(staging.lines)


class _Nodes:
    def __init__(
        self,
        staging: Staging,
        by_line: dict[Line, list[Step]],
        inputs: list[ir.Value],
    ) -> None:
        self.staging = staging
        self.by_line = by_line
        self.inputs = inputs
        self.inside = {line for bodies in staging.bodies.values() for b in bodies for line in b}
        self.loops = 0  # how many are around

    def block(self, lines: list[Line]) -> list[Node]:
        """Return the nodes of one region's lines."""
        found: list[Node] = []
        for line in reversed(lines):
            if line.operation is not None:
                found += self._region(line, line.operation)
            elif line in self.by_line:
                found.append(self._steps(line, line))
        return found

    def _region(self, line: Line, operation: ir.Operation) -> list[Node]:
        bodies = []
        is_loop = not isinstance(operation, ir.If)
        self.loops += is_loop
        for number, body in enumerate(self.staging.bodies[line]):
            nodes = [*self._edge(line, f"start {number}"), *self.block(body)]
            bodies.append(nodes + self._edge(line, "end"))
        self.loops -= is_loop
        if not any(bodies):
            return []
        on = [not ir.is_dead(block) for block in operation.blocks()]
        if on.count(True) == 1 and not is_loop and not self.loops:
            # The other path has raised. (In a loop, what a turn has kept comes back by arms.)
            return [*bodies[on.index(True)], *self._edge(line, "behind")]
        mirror = Mirror(line, operation, bodies)
        return [mirror, *self._edge(line, "behind")]

    def _edge(self, line: Line, place: str) -> list[Node]:
        edge = self.staging.edges.get((line, place))
        if edge is None:
            return []
        moves = self.staging.moves.get(edge, [])
        found = self._steps(edge, None)
        found.steps += moves
        return [found] if found.steps else []

    def _steps(self, line: Line, shown: Line | None) -> Steps:
        steps = _merged(sorted(self.by_line.get(line, []), key=_path), self.inputs)
        return Steps(shown, self._own_name_last(steps) if line in self.inside else steps)

    def _own_name_last(self, steps: list[Step]) -> list[Step]:
        """Put what may take over a name behind the last read of what has it now.

        In `x = 0.5 * (x + a / x)` the x before gets its cotangent when the x behind is read out.
        """
        for step in list(steps):
            if not isinstance(step, Contribution) or step.mode or step.target.name is None:
                continue
            later = [leaf for other in steps[steps.index(step) + 1 :] for leaf in _leaves(other)]
            if any(
                isinstance(leaf, ir.Value)
                and leaf is not step.target
                and leaf.name == step.target.name
                for leaf in later
            ):
                steps.remove(step)
                steps.append(step)
        return steps


def _path(step: Step) -> tuple[int, ...]:
    assert not isinstance(step, Move | Zero)
    return step.path


def _merged(steps: list[Step], inputs: list[ir.Value]) -> list[Step]:
    whole: dict[tuple[ir.Value, str], list[Contribution]] = defaultdict(list)
    for step in steps:
        if isinstance(step, Contribution) and step.mode in ("", "each"):
            whole[step.target, step.mode].append(step)
    result: list[Step] = []
    for step in steps:
        if not isinstance(step, Contribution) or step.mode not in ("", "each"):
            result.append(step)
            continue
        same = whole[step.target, step.mode]
        if len(same) == 1 and not step.term.is_zero:
            result.append(step)
        elif step is place_of(same, steps):
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
    if isinstance(step, Write):
        yield step.target
    if not isinstance(step, Contribution | LocalDefinition):
        return
    for node in t.leaves(step.term):
        if isinstance(node, e.Cotangent):
            yield node.value
        elif isinstance(node, e.Local):
            yield node
