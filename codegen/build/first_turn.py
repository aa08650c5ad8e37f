"""Which names the first turn of a loop surely binds: they have a value behind it.

`for _ in range(100): new = step(x) ...` and then `return new`: there is a first turn, and nothing
leaves it before `new` has a value.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

CONTAINERS = (ast.Tuple, ast.List, ast.Dict, ast.ListComp, ast.DictComp, ast.Lambda)


def surely_bound(
    node: ast.For | ast.While, leaves: Callable[[ast.stmt], bool]
) -> tuple[str, ...]:
    """Return the names that a loop binds in its first turn, which it surely has, in order.

    `leaves` tells statements that may leave the turn. A name is none that is read before.

    >>> loop = ast.parse("for i in range(3): a = i; b = c = a + b; break").body[0]
    >>> surely_bound(loop, lambda one: isinstance(one, ast.Break))
    ('a', 'c')
    """
    if not _has_a_turn(node):
        return ()
    found: dict[str, None] = {}
    read: set[str] = set()
    for statement in node.body:
        if leaves(statement):
            break
        read |= read_in([statement])
        if isinstance(statement, ast.Assign) and not isinstance(statement.value, CONTAINERS):
            targets = [t for t in statement.targets if isinstance(t, ast.Name)]
            found |= {target.id: None for target in targets if target.id not in read}
    return tuple(found)


def read_in(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the names that statements read."""
    parts = (part for one in statements for part in ast.walk(one) if isinstance(part, ast.Name))
    updated = (
        one.target.id
        for statement in statements
        for one in ast.walk(statement)
        if isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name)
    )
    return {part.id for part in parts if isinstance(part.ctx, ast.Load)} | set(updated)


def _has_a_turn(node: ast.For | ast.While) -> bool:
    if isinstance(node, ast.While):
        return isinstance(node.test, ast.Constant) and node.test.value is True
    match node.iter:
        case ast.Call(ast.Name("range"), [*bounds], []):
            numbers = [one.value for one in bounds if isinstance(one, ast.Constant)]
            whole = [number for number in numbers if type(number) is int]
            return len(whole) == len(bounds) > 0 and len(range(*whole)) > 0
    return False
