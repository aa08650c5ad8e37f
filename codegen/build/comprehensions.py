"""Which turns a comprehension over known items has: `[w for row in rows for w in row if ...]`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen import ir

if TYPE_CHECKING:
    from codegen.build.containers import Comprehension, ContainerBuilder

Names = dict[str, ir.Value]


def turns(builder: ContainerBuilder, node: Comprehension) -> list[Names] | None:
    """Return what all names mean in each turn; None where a condition is settled by the run only.

    An iteration whose items are not known is refused.
    """
    owner = builder.owner
    outer = owner.scope.values
    rows = [dict(outer)]
    try:
        for part in node.generators:
            found: list[Names] = []
            for names in rows:
                owner.scope.values = names
                _check(builder, part)
                for item in builder.items(part.iter):
                    owner.scope.values = dict(names)
                    with builder.turn():
                        builder.bind(part.target, item)
                        kept = [owner.tests.settled(test) for test in part.ifs]
                    if None in kept:
                        return None
                    if all(kept):
                        found.append(owner.scope.values)
            rows = found
    finally:
        owner.scope.values = outer
    return rows


def has_known_turns(builder: ContainerBuilder, node: Comprehension) -> bool:
    """True if the text settles how many items there are; nothing is built."""
    first = node.generators[0]
    if len(node.generators) == 1 and (not first.ifs or not builder.is_known(first.iter)):
        return builder.is_known(first.iter)
    from codegen.build.function import Refused

    owner = builder.owner
    made, pending, told = len(owner.block.operations), owner.pending, len(owner.problems.found)
    try:
        return turns(builder, node) is not None
    except Refused:
        return False
    finally:
        del owner.block.operations[made:], owner.problems.found[told:]
        owner.pending = pending


def _check(builder: ContainerBuilder, part: ast.comprehension) -> None:
    if part.is_async:
        builder.owner.refuse(
            part.iter, "construct", "an asynchronous comprehension is not supported",
            "leave out `async`",
        )
    if not builder.is_known(part.iter):
        builder.owner.refuse(
            part.iter, "construct",
            "a comprehension over something of unknown length is not supported yet",
            "write it with whole arrays: np.sum, @, np.where; or fill an array in a loop",
        )
