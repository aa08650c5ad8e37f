"""Arrays that change their names, `a, b = b, a`, where both are written into.

To all that comes behind, their contents change places: one array keeps one name. On paper it is the
author's line again, which changes the names (`codegen/text/exchange.py`).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen.build.lines import Exchange
from codegen.build.returns import has_value

if TYPE_CHECKING:
    from codegen.build.function import Builder


def exchanged_names(targets: list[ast.expr], value: ast.expr) -> list[str] | None:
    """Return names in the order of a cycle: each one takes over what the next one was.

    None for anything but one cycle, as `a, b, c = b, c, a` is.
    """
    match targets, value:
        case [ast.Tuple(left)], ast.Tuple(right) if len(left) == len(right) > 1:
            pairs = [
                (one.id, other.id)
                for one, other in zip(left, right, strict=True)
                if isinstance(one, ast.Name) and isinstance(other, ast.Name)
            ]
        case _:
            return None
    taken = dict(pairs)
    if len(taken) < len(left) or set(taken) != set(taken.values()):
        return None
    cycle = [pairs[0][0]]
    while taken[cycle[-1]] != cycle[0]:
        cycle.append(taken[cycle[-1]])
    return cycle if len(cycle) == len(taken) else None


def exchange(owner: Builder, node: ast.Assign) -> bool:
    """Build an exchange of arrays that is asked for; False if this is none."""
    names = exchanged_names(node.targets, node.value)
    target = node.targets[0]
    if names is None or not isinstance(target, ast.Tuple):
        return False
    if not all(one in owner.followed for one in target.elts):
        return False
    values = owner.scope.values
    arrays = [values[name] for name in names if name in values]
    held = list(values.values())
    if len(arrays) < len(names) or any(held.count(array) > 1 for array in arrays):
        return False
    owner.has_inlined = True
    read = ast.copy_location(ast.Name(names[0], ast.Load()), node)
    copied = ast.Call(ast.copy_location(ast.Attribute(read, "copy", ast.Load()), node), [], [])
    spare = owner.expressions.value(ast.copy_location(copied, node))
    spare = owner.own_line(node, "spare", spare)
    lines = [owner.lines[-1]]
    for place, name in enumerate(names, start=1):
        value = spare if place == len(names) else owner.scope.values[names[place]]
        base = ast.copy_location(ast.Name(name, ast.Load()), node)
        index = ast.copy_location(ast.Constant(value=...), node)
        owner.stores.store(node, base, index, value, "", verbatim=False)
        lines.append(owner.lines[-1])
    made = Exchange(lines, tuple(arrays), owner.frame.handed)
    owner.built.exchanged.append(made)
    for line in lines:
        line.exchange = made
    for line in lines[2:]:
        line.comment, line.above = None, ()
    return True


def check_exchanges(owner: Builder) -> None:
    """Refuse an exchange that would be seen: who gave the arrays knows them by names of his own."""
    given = {parameter.value for parameter in owner.built.parameters}
    for made in owner.built.exchanged:
        origins = {o for array in made.arrays for o in owner.stores.origins(array)}
        is_handed = bool(origins & made.handed)
        if not is_handed and (not origins & given or has_value(owner.built.node)):
            continue
        names = " and ".join(f"`{array.name}`" for array in made.arrays)
        what = "given to a function that lets them" if is_handed else "the caller's, and"
        owner.problems.add(
            "store",
            f"{names} are {what} change their names: which of them is written into is not known",
            made.lines[-1].span,
            "make the arrays in this function: .copy(), np.zeros_like(...)",
        )
        return
