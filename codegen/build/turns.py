"""A loop over known items that may be left early: its turns one after another, with flags.

    for w in (u, v):                stop = False
        if w > 1:                   if u > 1:
            break         ->            stop = True
        s += w                      else:
                                        s += u
                                    if not stop:
                                        if v > 1:
                                            stop = True
                                        else:
                                            s += v

The loop's `else` runs where the flag is not set.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from codegen.build.exits import Flags, NotFlat

if TYPE_CHECKING:
    from codegen.build.function import Builder


class Turn(ast.stmt):
    """The start of a turn: the loop's names are bound to its item."""

    def __init__(self, bind: Callable[[], None], at: ast.stmt) -> None:
        super().__init__()
        self.bind = bind
        ast.copy_location(self, at)


def with_flags(
    owner: Builder, node: ast.For, binds: list[Callable[[], None]]
) -> list[ast.stmt] | None:
    """Return the turns of a loop, its `else` and its returns; None where that cannot be done."""
    try:
        flags = Flags(owner, node, node.body)
        body = flags.body(node.body)
        ends = [kind for kind in flags.flags if kind is not ast.Continue]
        left = [flags.flags[kind] for kind in ends]
        first = [row for row in flags.first if row is not flags.skip]
        rows = first
        for place, bind in enumerate(binds):
            turn: list[ast.stmt] = [Turn(bind, node), *([flags.skip] if flags.skip else []), *body]
            flags.ours.append(turn[0])
            rows += turn if place == 0 or not left else [flags.unless(left, turn, node)]
    except NotFlat:
        return None
    if ast.Return in flags.flags:
        rows.append(flags.exit_of(ast.Return))
    if node.orelse:
        broken = [flags.flags[ast.Break]] if ast.Break in flags.flags else []
        rows += [flags.unless(broken, node.orelse, node)] if broken else node.orelse
    flags.settle()
    return rows
