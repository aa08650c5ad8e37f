"""Sums of a slice of a list and another list, item by item.

    dA[:j] = [a + b for a, b in zip(dA[:j], row)]       more = row
    dA[j:] = [a + b for a, b in zip(dA[j:], row)]       for n in range(j):
                                                            dA[n] += more[n]
                                                        more = row
                                                        for n in range(j, len(dA)):
                                                            dA[n] += more[n - j]

Both do the same if `row` is as long as the slice, or longer; if it is shorter, the loops raise. The
bound of a slice must not be negative: it is what a loop counts, and more.
"""

from __future__ import annotations

import ast
import copy

from codegen.nodes import nodes_of

LOAD, STORE = ast.Load(), ast.Store()


def by_item(
    body: list[ast.stmt], taken: set[str], counted: frozenset[str] = frozenset()
) -> list[ast.stmt]:
    """Return statements with loops for such sums; `taken` are names that are not free.

    `counted` are names that are not negative.
    """
    found: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.If | ast.For | ast.While):
            inner = by_item(node.body, taken, counted | _counts(node))
            other = by_item(node.orelse, taken, counted)
            is_same = inner == node.body and other == node.orelse
            found.append(node if is_same else _with(node, inner, other))
        else:
            found += _loop(node, taken, counted) or [node]
    return found


def _with(
    node: ast.If | ast.For | ast.While, body: list[ast.stmt], orelse: list[ast.stmt]
) -> ast.stmt:
    made = copy.copy(node)
    made.body, made.orelse = body, orelse
    return made


def _counts(node: ast.stmt) -> frozenset[str]:
    """Return the name that a loop counts with, up from 0 or down to 0, if nothing else sets it."""
    match node:
        case ast.For(ast.Name(name), ast.Call(ast.Name("range"), parts, []), body):
            assigned = [p for s in body for p in nodes_of(s) if isinstance(p, ast.Name)]
            if any(p.id == name and isinstance(p.ctx, ast.Store) for p in assigned):
                return frozenset()
            match parts:
                case [_] | [
                    _,
                    ast.UnaryOp(ast.USub(), ast.Constant(1)),
                    ast.UnaryOp(ast.USub(), _),
                ]:
                    return frozenset([name])
    return frozenset()


def _is_counted(node: ast.expr, counted: frozenset[str]) -> bool:
    """True for a number that is not negative: `j`, `j + 1`, `2`."""
    match node:
        case ast.Name(name):
            return name in counted
        case ast.Constant(int() as number):
            return number >= 0
        case ast.BinOp(left, ast.Add(), right):
            return _is_counted(left, counted) and _is_counted(right, counted)
    return False


def _loop(node: ast.stmt, taken: set[str], counted: frozenset[str]) -> list[ast.stmt]:
    """Return the loop for one such sum."""
    match node:
        case ast.Assign(
            [ast.Subscript(whole, ast.Slice(lower, upper, None) as part)],
            ast.ListComp(
                ast.BinOp(ast.Name(one), ast.Add(), ast.Name(other)),
                [
                    ast.comprehension(
                        ast.Tuple([ast.Name(first), ast.Name(second)]),
                        ast.Call(ast.Name("zip"), [ast.Subscript() as read, row], []),
                        [],
                    )
                ],
            ),
        ) if (one, other) == (first, second) and (lower is None) != (upper is None):
            bound = lower if lower is not None else upper
        case _:
            return []
    same = [ast.dump(read.value), ast.dump(read.slice)] == [ast.dump(whole), ast.dump(part)]
    if not same or bound is None or not _is_counted(bound, counted):
        return []
    place, more = _free("n", taken), _free("more", taken)
    at: ast.expr = ast.Name(place, LOAD)
    ends = [bound]
    if lower is not None:
        ends.append(ast.Call(ast.Name("len", LOAD), [whole], []))
        at = ast.BinOp(at, ast.Sub(), bound)
    add = ast.AugAssign(
        ast.Subscript(whole, ast.Name(place, LOAD), STORE),
        ast.Add(),
        ast.Subscript(ast.Name(more, LOAD), at, LOAD),
    )
    numbers = ast.Call(ast.Name("range", LOAD), ends, [])
    made: list[ast.stmt] = [
        ast.Assign([ast.Name(more, STORE)], row),
        ast.For(ast.Name(place, STORE), numbers, [add], []),
    ]
    for statement in made:
        for one_part in ast.walk(statement):
            if not hasattr(one_part, "lineno"):
                ast.copy_location(one_part, node)
        ast.fix_missing_locations(statement)
    return [copy.deepcopy(statement) for statement in made]


def _free(word: str, taken: set[str]) -> str:
    name, number = word, 1
    while name in taken:
        name, number = f"{word}_{number}", number + 1
    taken.add(name)
    return name
