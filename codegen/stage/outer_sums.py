"""The outer products that make up a matrix's gradient, as one product of two matrices.

`dA = np.outer(u, v)` and, behind it, `dA += np.outer(w, z)` write the matrix twice, and one more
beside it. `dA = np.vstack((u, w)).T @ np.vstack((v, z))` is the same sum, written once.
"""

from __future__ import annotations

from dataclasses import dataclass

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.simplify import terms as t
from codegen.stage.program import Contribution, LocalDefinition, Node, Step, Steps

Pairs = list[tuple[e.Expression, e.Expression]]


@dataclass
class Open:
    """A cotangent that is outer products so far, and the step that gives them."""

    step: Contribution
    group: Steps
    pairs: Pairs


def add_up(nodes: list[Node], cells: Cells) -> None:
    """Join outer products for one name in place, outside of loops and branches."""
    waiting: dict[ir.Value, Open] = {}
    for node in nodes:
        if not isinstance(node, Steps):
            waiting.clear()
            continue
        for step in list(node.steps):
            read = _read(step)
            for target in [target for target in waiting if target in read]:
                del waiting[target]
            if isinstance(step, LocalDefinition):
                continue
            before = waiting.pop(step.target, None)
            pairs = _pairs(step, cells)
            if pairs is None:
                continue
            assert isinstance(step, Contribution)
            now = Open(step, node, pairs)
            if before is not None and len(before.group.steps) > 1:
                now.pairs = [*before.pairs, *pairs]
                step.term = _product(now.pairs, step.term)
                before.group.steps.remove(before.step)
            waiting[step.target] = now


def _pairs(step: Step, cells: Cells) -> Pairs | None:
    """Return the vectors of a whole outer product that may as well be computed later."""
    if not isinstance(step, Contribution) or step.mode or step.target in cells.cells:
        return None
    match step.term:
        case t.Term(1, (t.Factor(e.Call(e.Library("numpy.outer"), (left, right), ()), 1),), _, ()):
            pass
        case _:
            return None
    for node in (*e.walk(left), *e.walk(right)):
        if isinstance(node, e.Local):
            return None
        if isinstance(node, e.Primal | e.Cotangent) and cells.shown(node.value) is not None:
            return None  # an array that may hold something else by then
    return [(left, right)]


def _read(step: Step) -> set[ir.Value]:
    """Return the cotangents that a step reads."""
    term = step.term if isinstance(step, Contribution | LocalDefinition) else None
    found = {n.value for n in t.leaves(term) if isinstance(n, e.Cotangent)} if term else set()
    return found if isinstance(step, Contribution | LocalDefinition) else {*found, _target(step)}


def _target(step: Step) -> ir.Value:
    assert not isinstance(step, LocalDefinition)
    return step.target


def _product(pairs: Pairs, like: t.Term) -> t.Term:
    left, right = (
        e.call("numpy.vstack", e.Sequence("tuple", tuple(side)))
        for side in zip(*pairs, strict=True)
    )
    return t.of(e.Binary("@", e.Attribute(left, "T"), right), like.shape)
