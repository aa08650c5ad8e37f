"""Gradients that begin with zeros on every path begin before the paths part.

    if n == 0:                              dc = np.zeros_like(c)
        dc = np.zeros_like(c)               if n == 0:
        dc[0] = d                    ->         dc[0] = d
    else:                                   else:
        dc = np.zeros_like(c)                   dc[1:] = d
        dc[1:] = d

So what is written into is one array.
"""

from __future__ import annotations

import ast
import copy

from codegen.nodes import assigned_names, nodes_of

MAKING = ("zeros_like", "len")
PARTS = (
    *(ast.Name, ast.Attribute, ast.Call, ast.Constant, ast.BinOp, ast.Mult, ast.List),
    *(ast.ListComp, ast.comprehension, ast.Load, ast.Store),
)


def hoisted(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return statements in which what both arms of an `if` make alike is made before it."""
    found: list[ast.stmt] = []
    for node in body:
        if not isinstance(node, ast.If) or not node.orelse:
            found.append(node)
            continue
        then, otherwise = hoisted(node.body), hoisted(node.orelse)
        alike = [
            (one, other)
            for one in then
            for other in otherwise
            if _is_zeros(one) and ast.dump(one) == ast.dump(other)
        ]
        alike = [
            (one, other)
            for one, other in alike
            if _is_free(one, then, node) and _is_free(other, otherwise, node)
        ]
        before = [one for one, _ in alike]
        gone = {id(part) for pair in alike for part in pair}
        if not before and then == node.body and otherwise == node.orelse:
            found.append(node)
            continue
        made = copy.copy(node)
        made.body = [s for s in then if id(s) not in gone] or [_nothing(node)]
        made.orelse = [s for s in otherwise if id(s) not in gone]
        found += [*before, made]
    return found


def _nothing(node: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Pass(), node)


def _is_zeros(node: ast.stmt) -> bool:
    """True for `dA = np.zeros_like(A)`, and for a list of zeros."""
    match node:
        case ast.Assign([ast.Name()], ast.Call() | ast.ListComp() as value):
            parts = nodes_of(value)
            calls = [part.func for part in parts if isinstance(part, ast.Call)]
            words = [
                f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in calls
            ]
            return all(isinstance(part, PARTS) for part in parts) and set(words) <= set(MAKING)
    return False


def _is_free(node: ast.stmt, arm: list[ast.stmt], whole: ast.If) -> bool:
    """True if a statement may as well stand before the `if`."""
    assert isinstance(node, ast.Assign)
    (target,) = node.targets
    assert isinstance(target, ast.Name)
    names = [part for part in nodes_of(node.value) if isinstance(part, ast.Name)]
    own = {part.id for part in names if isinstance(part.ctx, ast.Store)}
    read = {part.id for part in names} - own
    earlier = arm[: arm.index(node)]
    used = {p.id for s in [*earlier, whole.test] for p in nodes_of(s) if isinstance(p, ast.Name)}
    changed = assigned_names([*whole.body, *whole.orelse]) - own
    return target.id not in used and not (read & changed)
